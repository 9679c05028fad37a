"""What one answer does not prove is asked for again: tonight, or on the next nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made import FILE, PAGE, Country

from archive.outcomes import FrontierRequest, Outcome, RequestKind, RequestState
from crawler.page import Page
from crawler.signatures import Verdict
from crawler.verdicts.answers import Came
from crawler.verdicts.doubts import before, says_otherwise, unsettled

NOW = datetime(2023, 4, 1, 3, tzinfo=UTC)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    filled = Country(tmp_path / "archive.db")
    yield filled
    filled.archive.close()


def page(said: str, around: str = "") -> bytes:
    return f"<html><body><p>{said}</p><a href='/n.html'>{around}</a></body></html>".encode()


def asks(
    country: Country, body: bytes = b"", outcome: Outcome = Outcome.OK, url: str = PAGE, run: str = "tonight"
) -> tuple[RequestState, str] | None:
    kind = RequestKind.ATTACHMENT if url == FILE else RequestKind.DOCUMENT
    came = Came(
        FrontierRequest(url, kind), Verdict(outcome), Page(url, body, "text/html" if url == PAGE else "")
    )
    earlier = before(country.archive, came.asked, body, run)
    changed = earlier is not None and says_otherwise(came.page, earlier)
    return unsettled(country.archive, came, run, 2.0, NOW, changed=changed)


def test_a_page_that_says_something_else_is_asked_for_again_tonight(country: Country) -> None:
    country.shows(PAGE, page("公开8条。"), run="before")
    assert asks(country, page("公开9条。")) == (RequestState.QUEUED, "2023-04-01T03:00:03Z")


@pytest.mark.parametrize(
    "body",
    [
        page("公开8条。"),
        page("公开8条。", "热点新闻"),
        page("公开 8 条。浏览次数：7"),
        page("公开8条。今天是2023年4月1日 星期六"),
    ],
)
def test_noise_is_not_asked_about(country: Country, body: bytes) -> None:
    country.shows(PAGE, page("公开8条。"), run="before")
    assert asks(country, body) is None


def test_what_is_new_and_what_was_looked_at_twice_is_settled(country: Country) -> None:
    assert asks(country, page("公开8条。")) is None
    country.shows(PAGE, page("公开8条。"), run="before")
    country.shows(PAGE, page("公开9条。"), day=2, run="tonight")
    assert asks(country, page("公开7条。")) is None


def test_a_file_of_other_bytes_is_asked_for_again(country: Country) -> None:
    country.shows(FILE, b"%PDF-1.4 one", run="before")
    assert asks(country, b"%PDF-1.4 one", url=FILE) is None
    assert asks(country, b"%PDF-1.4 two", url=FILE) is not None


def test_a_report_that_is_gone_is_asked_for_on_the_next_nights_until_it_counts_as_withdrawn(
    country: Country,
) -> None:
    assert asks(country, outcome=Outcome.GONE) is None
    country.shows(PAGE, page("公开8条。"), run="before")
    for night in range(3):
        assert asks(country, outcome=Outcome.GONE) == (RequestState.DONE, "2023-04-01T03:00:00Z")
        country.answers(PAGE, Outcome.GONE, day=2 + night, run=f"night {night}")
    assert asks(country, outcome=Outcome.GONE) is None
