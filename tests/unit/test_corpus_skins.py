"""The grammar of made sites: the same seed draws the same sites, and what it says of them is what they show."""

from __future__ import annotations

from random import Random

import pytest
from corpus.skins import lists, make
from corpus.skins.grading import prose
from corpus.skins.page import Look
from corpus.skins.sites import Rendered

from archive.versions import fingerprint
from parsers.report import parse

LOOK, LATER = Look(night=1, hour=3, request=7), Look(night=2, hour=9, request=1350)
MOST = 0.003
"""The share of its characters that prose may lack, and that may be foreign in it."""


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


@pytest.mark.parametrize("seed", [24, 25, 26])
def test_any_page_is_read_whole_and_says_the_same_at_any_look(seed: int) -> None:
    true = missing = foreign = noisy = 0
    for site in make(seed, 16).sites:
        shown, skin = Rendered(site), site.index % 2
        report = next((one for one in site.reports if site.forms[one.number] == "page"), None)
        if report is None:
            continue
        path, _, query = site.path(report.number, report.day).partition("?")
        given = {"id": query.removeprefix("id=")} if query else {}
        pages = [shown.answer(path, given, look, skin, False) for look in (LOOK, LATER)]
        one, other = (parse(page.body) for page in pages if page)
        found = prose([(part.title, part.text) for part in one.sections], report)
        true, missing, foreign = (a + b for a, b in zip((true, missing, foreign), found, strict=True))
        noisy += fingerprint(one) != fingerprint(other)
    assert missing <= MOST * true
    assert foreign <= MOST * true
    assert noisy <= 1  # a sentence of one night in a box like those of the text: only other nights tell


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
