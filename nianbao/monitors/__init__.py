"""What a night looks at before it lets anybody sleep: each monitor rings, or stays silent.

A monitor is a function of a `Night` in one of the modules beside; from where on it rings is in `thresholds.csv`.
"""

from __future__ import annotations

from collections.abc import Callable

from nianbao.monitors.base import Alarm, Level, Night
from nianbao.monitors.crawl import (
    another_mix,
    blocked_hosts,
    crawl_ended,
    failing_fetches,
    nothing_found,
)
from nianbao.monitors.machine import clock_behind, little_room, long_log
from nianbao.monitors.readings import (
    fewer_figures,
    fewer_proofs,
    fewer_reports,
    new_contradictions,
    unreadable,
)
from nianbao.monitors.sources import fallen_sources, silent_sources, stale_sources, stopped_families

__all__ = [
    "MONITORS",
    "Alarm",
    "Level",
    "Night",
    "another_mix",
    "blocked_hosts",
    "clock_behind",
    "crawl_ended",
    "failing_fetches",
    "fallen_sources",
    "fewer_figures",
    "fewer_proofs",
    "fewer_reports",
    "little_room",
    "long_log",
    "new_contradictions",
    "nothing_found",
    "silent_sources",
    "stale_sources",
    "stopped_families",
    "unreadable",
    "watch",
]

MONITORS: tuple[Callable[[Night], Alarm | None], ...] = (
    crawl_ended,
    blocked_hosts,
    failing_fetches,
    another_mix,
    nothing_found,
    silent_sources,
    fallen_sources,
    stale_sources,
    stopped_families,
    unreadable,
    new_contradictions,
    fewer_figures,
    fewer_proofs,
    fewer_reports,
    little_room,
    long_log,
    clock_behind,
)


def watch(night: Night) -> list[Alarm]:
    """Every alarm that rings."""
    return [alarm for monitor in MONITORS if (alarm := monitor(night)) is not None]
