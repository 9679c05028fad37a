"""Plans: a table that is read as one like it was reads just as a table that is read for the first time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from parsers import report
from parsers.report import parse
from parsers.tables import plans, read
from sample.corpus import PLAIN, draw, mutations
from sample.quirks import QUIRKS

PRINTED = re.compile(rb"(?<=>)(?:\d{1,3}|&nbsp;)?(?=<(?:/td|/p|/span|o:p))")
NUMBERS = (b"0", b"1", b"2", b"12", b"350")
MOSTLY_BLANK = (b"", b"", b"", b"", b"7", "—".encode())


def pages() -> Iterator[bytes]:
    """A page with each quirk, some that arithmetic must decide, and damaged ones."""
    for number, quirk in enumerate((PLAIN, *QUIRKS.values())):
        if "html" in quirk.printers:
            newest = max(quirk.generations)
            yield draw(quirk, "html", newest, Random(number)).data
    yield draw(QUIRKS["spans_repeated"], "html", "G2021", Random(2)).data
    plain = draw(PLAIN, "html", "G2021", Random(3)).data.decode()
    yield swapped(plain, "自然人", "总计")
    numbering = "".join(f"<td>{number}</td>" for number in range(1, 16))
    yield f"<tr>{numbering}</tr></table>".join(plain.rsplit("</table>", 1)).encode()
    yield from (drawn.data for drawn in mutations(10, 5) if drawn.container == "html")


def swapped(page: str, one: str, other: str) -> bytes:
    """The page with the first printing of each of two words in the place of the other's."""
    return page.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other, 1).encode()


def with_other_figures(page: bytes, random: Random, figures: tuple[bytes, ...]) -> bytes:
    return PRINTED.sub(lambda printed: random.choice(figures) if printed[0] else printed[0], page)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Reading without plans, until it is undone; and without the second reader, which has its own tests."""
    monkeypatch.setattr(report, "consult", lambda data, findings, *others, **how: findings)
    with monkeypatch.context() as patched:
        patched.setattr(read, "known", lambda key: None)
        yield patched


def test_tables_read_by_a_plan_and_without_one_say_the_same(slowly: pytest.MonkeyPatch) -> None:
    variants = {
        page: [with_other_figures(page, Random(number), figures) for figures in (NUMBERS, MOSTLY_BLANK)]
        for number, page in enumerate(pages())
    }
    expected = {page: parse(page) for made in variants.values() for page in made}
    slowly.undo()
    hits: list[bool] = []
    counting = plans.known
    slowly.setattr(read, "known", lambda key: hits.append(bool(found := counting(key))) or found)
    for page, made in variants.items():
        parse(page)
        for variant in made:
            assert parse(variant) == expected[variant]
    assert sum(hits) > len(variants)


def test_plans_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST", 2)
    monkeypatch.setattr(plans, "_plans", {})
    page = draw(PLAIN, "html", "G2021", Random(1)).data
    once, again = parse(page), parse(page)
    assert once == again
    assert len(plans._plans) == 2
