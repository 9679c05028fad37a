"""`nianbao night` and `nianbao status`: what runs by itself, and how it is."""

from __future__ import annotations

import typer

from nianbao import terminal
from nianbao.exits import Exit
from nianbao.options import (
    ARCHIVE,
    CORES,
    PUBLIC,
    AllowPrivate,
    Db,
    Delay,
    Host,
    Jobs,
    Json,
    Out,
    RecheckOption,
    Registry,
    SourceId,
)


def night(
    source: SourceId = None,
    host: Host = None,
    registry: Registry = None,
    delay: Delay = None,
    recheck: RecheckOption = "due",
    allow_private: AllowPrivate = False,
    out: Out = PUBLIC,
    jobs: Jobs = CORES,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Crawl, read, look for what is wrong, publish if nothing speaks against it, and report.

    Only one night runs at a time. Exit code 0 says that nothing is wrong; cron and systemd can rely on it.

    Example: [bold]nianbao night --db /var/lib/nianbao/archive.db --out /srv/nianbao[/bold]
    """
    from nianbao import crawling
    from nianbao import night as room

    options = crawling.as_options(registry, source, host, delay, recheck, allow_private)
    morning = room.night(db, out, options, jobs)
    if json:
        terminal.show_json(morning.as_json())
    else:
        room.show(morning)
    return morning.code


def status(db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Show what the archive holds: fetches by outcome, the queue, what is missing, the last night.

    Example: [bold]nianbao status --db data/demo/archive.db[/bold]
    """
    from archive.store import Archive
    from nianbao import status as room

    with Archive.open(db, create=False) as archive:
        found = room.status(archive.db)
    if json:
        terminal.show_json(found)
    else:
        room.show(found)
    return Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(night)
    app.command()(status)
