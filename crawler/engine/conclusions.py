"""What a crawl says at its end: which hosts failed or were rebuilt, and which sources did not add up."""

from __future__ import annotations

from collections import defaultdict

from archive.outcomes import GONE, host_of, utc_now
from crawler.engine.lives import go_on
from crawler.engine.portals import NOT_REGISTERED
from crawler.engine.work import Work
from crawler.verdicts.reconcile import settle

RELAUNCHED = 0.8
"""When so large a part of a host's known URLs dies together, the host was rebuilt."""
LEAST_DEAD = 3
MOST_HOSTS = 5
"""Hosts that one message names."""
_KNOWN_ANSWERS = """
select r.host, f.outcome, f.url from fetch f join request r on r.id = f.request_id
where f.run_id = :run and f.kind in ('document', 'attachment', 'listing')
and exists (select 1 from fetch e where e.url = f.url and e.run_id <> :run and e.outcome = 'ok')
group by f.request_id having max(f.rowid)
"""


def conclude(work: Work) -> None:
    """Writes the ends of a run into the archive, and its problems into the result."""
    work.remember_hosts()
    relaunched(work)
    _unfound(work)
    go_on(work.archive, work.run_id, work.options.vantage, work.registry.sources)
    for night in settle(work.archive, work.run_id, utc_now(), work.failed_sources):
        if night.problem not in work.problems:
            work.problem(f"source {night.source_id}: {night.problem}")


def _unfound(work: Work) -> None:
    """Portals that were walked tonight and led to no column."""
    walked = work.archive.db.execute(
        "select distinct source_id from fetch where run_id = ? and kind = 'portal'", (work.run_id,)
    )
    for (source_id,) in walked.fetchall():
        source = work.registry.sources.get(source_id)
        if source is not None and not work.has_column(source_id) and source_id not in work.failed_sources:
            said = f"source {source_id}: {source.url}: no annual-report column was found from it"
            hosts = _refused_hosts(work, source_id)
            said += f"; its ways lead to {', '.join(hosts)}, not registered" if hosts else ""
            work.problem(said, source_id=source_id)


def _refused_hosts(work: Work, source_id: str) -> list[str]:
    """The hosts to which a portal's ways to a column lead, and which may not be asked."""
    links = work.archive.db.execute(
        "select to_url from link where source_id = ? and decision = ? and kind in ('listing', 'portal')",
        (source_id, NOT_REGISTERED),
    )
    return sorted({host_of(url) for (url,) in links})[:MOST_HOSTS]


def relaunched(work: Work) -> None:
    """A host whose known URLs died together was rebuilt: its old pages are kept, its columns looked for again."""
    known: dict[str, int] = defaultdict(int)
    dead: dict[str, list[str]] = defaultdict(list)
    for host, outcome, url in work.archive.db.execute(_KNOWN_ANSWERS, {"run": work.run_id}):
        known[host] += 1
        if outcome in GONE:
            dead[host].append(url)
    for host, urls in sorted(dead.items()):
        if len(urls) >= LEAST_DEAD and len(urls) >= RELAUNCHED * known[host]:
            evidence = f"{len(urls)} of {known[host]} known addresses died together, {min(urls)} among them"
            work.archive.host_event(host, "site_relaunched", work.run_id, evidence)
            work.problem(f"{host}: site_relaunched: {evidence}")
