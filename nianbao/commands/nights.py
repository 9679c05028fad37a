"""`nianbao night` and `nianbao status`: what runs by itself, and how it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nianbao import terminal
from nianbao.exits import Exit
from nianbao.options import (
    ARCHIVE,
    CORES,
    PUBLIC,
    AllowPrivate,
    BudgetBytes,
    BudgetMinutes,
    BudgetRequests,
    Cluster,
    Db,
    Delay,
    Host,
    Jobs,
    Json,
    Out,
    RecheckOption,
    Registry,
    SettingsFile,
    Shards,
    SourceId,
)


def night(
    source: SourceId = None,
    host: Host = None,
    registry: Registry = None,
    delay: Delay = None,
    recheck: RecheckOption = "due",
    allow_private: AllowPrivate = False,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Be done by then: HH:MM or ISO 8601."),
    ] = None,
    budget_minutes: BudgetMinutes = None,
    budget_requests: BudgetRequests = None,
    budget_bytes: BudgetBytes = None,
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

    Only one night runs at a time; one that was cut short is gone on with. Exit code 0 says that nothing is wrong.

    Example: [bold]nianbao night --db /var/lib/nianbao/archive.db --out /srv/nianbao --until 06:00[/bold]
    """
    from nianbao import crawling, morning
    from nianbao import night as room
    from nianbao.budgets import budget
    from nianbao.plan import Plan
    from nianbao.settings import settings as read_settings

    found = read_settings(settings)
    uses = found.night
    plan = Plan(
        db,
        out,
        [
            *crawling.as_options(registry, source, host, delay, recheck, allow_private),
            *crawling.cluster_options(cluster, shards),
        ],
        " ".join(
            word
            for name, value in (("--source", source), ("--host", host))
            if value
            for word in (name, value)
        ),
        jobs,
        budget(
            until or uses.until,
            uses.budget_minutes if budget_minutes is None else budget_minutes,
            uses.budget_requests if budget_requests is None else budget_requests,
            budget_bytes or uses.budget_bytes,
        ),
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
    from archive.store import Archive
    from nianbao import status as room

    with Archive.open(db, create=False) as archive:
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
    app.command()(night)
    app.command()(status)
