"""What of a report its looks agree on, part by part, and the versions that are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from made import PAGE, Country, says

from archive.derived.events import NOT_CONFIRMED
from archive.derived.looks import NIGHTS_OF_NOISE

SAID = "公开8条。申请2件。均已答复。"
REVISED = SAID.replace("2件", "3件")


def crawl(country: Country, day: int, *looks: tuple[str, int]) -> None:
    """A night that looks at the page so many times: what it says in prose, and in a cell."""
    run = country.night(day)
    for number, (text, value) in enumerate(looks):
        country.shows(
            PAGE, says(text=text, values={"a": 1, "b": value}), day, run=run, time=f"0{number}:00:00"
        )


def versions(country: Country) -> list[tuple[str, float]]:
    """The last sentence but the counter and the cell of each version, as its best rendition has them."""
    country.read()
    return country.rows(
        "select s.text, f.value from version v join section s on s.version_id = v.id"
        " join v_figures f on f.report_id = v.report_id and f.version = v.number and f.code = 'b' order by v.number"
    )


def visitor() -> Iterator[str]:
    """A counter that is never twice alike, in words that nobody knows as such."""
    return (f"本页迎来第{number}位朋友" for number in count(100, 7))


def test_what_is_never_twice_alike_is_no_version(country: Country) -> None:
    seen = visitor()
    crawl(country, 1, (SAID + next(seen), 2))
    for day in range(2, 6):
        crawl(country, day, (SAID + next(seen), 2), (SAID + next(seen), 2))
        assert len(versions(country)) == 1
    notes = country.rows("select class, evidence from event")
    assert set(notes) == {("noise", NOT_CONFIRMED)}


def test_a_figure_that_two_looks_agree_on_is_a_version_whatever_stands_beside_it(country: Country) -> None:
    seen = visitor()
    for day in range(1, 4):
        crawl(country, day, (SAID + next(seen), 2), (SAID + next(seen), 2))
    crawl(country, 4, (SAID + next(seen), 3), (SAID + next(seen), 3))
    assert [value for _, value in versions(country)] == [2, 3]
    crawl(country, 5, (SAID + next(seen), 3))
    assert [value for _, value in versions(country)] == [2, 3]
    assert country.rows("select class from event where class <> 'noise'") == [("number revised",)]


def test_so_is_a_sentence(country: Country) -> None:
    seen = visitor()
    crawl(country, 1, (SAID + next(seen), 2))
    crawl(country, 2, (SAID + next(seen), 2), (SAID + next(seen), 2))
    crawl(country, 3, (REVISED + next(seen), 2), (REVISED + next(seen), 2))
    assert ["3件" in text for text, _ in versions(country)] == [False, True]


def test_on_the_second_night_it_is_known_as_well(country: Country) -> None:
    seen = visitor()
    crawl(country, 1, (SAID + next(seen), 2))
    crawl(country, 2, (REVISED + next(seen), 2), (REVISED + next(seen), 2))
    assert ["3件" in text for text, _ in versions(country)] == [False, True]


def test_a_figure_that_one_look_alone_shows_waits(country: Country) -> None:
    crawl(country, 1, (SAID, 2))
    crawl(country, 2, (SAID, 9), (SAID, 2))
    assert [value for _, value in versions(country)] == [2]


def test_a_sentence_that_is_taken_out_is_a_version(country: Country) -> None:
    crawl(country, 1, (SAID, 2))
    crawl(country, 2, (SAID.replace("申请2件。", ""), 2), (SAID.replace("申请2件。", ""), 2))
    assert ["申请" in text for text, _ in versions(country)] == [True, False]


def test_a_sentence_that_is_another_one_every_night_is_the_sites(country: Country) -> None:
    for day in range(1, NIGHTS_OF_NOISE + 3):
        said = SAID + f"县城{day}日晴"
        crawl(country, day, *[(said, 2)] * (1 + (day > 1)))
    assert len(versions(country)) == 1
    revised = REVISED + "县城20日雨"
    crawl(country, 20, (revised, 2), (revised, 2))
    crawl(country, 21, (REVISED + "县城21日雨", 2), (REVISED + "县城21日雨", 2))
    assert ["3件" in text for text, _ in versions(country)] == [False, True]


def test_the_order_in_which_nights_are_kept_changes_nothing(tmp_path: Path, country: Country) -> None:
    seen = visitor()
    nights = [
        (day, [(REVISED if day > 3 else SAID) + next(seen) for _ in range(1 + (day > 1))])
        for day in range(1, 6)
    ]
    for day, texts in nights:
        crawl(country, day, *((text, 2) for text in texts))
    country.read()
    other = Country(tmp_path / "other.db")
    Random(1).shuffle(nights)
    for day, texts in nights:
        crawl(other, day, *((text, 2) for text in texts))
        other.read()
    for table in ("version", "rendition", "event"):
        assert other.derived()[table] == country.derived()[table]
    other.archive.close()
