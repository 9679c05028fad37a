"""`nianbao sources survey`: what was met, source by source as JSON, and on one page for a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao import steps
from nianbao.crawling import code_of as code_of_crawl
from nianbao.crawling import part_in
from nianbao.front.exits import Exit
from nianbao.front.options import Wanted
from nianbao.front.progress import Step, progress
from nianbao.front.terminal import say, show_table
from nianbao.nightly.budgets import budget

if TYPE_CHECKING:
    from archive.state.lives import Lived
    from crawler.registry import Registry, Source
    from crawler.run import CrawlResult

NAMED = 3
"""So many examples of a cause are named; --json has all."""
_REMEDIES = {
    "answers": "look for the column in a browser, and give it to `nianbao sources add`",
    "blocked": "look at it in a browser; another place may have it (--vantage)",
    "moved": "put the new address into the registry",
    "dead": "look for the site's new name",
    "asked": "the next survey asks again",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sources are to be asked: in divisions that begin with `within`, of a `level`, at most `limit`."""

    db: Path
    wanted: Wanted
    until: str | None = None
    within: str = ""
    level: str | None = None
    limit: int | None = None
    candidates: bool = False


@dataclass(frozen=True, slots=True)
class Surveyed:
    """How a survey ended, and what the sources are that it asked."""

    crawl: CrawlResult
    sources: Mapping[str, Source]
    met: Sequence[Lived]


def survey(asked: Asked, jobs: int) -> Surveyed:
    """Asks what is due, reads what came, and judges each source by it."""
    from archive.store import Archive
    from crawler.country import survey as room
    from crawler.engine.work import CrawlOptions, CrawlProgress
    from crawler.net.limits import Limits
    from crawler.registry import Registry, load

    wanted = asked.wanted
    options = CrawlOptions(
        asked.db,
        wanted.registry,
        delay=wanted.delay,
        allow_private=wanted.allow_private,
        limits=Limits(budget(asked.until).until),
        part=part_in(wanted.part),
        vantage=wanted.vantage,
    )
    registry = load(wanted.registry)
    others = _candidates(asked, registry) if asked.candidates else Registry({})

    def is_wanted(source: Source) -> bool:
        return source.division.startswith(asked.within) and asked.level in (None, source.level)

    with progress("Surveying", "requests") as tell:

        def show_step(now: CrawlProgress) -> None:
            tell(Step(now.requests, now.requests + now.left, now.url, {"hosts": now.hosts}))

        result, names = room.survey(options, registry, others, is_wanted, asked.limit, show_step)
    both = {**others.sources, **registry.sources}
    sources = {name: both[name] for name in names}
    if not names or result.outcome == "interrupted":
        return Surveyed(result, sources, ())
    steps.read(asked.db, jobs=jobs)
    with Archive.open(asked.db) as archive:
        return Surveyed(result, sources, room.told(archive, options, list(sources.values())))


def _candidates(asked: Asked, registry: Registry) -> Registry:
    """What may be a source: what comes with the package, and what pages named, each host once."""
    from archive.store import Archive
    from crawler.discovery.growth import unknown
    from crawler.registry import Entry, Registry, Source, load_candidates

    packaged = load_candidates() if asked.wanted.registry is None else Registry({})
    rows: list[dict[str, str]] = []
    if asked.db.exists():
        with Archive.read_only(asked.db) as archive:
            rows = archive.candidates()
    fields = ("id", "name", "division", "level", "kind", "url", "family", "note")
    named = [Source(**{name: row[name] for name in fields}, entry=Entry(row["entry"])) for row in rows]
    fresh = unknown(named, registry.hosts | packaged.hosts)
    return Registry({**{each.id: each for each in fresh}, **packaged.sources})


def code_of(done: Surveyed) -> Exit:
    """Interrupted, something left to ask, or all well; what the sources are is no failure of the survey."""
    if done.crawl.outcome == "interrupted":
        return code_of_crawl(done.crawl)
    return Exit.WRONG if done.crawl.left else Exit.OK


def as_json(done: Surveyed) -> dict[str, Any]:
    """The crawl, and each source with what it was met as: id, name, division, url, and its life's fields."""
    met = [{**done.sources[each.source_id].row(), **asdict(each)} for each in done.met]
    return {"crawl": asdict(done.crawl), "chosen": len(done.sources), "sources": met}


def show(done: Surveyed) -> None:
    """One page: how many answer, by state, cause, family and province; what needs a person, and why."""
    say(_headline(done))
    if not done.met:
        return
    states: dict[str, list[Lived]] = defaultdict(list)
    for each in done.met:
        states[each.state.value].append(each)
    rows = [
        (state, len(found), _examples(done, found)) for state, found in sorted(states.items(), key=_largest)
    ]
    show_table("What they are", ("state", "how many", "such as"), rows)
    families = Counter(each.family for each in done.met if each.family)
    if families:
        say("Families: " + ", ".join(f"{name} {number}" for name, number in families.most_common()))
    _show_causes(done, states)
    _show_provinces(done)


def _headline(done: Surveyed) -> str:
    if not done.sources:
        return "Nothing is due: every source was asked, and is asked again when its time comes"
    if done.crawl.outcome == "interrupted":
        return f"Interrupted after {done.crawl.requests} requests; run it again, it goes on"
    left = f"; {done.crawl.left} requests are left, run it again" if done.crawl.left else ""
    answered = sum(each.state.value in ("answers", "column found", "verified") for each in done.met)
    counts = f"{done.crawl.requests} requests to {len(done.sources)} sources"
    return f"{counts}: {answered} answer{left}"


def _largest(item: tuple[str, Sequence[Lived]]) -> tuple[int, str]:
    return -len(item[1]), item[0]


def _examples(done: Surveyed, found: Iterable[Lived]) -> str:
    names = [done.sources[each.source_id].name for each in found]
    return "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def _show_causes(done: Surveyed, states: Mapping[str, Sequence[Lived]]) -> None:
    """What needs a person: by state and outcome, with the remedy."""
    causes: dict[tuple[str, str], list[Lived]] = defaultdict(list)
    for state, remedy in _REMEDIES.items():
        for each in states.get(state, ()):
            causes[remedy, f"{state}: {each.outcome}"].append(each)
    if causes:
        rows = [
            (cause, len(found), remedy, "、".join(done.sources[each.source_id].url for each in found[:NAMED]))
            for (remedy, cause), found in sorted(causes.items(), key=lambda each: -len(each[1]))
        ]
        show_table("Needs a person", ("cause", "how many", "what to do", "such as"), rows)


def _show_provinces(done: Surveyed) -> None:
    from archive.divisions import divisions

    names = divisions()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in done.met:
        code = done.sources[each.source_id].division[:2]
        counts[code][each.state.value] += 1
    if len(counts) < 2:
        return
    said = []
    for code, states in sorted(counts.items()):
        good = states["verified"] + states["column found"]
        said.append(f"{names.get(code + '0000', '中央')[:3].rstrip('省市')} {good}/{sum(states.values())}")
    say("With a column, by province: " + ", ".join(said))
