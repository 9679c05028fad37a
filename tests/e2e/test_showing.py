"""Kept sources are taken apart where they may kill: answers are kept, what takes too much is given up, others wait."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from published import PAGE, PDF, make_archive

from archive.ids import blob_id
from archive.publish import publish
from web import app, files, showing
from web.behind import apart
from web.showing import Kind, Showing, Shown, Spot

PLACE = "table[2]/tr[2]/td[2]"


def spot(place: str, sha256: str = "a", kind: Kind = Kind.PAGE) -> Spot:
    return Spot("", (0, 0), sha256, place, kind)


def work(asked: Spot) -> Shown:
    """What a process does in these tests: the place says it."""
    if asked.place == "hang":
        time.sleep(600)
    if asked.place == "die":
        os.kill(os.getpid(), 9)
    return Shown(f"{asked.place} by {os.getpid()} at {time.monotonic_ns()}".encode())


@pytest.fixture
def shown() -> Iterator[Showing]:
    with closing(Showing(work, timedelta(seconds=5))) as made:
        yield made


def test_an_answer_is_kept(shown: Showing) -> None:
    first, again = (asyncio.run(shown.shown(spot("x"))) for _ in range(2))
    assert first.data is not None
    assert first == again


def test_who_asks_for_the_same_waits_for_the_same(shown: Showing) -> None:
    async def all_at_once() -> list[Shown]:
        return await asyncio.gather(*(shown.shown(spot("x")) for _ in range(100)))

    assert len(set(asyncio.run(all_at_once()))) == 1


@pytest.mark.parametrize("harm", ["hang", "die"])
def test_a_source_that_takes_too_much_is_given_up_and_all_its_places_with_it(
    shown: Showing, harm: str
) -> None:
    assert asyncio.run(shown.shown(spot(harm))) == Shown(given_up=True)
    began = time.monotonic()
    assert asyncio.run(shown.shown(spot("another place", kind=Kind.TABLE))) == Shown(given_up=True)
    assert time.monotonic() - began < 1
    assert asyncio.run(shown.shown(spot("x", sha256="b"))).data is not None


def test_a_picture_that_takes_too_much_is_given_up_alone(shown: Showing) -> None:
    assert asyncio.run(shown.shown(spot("die", kind=Kind.PICTURE))).given_up
    assert not asyncio.run(shown.shown(spot("x", kind=Kind.PICTURE))).given_up


def test_what_was_given_up_is_tried_again_later(shown: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "AGAIN", timedelta(0))
    assert asyncio.run(shown.shown(spot("die"))).given_up
    assert not asyncio.run(shown.shown(spot("x"))).given_up


def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "AT_ONCE", 1)
    monkeypatch.setattr(showing, "WAITING", 1)

    async def three(shown: Showing) -> list[Any]:
        asked = (shown.shown(spot(place)) for place in ("x", "y", "z"))
        return await asyncio.gather(*asked, return_exceptions=True)

    with closing(Showing(work)) as shown:
        found = asyncio.run(three(shown))
        assert [type(each) for each in found] == [Shown, Shown, apart.Busy]
        assert asyncio.run(shown.shown(spot("z"))).data is not None


def test_only_so_many_answers_are_kept(shown: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "REMEMBERED", 2)
    first = asyncio.run(shown.shown(spot("x")))
    for place in ("y", "z"):
        asyncio.run(shown.shown(spot(place)))
    assert asyncio.run(shown.shown(spot("x"))) != first


# --- over the web ---


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("showing")
    publish(make_archive(folder / "archive.db"), folder / "public")
    return folder / "public"


def get(out: Path, path: str) -> Any:
    return asyncio.run(app(out).client.get(path))


def test_a_page_that_is_given_up_says_so(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_self: Showing, _spot: Spot) -> Shown:
        return Shown(given_up=True)

    monkeypatch.setattr(Showing, "shown", never)
    answer = get(out, f"/capture/{blob_id(PAGE.encode())}?place={PLACE}")
    assert (answer.status_code, answer.text) == (422, files.TOO_MUCH)
    assert get(out, f"/capture/{blob_id(PAGE.encode())}").text == PAGE


def test_a_busy_site_says_so(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_self: Showing, _spot: Spot) -> Shown:
        raise apart.Busy

    monkeypatch.setattr(Showing, "shown", busy)
    for path in (
        f"/capture/{blob_id(PAGE.encode())}?place={PLACE}",
        f"/capture/{blob_id(PDF)}.png?place=page 1 1,2,3,4",
    ):
        answer = get(out, path)
        assert answer.status_code == 503
        assert "try again" in answer.text


def test_a_text_has_no_table_to_show_alone(out: Path) -> None:
    nowhere = get(out, f"/capture/{blob_id(PAGE.encode())}?place=table[9]/tr[1]/td[1]&part=table")
    assert (nowhere.status_code, nowhere.text) == (200, files.NOWHERE)
    missing = get(out, f"/capture/{'0' * 64}?place={PLACE}")
    assert missing.status_code == 404
