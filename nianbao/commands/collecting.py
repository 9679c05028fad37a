"""`nianbao crawl` and `nianbao sources list`: what goes out and asks."""

from __future__ import annotations

import typer

from nianbao import terminal
from nianbao.budgets import budget
from nianbao.exits import Exit
from nianbao.options import (
    ARCHIVE,
    AllowPrivate,
    BudgetBytes,
    BudgetMinutes,
    BudgetRequests,
    Db,
    Delay,
    Host,
    Json,
    RecheckOption,
    Registry,
    SourceId,
    Until,
)


def crawl(
    source: SourceId = None,
    host: Host = None,
    registry: Registry = None,
    delay: Delay = None,
    recheck: RecheckOption = "due",
    allow_private: AllowPrivate = False,
    until: Until = None,
    budget_minutes: BudgetMinutes = None,
    budget_requests: BudgetRequests = None,
    budget_bytes: BudgetBytes = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Find reports and bring them home. Goes on where it was stopped; the exit code says how it ended.

    Example: [bold]nianbao crawl --source wuhan --delay 2[/bold]
    """
    from nianbao import crawling

    limits = budget(until, budget_minutes, budget_requests, budget_bytes)
    result = crawling.crawl(db, registry, source, host, delay, recheck, allow_private, limits)
    if json:
        terminal.show_json(crawling.as_json(result))
    else:
        crawling.show(result)
    return crawling.code_of(result)


def sources_list(registry: Registry = None, json: Json = False) -> Exit:
    """List the sources of a registry.

    Example: [bold]nianbao sources list --registry my.csv[/bold]
    """
    from nianbao import crawling

    found = crawling.sources(registry)
    if json:
        terminal.show_json(found)
    else:
        columns = ("id", "name", "division", "entry", "family", "url")
        rows = [tuple(row[column] for column in columns) for row in found]
        terminal.show_table(f"{len(found)} sources", columns, rows)
    return Exit.OK


def offer(app: typer.Typer, sources: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(crawl)
    sources.command("list")(sources_list)
