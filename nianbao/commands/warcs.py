"""`nianbao warc export` and `warc import`: the exchange with other web archives."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import ARCHIVE, Db, Host, Json, Registry


def export(
    out: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write: .warc.gz, or .warc as it is.")
    ],
    host: Host = None,
    since: Annotated[str, typer.Option("--since", help="Only answers from this day on: 2026-01-31.")] = "",
    wacz: Annotated[
        bool, typer.Option("--wacz", help="Write a WACZ, which a browser replays: records, index, pages.")
    ] = False,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Write all that was fetched as a WARC file, which every tool of web archives reads.

    Example: [bold]nianbao warc export nianbao.warc.gz[/bold]

    With [bold]--wacz[/bold] it is one file that replayweb.page opens, with its pages and their texts:
    [bold]nianbao warc export --wacz nianbao.wacz[/bold]
    """
    from nianbao import warcs as room

    done = room.export(db, out, host, since, as_wacz=wacz)
    if json:
        terminal.show_json({**asdict(done), "path": str(out)})
    else:
        counts = f"{done.responses} answers in full, {done.revisits} that came again"
        terminal.say(f"{out}: {counts}, {done.bytes} bytes")
    return Exit.OK


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="WARC (.warc, .warc.gz), ARC or WACZ files of any crawler."),
    ],
    registry: Registry = None,
    any_host: Annotated[
        bool, typer.Option("--any-host", help="Also take answers of hosts that are not registered.")
    ] = False,
    via: Annotated[
        str,
        typer.Option("--via", metavar="browser", help="How it was had: a person recorded it in his browser."),
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who recorded it; with --via browser.")] = "",
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Keep what other crawlers fetched, with its dates: history from before us. Then run `nianbao read`.

    Example: [bold]nianbao warc import old-crawl.warc.gz[/bold]

    What a person recorded where a site turns crawlers away (ArchiveWeb.page writes it):
    [bold]nianbao warc import --via browser --by "Li Hua" page.wacz[/bold]
    """
    from nianbao import warcs as room

    done = room.import_warcs(db, files, registry, any_host, via=via, by=by)
    if json:
        terminal.show_json(asdict(done))
    else:
        room.show(done)
    return Exit.WRONG if done.problems else Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    warc = typer.Typer(help="Exchange with other web archives.", no_args_is_help=True)
    warc.command()(export)
    warc.command("import")(import_)
    app.add_typer(warc, name="warc")
