"""`nianbao night` and `nianbao status`: what runs by itself, and how it is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import (
    ARCHIVE,
    CORES,
    PUBLIC,
    Cluster,
    Db,
    Jobs,
    Json,
    Out,
    SettingsFile,
    Shards,
    Spending,
    Wanted,
    grouped,
    words,
)


def night(
    wanted: Wanted,
    spending: Spending,
    settings: SettingsFile = None,
    reports: Annotated[
        Path | None,
        typer.Option("--reports", help="The folder of the reports, instead of nights beside the archive."),
    ] = None,
    cluster: Cluster = None,
    shards: Shards = None,
    out: Out = PUBLIC,
    jobs: Jobs = CORES,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Crawl, read, look for what is wrong, publish if nothing speaks against it, verify a part, and report.

    Only one night runs at a time; one that was cut short is gone on with. What each alarm means: docs/night.md.

    Exit code 0: nothing needs a person. 1: something does. 5: no room on the disk. 6: another night is running.
    8: the archive is damaged. 9: hosts turned us away. 10: nothing was published, readers see the last release.

    Example: [bold]nianbao night --db /var/lib/nianbao/archive.db --out /srv/nianbao --until 06:00[/bold]
    """
    from nianbao.nightly import morning
    from nianbao.nightly import night as room
    from nianbao.nightly.budgets import budget
    from nianbao.nightly.plan import Plan
    from nianbao.settings import settings as read_settings

    found = read_settings(settings)
    given = {name: value for name, value in asdict(spending).items() if value is not None}
    plan = Plan(
        db,
        out,
        [*wanted.words(), *words({"--cluster": cluster, "--shards": shards})],
        " ".join(words({"--source": wanted.source, "--host": wanted.host, "--part": wanted.part})),
        jobs,
        budget(**{**asdict(found.night), **given}),
        found,
        reports,
        cluster,
    )
    done = room.night(plan)
    if json:
        terminal.show_json(done.as_json())
    else:
        morning.show(done)
    return done.code


def status(
    everything: Annotated[
        bool, typer.Option("--all", help="Also fetches by outcome, the queue, readings and coverage.")
    ] = False,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Say in ten lines whether all is well, what needs a person, and since when.

    Example: [bold]nianbao status --db data/demo/archive.db[/bold]
    """
    from archive.errors import translated
    from archive.store import Archive
    from nianbao.asking import status as room

    with Archive.open(db, create=False) as archive, translated(db):
        found = room.status(archive)
    if json:
        terminal.show_json(found)
        return Exit.OK
    room.show(found)
    if everything:
        room.show_all(found)
    return Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(grouped(night))
    app.command()(status)
