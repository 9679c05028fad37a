"""`nianbao merge` and `verify`: nothing that was kept is lost."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nianbao import terminal
from nianbao.exits import Exit
from nianbao.options import ARCHIVE, CORES, Db, Jobs, Json


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

    Example: [bold]nianbao merge worker-1.db worker-2.db --db data/archive.db[/bold]
    """
    from nianbao import steps

    done = steps.merge(db, archives)
    new = steps.read(db, jobs=jobs) if read else None
    if json:
        terminal.show_json({**asdict(done), **({} if new is None else {"read": asdict(new)})})
    else:
        counts = f"{done.captures} new captures, {done.blobs} blobs, {done.fetches} fetches"
        terminal.say(f"{db}: {done.archives} archives joined; {counts}, {done.requests} requests")
        if new is not None:
            terminal.say(f"{new.read} captures read: {new.versions} new versions, {new.figures} figures")
    return Exit.OK


def verify(db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Check the whole archive: every blob against its SHA-256, the file, and that no answer is lost.

    Example: [bold]nianbao verify --db data/demo/archive.db[/bold]
    """
    from archive.store import Archive

    with Archive.read_only(db) as archive:
        problems = list(archive.verify())
        (blobs,) = archive.db.execute("select count(*) from blob").fetchone()
    if json:
        terminal.show_json({"blobs": blobs, "problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            terminal.say(f"{problem.where}: {problem.what}")
        terminal.say(f"{blobs} blobs checked, {len(problems)} problems")
    return Exit.DAMAGED if problems else Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(merge)
    app.command()(verify)
