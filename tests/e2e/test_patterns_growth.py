"""The work of a pattern that meets foreign text grows with the text and not faster; so does reading as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benchmarks import growth

PACKAGES = ("parsers", "crawler", "archive", "web", "nianbao")
PROBES = 40
"""Of each pattern; `python -m benchmarks attacks patterns` tries all."""


def test_patterns_take_time_that_grows_with_the_text() -> None:
    found = growth.patterns(PACKAGES)
    assert len(found) > 400
    assert {f"{used.module} {used.name}": said for used, said in growth.grown(found, PROBES) if said} == {}


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"[\s-]*[-]{3,}[\s-]*", "fullmatch"),
        (r"\s*-$", "finditer"),
        (r"<a(?:<!--.*?-->\s*)*$", "finditer"),
        (r"(?:ab|a|b)+$", "match"),
    ],
)
def test_a_pattern_that_grows_faster_is_seen(
    monkeypatch: pytest.MonkeyPatch, pattern: str, method: str
) -> None:
    monkeypatch.setattr(growth, "PATIENCE", timedelta(seconds=5))
    used = growth.Used("made", "_UP", pattern, 0, (method,))
    ((_, said),) = growth.grown([used], 1000)
    assert said


def test_a_pattern_that_never_ends_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "PATIENCE", timedelta(seconds=3))
    used = growth.Used("made", "_UP", r"(?:a|aa)+$", 0, ("match",))
    ((_, said),) = growth.grown([used], 1000)
    assert said
