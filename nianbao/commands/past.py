"""`nianbao backfill`: what was published before us, as web archives saw it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from nianbao.commands.country import ProvinceOption, country_of
from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import (
    ARCHIVE,
    AllowPrivate,
    Db,
    Delay,
    Host,
    Json,
    Registry,
    SourceId,
    Spending,
    grouped,
)
from nianbao.nightly.budgets import budget


def backfill(
    spending: Spending,
    cdx: Annotated[
        str,
        typer.Option("--cdx", metavar="URL", help="A CDX server: https://web.archive.org/cdx/search/cdx"),
    ] = "",
    commoncrawl: Annotated[
        str,
        typer.Option("--commoncrawl", metavar="URL", help="An index of Common Crawl instead: its address."),
    ] = "",
    captures: Annotated[
        str,
        typer.Option(
            "--captures",
            metavar="URL",
            help="Where it keeps its captures or WARC files, if that is not told by its address.",
        ),
    ] = "",
    source: SourceId = None,
    host: Host = None,
    province: ProvinceOption = None,
    first: Annotated[
        int,
        typer.Option(
            "--from", metavar="YEAR", min=0, show_default=False, help="Only captures from this year on."
        ),
    ] = 0,
    last: Annotated[
        int,
        typer.Option(
            "--to",
            metavar="YEAR",
            min=0,
            show_default=False,
            help="Only captures until this year, and of it.",
        ),
    ] = 0,
    limit: Annotated[
        int,
        typer.Option("--limit", min=0, show_default=False, help="Keep so many captures at most, then stop."),
    ] = 0,
    registry: Registry = None,
    delay: Delay = None,
    allow_private: AllowPrivate = False,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Fetch what a web archive holds of registered hosts, with its own dates. Goes on where it was stopped.

    Old lists are walked as they stood: one of 2013 names the reports of 2009 to 2012. Nothing that we saw ourselves
    changes by it (docs/backfill.md). Then run `nianbao read`.

    Example: [bold]nianbao backfill --cdx https://web.archive.org/cdx/search/cdx --source wuhan --to 2018[/bold]
    """
    from nianbao import backfilling as room

    where = room.Where(cdx, commoncrawl, captures, delay, allow_private)
    which = room.Which(source, host, country_of(province), first, last, limit)
    done = room.backfill(db, registry, where, which, budget(**asdict(spending)))
    if json:
        terminal.show_json(room.as_json(done))
    else:
        room.show(done)
    return room.code_of(done)


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(grouped(backfill))
