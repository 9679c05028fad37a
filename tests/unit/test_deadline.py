"""A bound on reading that also holds where the reading is code in C, which no exception may leave."""

from __future__ import annotations

import math
import sys
import time

import pytest

from crawler.net.deadline import TooSlow, held_back, within
from crawler.sandbox import engine

ENDLESS = {
    "url": "http://a.gov.cn/",
    "tree": ["html", {}, [["body", {}, [], "2"]], "1"],
    "scripts": ["for (var at = 0; ; at++) { document.title = '' + at; }"],
    "handlers": [],
    "turns": [],
    "rows": [],
    "last": 0,
}


def test_a_bound_is_held_back_and_then_kept() -> None:
    ended = False

    def busy() -> None:
        nonlocal ended
        with within(0.02), held_back() as left:
            assert 0 < left <= 0.02
            time.sleep(0.04)
            ended = True

    with pytest.raises(TooSlow):
        busy()
    assert ended


def test_without_a_bound_nothing_is_held_back() -> None:
    with held_back() as left:
        assert left == math.inf


def test_what_is_left_goes_on_to_count() -> None:
    with within(30), held_back() as left:
        assert 29 < left <= 30


def test_a_ring_that_a_callback_loses_rings_again(capsys: pytest.CaptureFixture[str]) -> None:
    """What is raised while an object is taken away is dropped; the next ring is not."""

    class Slow:
        def __del__(self) -> None:
            began.append(self)
            time.sleep(0.05)
            ended.append(self)

    began, ended = list[object](), list[object]()

    def busy() -> None:
        with within(0.02):
            Slow()
            _spin(5)

    begun = time.monotonic()
    with pytest.raises(TooSlow):
        busy()
    assert len(began) > len(ended), "the first ring met the callback"
    assert time.monotonic() - begun < 2
    assert not capsys.readouterr().err


@pytest.mark.parametrize("of_processor", [True, False])
def test_a_bound_within_a_bound_leaves_the_outer_one(of_processor: bool) -> None:
    def busy() -> None:
        with within(0.2, of_processor=of_processor):
            with within(30, of_processor=of_processor):
                pass
            _spin(0.5)

    def inside() -> None:
        with within(0.2, of_processor=of_processor), within(30, of_processor=of_processor):
            _spin(5)

    for long in (busy, inside):
        begun = time.process_time()
        with pytest.raises(TooSlow):
            long()
        assert time.process_time() - begun < 2


@pytest.mark.parametrize("of_processor", [True, False])
def test_scripts_without_an_end_are_ended_by_the_bound(of_processor: bool) -> None:
    """An exception that a timer raises while wasm calls Python is lost, and the process with it."""
    lost: list[object] = []

    def endless(seconds: float) -> None:
        with within(seconds, of_processor=of_processor):
            sys.unraisablehook = lost.append  # put back by the bound
            engine.run(ENDLESS)

    engine.prepare()
    begun = time.process_time()
    for seconds in (0.01, 0.02, 0.03, 0.05):
        with pytest.raises(TooSlow):
            endless(seconds)
    assert time.process_time() - begun < 4 * engine.SECONDS / 2
    assert lost == []


def _spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
