"""`nianbao crawl` and `nianbao sources list`: what goes out and asks."""

from __future__ import annotations

from dataclasses import asdict

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import (
    ARCHIVE,
    Cluster,
    Db,
    Json,
    OnlyQueued,
    Parts,
    Registry,
    Shards,
    Spending,
    Wanted,
    grouped,
)
from nianbao.nightly.budgets import budget


def crawl(
    wanted: Wanted,
    spending: Spending,
    only_queued: OnlyQueued = False,
    cluster: Cluster = None,
    shards: Shards = None,
    parts: Parts = 16,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Find reports and bring them home. Goes on where it was stopped.

    Exit code 0: all was asked and answered. 1: something could not be had, or is left for the next crawl, which
    goes on with it. 130: interrupted; run it again.

    Example: [bold]nianbao crawl --source wuhan --until 06:00[/bold]

    With [bold]--cluster tcp://host:8786[/bold] each worker crawls some parts of all hosts into shards of its own,
    which are joined into the archive at the end (docs/cluster.md).
    """
    from nianbao import crawling

    limits = budget(**asdict(spending))
    asked = crawling.Asked(wanted, limits, only_queued)
    if cluster is None:
        result = crawling.crawl(db, asked)
    else:
        result = crawling.crawl_together(cluster, db, shards, parts, asked)
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
    app.command()(grouped(crawl))
    sources.command("list")(sources_list)
