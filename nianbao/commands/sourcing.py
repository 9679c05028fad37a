"""`nianbao sources check` and `add`, and `nianbao explain`: the registry, looked at and extended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.front import terminal
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import ARCHIVE, AllowPrivate, Db, Delay, Json, Registry, SourceId
from nianbao.front.progress import Step, progress

if TYPE_CHECKING:
    from crawler.engine.work import CrawlProgress

_WELL = ("ok", "not_modified")


def sources_check(
    source: SourceId = None,
    registry: Registry = None,
    delay: Delay = None,
    allow_private: AllowPrivate = False,
    json: Json = False,
) -> Exit:
    """Fetch the page of each source once, and say what it was met as. Nothing is kept.

    Example: [bold]nianbao sources check --source beijing[/bold]
    """
    from crawler.checks.checking import check
    from crawler.registry import RegistryError, load

    found = load(registry).sources
    if source is not None and source not in found:
        raise RegistryError(f"there is no source {source!r}; `nianbao sources list` shows those there are")
    wanted = [found[source]] if source else list(found.values())
    with progress("Checking", "sources") as tell:

        def show(now: CrawlProgress) -> None:
            tell(Step(now.requests, len(wanted), now.url))

        asked = check(wanted, delay=delay, allow_private=allow_private, progress=show)
        met = [_row(each) for each in asked]
    if json:
        terminal.show_json(met)
    else:
        columns = ("id", "outcome", "family", "rows", "reason", "url")
        terminal.show_table(
            f"{len(met)} sources", columns, [[str(row[name]) for name in columns] for row in met]
        )
    return Exit.OK if all(row["outcome"] in _WELL for row in met) else Exit.WRONG


def _row(met: Any) -> dict[str, Any]:
    said = {"id": met.source.id, "outcome": str(met.outcome), "reason": met.reason}
    return {**said, "family": met.family, "rows": met.rows, "url": met.source.url}


def sources_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A column of annual reports, or a home page.")],
    registry: Annotated[Path, typer.Option("--registry", help="The registry that gets the row.")],
    name: Annotated[str, typer.Option("--name", help="The body, where the page does not say it.")] = "",
    division: Annotated[str, typer.Option("--division", help="Its GB/T 2260 code, likewise.")] = "",
    delay: Delay = None,
    allow_private: AllowPrivate = False,
    json: Json = False,
) -> Exit:
    """Fetch a page, tell its family, body and division, and add the row to a registry.

    Example: [bold]nianbao sources add http://www.example.gov.cn/zfxxgknb/ --registry my.csv[/bold]
    """
    from crawler.checks.checking import describe
    from crawler.registry import append

    met = describe(url, name=name, division=division, delay=delay, allow_private=allow_private)
    added = append(registry, met.source)
    if json:
        terminal.show_json(added.row())
        return Exit.OK
    for column, value in added.row().items():
        terminal.say(f"{column}: {value}")
    terminal.say(f"added to {registry}; its page shows {met.rows} links that would be followed")
    return Exit.OK


def explain(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address to explain.")],
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Say everything that was decided about an address, and why.

    Example: [bold]nianbao explain http://www.example.gov.cn/zfxxgknb/t20260130_1.html[/bold]
    """
    from archive.store import Archive
    from nianbao.asking import explaining

    with Archive.read_only(db) as archive:
        found = explaining.explain(archive.db, url)
    if not explaining.is_known(found):
        raise CommandError(
            f"{found['url']}: the archive has never met this address; no page it read links to it", Exit.USAGE
        )
    if json:
        terminal.show_json(found)
    else:
        explaining.show(found)
    return Exit.OK


def offer(app: typer.Typer, sources: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    sources.command("check")(sources_check)
    sources.command("add")(sources_add)
    app.command("explain")(explain)
