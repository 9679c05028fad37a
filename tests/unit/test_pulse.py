"""Our own lateness is counted, is no server's slowness, and is paid by those who give us nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from crawler.engine.scheduler import MOST_HELD, ArchiveScheduler
from crawler.net.pulse import BEAT, Pulse
from crawler.net.throttle import Throttle


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def _beat(pulse: Pulse, clock: Clock, *after: float) -> None:
    for seconds in after:
        clock.at += seconds
        pulse.beat()


def test_beats_in_time_count_nothing() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    _beat(pulse, clock, *[BEAT + 0.005] * 50)
    assert not pulse.is_late()
    assert pulse.late_within(10) == 0


def test_what_the_loop_was_not_there_counts_within_its_time_only() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    _beat(pulse, clock, BEAT + 1.0, BEAT, BEAT + 0.5)
    assert pulse.late_within(0.2) == pytest.approx(0.2)  # never more than asked for
    assert pulse.late_within(60) == pytest.approx(1.5)
    _beat(pulse, clock, *[BEAT] * 20)
    assert pulse.late_within(0.9) == 0
    assert not pulse.is_late()


def test_a_beat_that_has_not_come_yet_is_late_already() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    clock.at += BEAT + 2.0
    assert pulse.is_late()
    assert pulse.late_within(5) == pytest.approx(2.0)


def _throttle(pulse: Pulse) -> Any:
    throttle: Any = Throttle.__new__(Throttle)
    throttle.target_concurrency, throttle.mindelay, throttle.maxdelay = 1.0, 0.5, 60.0
    throttle.crawler = SimpleNamespace(get_extension=lambda kind: pulse)
    return throttle


@pytest.mark.parametrize(("late", "delay"), [(0.0, 4.0), (3.0, 1.0)])
def test_a_server_pays_for_its_own_slowness_only(late: float, delay: float) -> None:
    clock = Clock()
    pulse = Pulse(clock)
    _beat(pulse, clock, BEAT + late)
    slot: Any = SimpleNamespace(delay=0.5)
    _throttle(pulse)._adjust_delay(slot, 4.0, SimpleNamespace(status=200))
    assert slot.delay == pytest.approx(delay)


def test_while_we_are_late_a_host_that_gives_nothing_waits_and_not_for_ever() -> None:
    clock = Clock()
    pulse = Pulse(clock)
    crawler: Any = SimpleNamespace(get_extension=lambda kind: pulse)
    scheduler = ArchiveScheduler(crawler)
    scheduler.work = SimpleNamespace(fruitless={"sick"})  # type: ignore[assignment]
    assert not scheduler._gives_way("sick")
    clock.at += BEAT + 1.0
    assert not scheduler._gives_way("well")
    waited = 0
    while scheduler._gives_way("sick"):
        waited += 1
    assert waited == MOST_HELD
