"""Monitors of the crawl as a whole: did it end, was it answered, did it find anything."""

from __future__ import annotations

import json

from archive.outcomes import ANSWERS, TURNED_AWAY, Outcome
from nianbao.front.causes import told
from nianbao.monitors.base import Alarm, Level, Night, percent, some
from nianbao.monitors.measures import outcome_shares


def crawl_ended(night: Night) -> Alarm | None:
    """Rings when the crawl did not go to its end; what it could not have is a note."""
    if not night.crawled.ended:
        how = night.crawled.spent if night.crawled.outcome == "ended" else ""
        how = how or f"the crawl ended with exit code {night.crawled.code}"
        return Alarm("crawl", how, "see its message above, mend that, and run the night again")
    problems = list(night.crawled.problems)
    if problems:
        shown = some(told(problems), "; ")
        return Alarm(
            "crawl",
            shown,
            "the next night asks again; `nianbao status --all` names the addresses",
            Level.NOTE,
        )
    return None


_ANSWERED = sorted(ANSWERS - {Outcome.ROBOTS_DISALLOWED})
_BY_HOST = """
select r.host, sum(f.outcome in (select value from json_each(:refused))),
       sum(f.outcome in (select value from json_each(:answered)))
from fetch f join request r on r.id = f.request_id
where f.at >= :since and f.kind not in ('robots', 'probe') group by r.host order by r.host
"""


def blocked_hosts(night: Night) -> Alarm | None:
    """Rings when most of the hosts turned us away: a wall in front of many, or our own address is unwelcome."""
    values = {
        "since": night.since,
        "refused": json.dumps(sorted(TURNED_AWAY)),
        "answered": json.dumps(_ANSWERED),
    }
    hosts = night.db.execute(_BY_HOST, values).fetchall()
    refused = [host for host, no, yes in hosts if no and not yes]
    if not refused or len(refused) < night.thresholds["blocked_share"] * len(hosts):
        return None
    what = f"{len(refused)} of {len(hosts)} hosts turned us away: {some(refused)}"
    return Alarm("blocked", what, "look at one in a browser; they are left alone for a while, never evaded")


def failing_fetches(night: Night) -> Alarm | None:
    """Rings when a large part of the requests failed: the network, or a site that turned us away."""
    outcomes = night.crawled.outcomes or {}
    failed = sum(count for outcome, count in outcomes.items() if outcome not in ANSWERS)
    total = sum(outcomes.values())
    if not night.is_flood(failed, total):
        return None
    return Alarm("fetches", f"{failed} of {total} failed", "`nianbao status --all` names the addresses")


def another_mix(night: Night) -> Alarm | None:
    """Rings when an outcome that is no welcome answer takes a larger part of the requests than it used to."""
    total = sum((night.crawled.outcomes or {}).values())
    risen = []
    for outcome, share in sorted(outcome_shares(night.crawled).items()):
        usual = night.usual("outcome", outcome)
        if outcome in ("ok", "not_modified") or usual is None:
            continue
        if share - usual > night.thresholds["mix_rise"] and share * total >= night.thresholds["flood_least"]:
            risen.append(f"{outcome} from {percent(usual)} to {percent(share)}")
    if not risen:
        return None
    return Alarm("outcomes", f"another mix: {some(risen)}", "`nianbao status --all` names the addresses")


_SHOWN = """
select (select count(*) from fetch where kind = 'listing' and at >= :since and outcome in ('ok', 'not_modified')),
       (select count(*) from (select 1 from link where kind <> 'listing' and decision not like 'rejected%'
                              and last_seen >= :since limit 1)),
       (select count(*) from (select 1 from link where kind <> 'listing' and decision not like 'rejected%' limit 1))
"""


def nothing_found(night: Night) -> Alarm | None:
    """Rings when no listing showed a single report: a crawl that succeeds at nothing."""
    listings, tonight, ever = night.db.execute(_SHOWN, {"since": night.since}).fetchone()
    if not night.crawled.ended or night.crawled.spent:
        return None
    if night.crawled.requests == 0 or not ever or (listings and not tonight):
        return Alarm("nothing found", "no source shows a report", "check the registry and the network")
    return None
