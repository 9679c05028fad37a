"""`nianbao crawl` and `nianbao sources`: the crawl of this process, and the registry."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.front.causes import told
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import Wanted
from nianbao.front.progress import Step, progress
from nianbao.front.terminal import complain, say
from nianbao.nightly.budgets import Budget

if TYPE_CHECKING:
    from crawler.engine.parts import Part
    from crawler.run import CrawlResult

_CODES = {"ok": Exit.OK, "partial": Exit.WRONG, "interrupted": Exit.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a crawl is asked to do, as the command line says it."""

    wanted: Wanted
    budget: Budget
    only_queued: bool = False


def crawl(db: Path, asked: Asked) -> CrawlResult:
    """One crawl, in this process, to its end, its interruption or the end of its budget."""
    from crawler import run
    from crawler.net.limits import Limits

    budget, wanted = asked.budget, asked.wanted
    options = run.CrawlOptions(
        db,
        wanted.registry,
        wanted.source,
        wanted.host,
        wanted.delay,
        wanted.recheck,
        wanted.allow_private,
        limits=Limits(budget.until, budget.requests, budget.bytes),
        part=part_in(wanted.part),
        only_queued=asked.only_queued,
        vantage=wanted.vantage,
    )
    with progress("Crawling", "requests") as tell:

        def show_step(now: run.CrawlProgress) -> None:
            counts = {"hosts": now.hosts, "new captures": now.new_captures}
            tell(Step(now.requests, now.requests + now.left, now.url, counts))

        return run.crawl(options, show_step)


def part_in(text: str | None) -> Part | None:
    """A part of all hosts, such as 2/5. CommandError (USAGE) for what is none."""
    from crawler.engine.parts import part_of

    try:
        return part_of(text) if text else None
    except ValueError as error:
        raise CommandError(f"--part: {error}", Exit.USAGE) from error


def crawl_together(address: str, db: Path, shards: str | None, parts: int, asked: Asked) -> CrawlResult:
    """One crawl by the workers of a cluster, each part of all hosts into a shard, joined into `db`."""
    from nianbao.cluster import connected
    from nianbao.cluster.crawl import crawl as crawl_parts

    budget = asked.budget
    if asked.wanted.part or asked.only_queued or budget.requests is not None or budget.bytes is not None:
        raise CommandError(
            "--cluster gives out the parts itself, and bounds a night by --until or --budget-minutes; leave out"
            " --part, --only-queued, --budget-requests and --budget-bytes",
            Exit.USAGE,
        )
    options = replace(asked.wanted, registry=None).words()
    if budget.until is not None:
        options += ["--until", budget.until.isoformat()]
    place = shards or str(db.parent.absolute() / "shards")
    with connected(address) as client:
        return crawl_parts(client, db, place, parts, asked.wanted.registry, options)


def code_of(result: CrawlResult) -> Exit:
    """How a crawl ended, as an exit code."""
    return _CODES[result.outcome]


def as_json(result: CrawlResult) -> dict[str, Any]:
    """The result as it is printed with --json, and read by the night."""
    return asdict(result)


def show(result: CrawlResult) -> None:
    """The result for a reader."""
    counts = f"{result.requests} requests, {result.fetched} fetched, {result.new_captures} new captures"
    say(f"{result.outcome}: {counts}")
    for outcome, count in sorted(result.outcomes.items()):
        say(f"  {outcome}: {count}")
    for problem in told(result.problems):
        say(f"  problem: {problem}")


def sources(registry: Path | None) -> list[dict[str, str]]:
    """The rows of a registry; what is odd about them goes to stderr."""
    from crawler.registry import load

    found = load(registry)
    for warning in found.warnings:
        complain(warning)
    return [source.row() for source in found.sources.values()]
