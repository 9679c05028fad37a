"""docs/reading-a-table.md: every example is read as it stands there, and every module that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers.report import read_reports
from parsers.trace import trace

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reading-a-table.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```\n\n```console\n\$ nianbao parse \1 --trace\n(.*?)^```",
    TEXT,
    re.M | re.S,
)


@pytest.mark.parametrize(("name", "source", "wanted"), EXAMPLES, ids=[name for name, *_ in EXAMPLES])
def test_an_example_is_read_as_the_document_shows_it(name: str, source: str, wanted: str) -> None:
    (read,) = read_reports(source.encode())
    printed = "\n".join(trace(read))
    parts = [re.escape(part.strip("\n")) for part in wanted.split("…\n")]
    assert re.fullmatch("(?:.*\n)?".join(parts) + ".*", printed, re.S), printed


def test_there_is_an_example_for_each_layout() -> None:
    assert len(EXAMPLES) == TEXT.count("--trace\n") == 6


def test_every_module_that_it_names_is_there() -> None:
    named = [
        path
        for cell in re.findall(r"^\|.*\| (`[^|]+) \|$", TEXT, re.M)
        for path in re.findall(r"`([\w/.]+)`", cell)
    ]
    assert len(named) > 15
    for path in named:
        found = [
            ROOT / path,
            ROOT / "parsers" / path,
            ROOT / "parsers" / "tables" / path,
            ROOT / "parsers" / path,
        ]
        assert any(place.exists() for place in found), path
