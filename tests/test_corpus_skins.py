"""The grammar of made sites: the same seed draws the same sites, and what it says of them is what they show."""

from __future__ import annotations

from random import Random

import pytest
from corpus.skins import lists, make
from corpus.skins.page import Look
from corpus.skins.sites import Rendered

LOOK = Look(night=1, hour=3, request=7)


def test_the_same_seed_draws_the_same_sites() -> None:
    make.cache_clear()
    one = make(11, 4)
    make.cache_clear()
    again = make(11, 4)
    assert one is not again
    for site, other in zip(one.sites, again.sites, strict=True):
        assert Rendered(site).answer(site.entry, {}, LOOK, 0, False) == Rendered(other).answer(
            other.entry, {}, LOOK, 0, False
        )
    assert make(12, 4).sites[0] != one.sites[0]


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_every_report_is_shown_and_says_what_its_truth_says(seed: int) -> None:
    for site in make(seed, 6).sites:
        shown = Rendered(site)
        for report in site.reports:
            path, _, query = site.path(report.number, report.day).partition("?")
            given = {"id": query.removeprefix("id=")} if query else {}
            page = shown.answer(path, given, LOOK, 0, False)
            assert page is not None
            if site.forms[report.number] == "page":
                text = page.body.decode()
                assert report.paragraphs()[0][-8:] in "".join(_bare(text))
            else:
                assert shown.answer(site.files(report), {}, LOOK, 0, False) is not None


def test_a_revision_changes_what_is_printed() -> None:
    revised = [
        (site, report)
        for seed in range(31, 36)
        for site in make(seed, 12).sites
        for report in site.reports
        if report.revised
    ]
    assert revised
    for _site, report in revised:
        assert report.at(True).parts != report.at(False).parts


@pytest.mark.parametrize("dialect", list(lists.DIALECTS))
def test_every_page_of_a_list_lies_at_some_address(dialect: str) -> None:
    rows = [lists.Row(f"第{at}号", f"/{at}.html", f"2020-01-{at:02d}") for at in range(1, 14)]
    column = lists.Column("/nb/", rows, 5, dialect, "ul", "whole", "", lists.tongue(Random(3)), 77)
    routes = lists.routes(column, lambda core, script, look: f"<html>{script}{core}</html>")
    shown = set()
    for route in routes.values():
        for number in ("1", "2", "3"):
            answer = route(LOOK, {column.tongue.page: number})
            if answer:
                text = answer.body.decode("utf-8")
                shown |= {
                    row.title
                    for row in rows
                    if row.title in text or row.title.encode("unicode_escape").decode() in text
                }
    assert shown == {row.title for row in rows}


def _bare(text: str) -> list[str]:
    kept, depth = [], 0
    for character in text:
        depth += (character == "<") - (character == ">")
        if not depth and character not in ">":
            kept.append(character)
    return kept
