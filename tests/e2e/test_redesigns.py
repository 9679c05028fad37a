"""A page that is drawn anew around the same report is noise with a note; a report that changes meanwhile is a version."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random

import pytest
from made import PAGE, Country, says

from archive.derived.events import REDESIGNED
from archive.derived.redesigns import more_or_less
from parsers.edges.frame import frame_of, is_other_skin
from parsers.report import parse

OLD, NEW = (
    frame_of(("div nav ", "div path ", "div foot ")),
    frame_of(("header ", "section m ", "div bottom ")),
)
SAID = "公开8条。申请2件。均已答复。"


bytes_of_its_own = map(str, count())


def crawl(country: Country, day: int, text: str, frame: str, value: int = 2) -> None:
    """A night that looks twice at a page in a skin, which gives other bytes each time."""
    run = country.night(day)
    for hour in ("01", "02"):
        said = says(text=text, values={"a": 1, "b": value}, frame=frame, view=next(bytes_of_its_own))
        country.shows(PAGE, said, day, run=run, time=f"{hour}:00:00")


def versions(country: Country) -> int:
    country.read()
    return len(country.rows("select id from version"))


def test_the_same_report_in_another_skin_is_noise_with_a_note(country: Country) -> None:
    for day in range(1, 8):
        crawl(country, day, SAID, OLD if day < 5 else NEW)
    assert versions(country) == 1
    noted = country.rows(f"select class, at from event where evidence = '{REDESIGNED}'")
    assert noted == [("noise", "2023-03-05T01:00:00Z")]


@pytest.mark.parametrize(
    "shown",
    [
        SAID + "您对本页满意吗。",
        "为您播报。" + SAID,
        SAID.replace("申请", "看看别的。申请"),
        SAID.replace("申请2件。", ""),
        SAID.removesuffix("均已答复。") + "分享本页。",
    ],
)
def test_what_a_skin_adds_or_hides_is_no_version(country: Country, shown: str) -> None:
    crawl(country, 1, SAID, OLD)
    crawl(country, 2, shown, NEW)
    assert versions(country) == 1
    assert country.rows("select distinct class from event") == [("noise",)]
    crawl(country, 3, shown.replace("公开8条", "公开9条"), NEW)
    assert versions(country) == 2


def test_a_sentence_that_comes_without_a_new_skin_is_a_version(country: Country) -> None:
    crawl(country, 1, SAID, OLD)
    crawl(country, 2, SAID.replace("申请", "目录有增补。申请"), OLD)
    assert versions(country) == 2


@pytest.mark.parametrize(("text", "value"), [(SAID, 3), (SAID.replace("申请2件", "申请3件"), 2)])
def test_a_report_that_changes_with_the_skin_is_a_version(country: Country, text: str, value: int) -> None:
    crawl(country, 1, SAID, OLD)
    crawl(country, 2, f"{text}您对本页满意吗。", NEW, value)
    assert versions(country) == 2
    assert country.rows(f"select count(*) from event where evidence = '{REDESIGNED}'") == [(0,)]


def test_the_order_in_which_nights_are_kept_changes_nothing(tmp_path: Path, country: Country) -> None:
    nights = [
        (day, SAID + "打分。" * (day > 3), OLD if day < 4 else NEW, 2 + (day > 5)) for day in range(1, 8)
    ]
    other = Country(tmp_path / "other.db")
    for night in nights:
        crawl(country, *night)
    country.read()
    Random(2).shuffle(nights)
    for night in nights:
        crawl(other, *night)
        other.read()
    said = "select at, class, evidence, before, version from event order by at"
    assert country.rows(said) == other.rows(said)
    assert versions(country) == versions(other) == 2
    other.archive.close()


def test_what_is_more_or_less() -> None:
    assert set(more_or_less("abcd", "xabcdy")) == {"x", "y"}
    assert set(more_or_less("abcd", "abd")) == {"c"}
    assert set(more_or_less("abcd", "abxd")) == set()
    assert set(more_or_less("abcd", "wxyz")) == set()


def page(skin: str, news: str) -> bytes:
    said = "".join(
        f"<p>{one}</p>"
        for one in ("一、概述", "目录按时更新。", "二、主动公开政府信息的情况", "全年公开120条。")
    )
    names = [f"{skin}{at}" for at in range(8)]
    around = "".join(f"<div class={name}><a href=/x>{news}</a></div>" for name in names)
    return f"<html><body><h1>云水县2012年政府信息公开工作年度报告</h1>{around}<div class=t>{said}</div></body></html>".encode()


def test_a_page_says_in_which_skin_it_is() -> None:
    one, same, other = (parse(page(*drawn)).frame for drawn in (("a", "要闻"), ("a", "公告"), ("b", "要闻")))
    assert one == same
    assert is_other_skin(one, other)
    assert not is_other_skin(one, "")
    assert "frame" not in parse(page("a", "要闻")).as_json()
