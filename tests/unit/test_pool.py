"""Processes that work for us end when they are old, and not before that pays."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta

import pytest

from archive import pool


def process_of(item: int) -> int:
    return os.getpid()


def processes(items: int) -> int:
    """How many processes did so many items one after the other."""
    with closing(pool.Pool(process_of, jobs=1, timeout=timedelta(minutes=1))) as working:
        return len({result for _, result in working.run(range(items))})


def test_a_process_ends_after_so_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "RECYCLE", 3)
    monkeypatch.setattr(pool, "AGE", timedelta(0))
    assert processes(7) == 3


def test_a_process_that_is_quick_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "RECYCLE", 3)
    assert processes(7) == 1


def standing_of(item: int) -> tuple[int, int, int]:
    return os.nice(0), os.getsid(0), os.getpgid(0)


def test_a_process_that_stands_back_does_so_in_our_session() -> None:
    with closing(pool.Pool(standing_of, jobs=1, timeout=timedelta(minutes=1), nice=10)) as working:
        [(_item, standing)] = working.run([1])
    nice, session, group = standing  # type: ignore[misc]
    assert nice == os.nice(0) + 10 if os.nice(0) <= 9 else 19
    assert session == os.getsid(0)
    assert group != os.getpgid(0)
