"""`nianbao history` and `diff`: what an archive holds of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nianbao.front import terminal
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import ARCHIVE, BodyName, Db, Json, Year


def history(body: BodyName, year: Year, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Show the versions of a report: when each was seen, what changed, and what else happened to it.

    Example: [bold]nianbao history 获嘉县人民政府办公室 2022[/bold]
    """
    from archive.store import Archive
    from nianbao.asking import history as room

    with Archive.read_only(db) as archive:
        found = room.history(archive.db, body, year)
    if json:
        terminal.show_json(found)
    else:
        room.show_history(found)
    return Exit.OK


def diff(
    body: BodyName,
    year: Year,
    v1: Annotated[int | None, typer.Argument(metavar="V1", help="The older version.")] = None,
    v2: Annotated[int | None, typer.Argument(metavar="V2", help="The newer version.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write it as one HTML file instead of printing it.")
    ] = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Show what changed between two versions of a report (the last two, if none is named), cell by cell.

    Each cell is told with its table, row and column, and whether the identities with it hold now; prose word by word.

    Example: [bold]nianbao diff 获嘉县人民政府办公室 2022 1 2 --html changed.html[/bold]
    """
    from archive.store import Archive
    from nianbao.asking import differences as room

    if (v1 is None) != (v2 is None):
        raise CommandError("diff takes two versions or none; name both V1 and V2", Exit.USAGE)
    with Archive.read_only(db) as archive:
        found = room.diff(archive.db, body, year, v1, v2)
    if html:
        room.write_html(found, html)
    if json:
        terminal.show_json([difference.as_json() for difference in found])
    elif html:
        terminal.say(str(html))
    else:
        room.show_diff(found)
    return Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(history)
    app.command()(diff)
