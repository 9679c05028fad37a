"""`nianbao merge`, `verify` and `backup`: nothing that was kept is lost."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import ARCHIVE, CORES, Db, Jobs, Json


def merge(
    archives: Annotated[
        list[Path], typer.Argument(metavar="ARCHIVE...", help="The archives to join; they are only read.")
    ],
    db: Db = ARCHIVE,
    read: Annotated[
        bool,
        typer.Option("--read/--no-read", help="Read the new captures at the end, as `nianbao read` does."),
    ] = True,
    jobs: Jobs = CORES,
    json: Json = False,
) -> Exit:
    """Join archives into the one of --db, in any order and as often as you like: the result is the same.

    The archive at --db is made when it is not there. A merge that was stopped is run again. What is not sound in
    them is refused and named, the rest is joined, and the exit code is 1 (docs/backup.md).

    Example: [bold]nianbao merge worker-1.db worker-2.db --db data/archive.db[/bold]
    """
    from nianbao import keeping as room
    from nianbao import steps

    done = steps.merge(db, archives)
    new = steps.read(db, jobs=jobs) if read else None
    if json:
        terminal.show_json({**asdict(done), **({} if new is None else {"read": asdict(new)})})
    else:
        room.show_merged(db, done)
        if new is not None:
            terminal.say(f"{new.read} captures read: {new.versions} new versions, {new.figures} figures")
    return Exit.WRONG if done.refused else Exit.OK


def verify(
    part: Annotated[
        str,
        typer.Option(
            "--part",
            metavar="N/OF",
            help="Only this part: 1/30 to 30/30 check all in thirty nights; 1/1 is all at once.",
        ),
    ] = "1/1",
    restore: Annotated[
        Path | None,
        typer.Option("--restore", help="Take what is damaged from this archive, and check again."),
    ] = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Check every blob against its SHA-256, every id and reference, the views, and the file itself.

    Example: [bold]nianbao verify --part 1/30[/bold]

    What is damaged is named, and the exit code is 8. With [bold]--restore copy.db[/bold] it is taken from a copy.
    """
    from nianbao import keeping as room

    found = room.verify(db, part, restore)
    if json:
        terminal.show_json(found.as_json())
    else:
        room.show(found)
    return Exit.DAMAGED if found.problems else Exit.OK


def backup(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Where the copy goes; an older copy is replaced.")
    ],
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Copy the archive as it is now, also while a night writes to it. docs/backup.md says how to restore it.

    Example: [bold]nianbao backup /mnt/copies/archive.db[/bold]
    """
    from nianbao import steps

    size = steps.backup(db, out)
    if json:
        terminal.show_json({"path": str(out), "bytes": size})
    else:
        terminal.say(f"{out}: {size} bytes; check it with nianbao verify --db {out}")
    return Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(merge)
    app.command()(verify)
    app.command()(backup)
