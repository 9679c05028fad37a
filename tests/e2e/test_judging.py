"""A person's judgement on a finding stays through every re-read and rebuild, and is never given to another finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made import HOST, Country, inline, made_parse, says

from archive import pool
from archive.care.merge import merge
from archive.derived import rebuild
from archive.derived.derive import How
from archive.state.judging import Judged, NoFinding, Verdict, findings, judge, key
from nianbao.front.exits import Exit

OUT, IN = "t3_carried_out__total", "t3_carried_in__total"


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
    filled = Country(tmp_path / "archive.db")
    for year, values in ((2021, {OUT: 3}), (2022, {IN: 2})):
        filled.shows(f"{HOST}/{year}.html", says(year=year, values=values))
    filled.read()
    yield filled
    filled.archive.close()


def only(country: Country) -> Judged:
    (found,) = findings(country.archive.db)
    return found


def test_a_judgement_survives_reading_and_rebuilding(country: Country) -> None:
    assert only(country).verdict is Verdict.OPEN
    said = judge(country.archive, only(country).id[:6], Verdict.DISMISSED, "so in print")
    assert only(country) == said
    country.read(all=True)
    rebuild.rebuild(country.archive, How(parse=made_parse))
    assert only(country) == said


def test_a_note_leaves_the_verdict_and_a_verdict_the_note(country: Country) -> None:
    judge(country.archive, only(country).id, None, "asked")
    judge(country.archive, only(country).id, Verdict.CONFIRMED, None)
    assert (only(country).verdict, only(country).note) == (Verdict.CONFIRMED, "asked")


def test_a_finding_that_changed_is_judged_anew(country: Country) -> None:
    judge(country.archive, only(country).id, Verdict.DISMISSED, None)
    country.shows(f"{HOST}/2022.html", says(year=2022, values={IN: 9}), day=2)
    country.read()
    new, old = findings(country.archive.db)
    assert (new.verdict, new.gone) == (Verdict.OPEN, False)
    assert (old.verdict, old.gone) == (Verdict.DISMISSED, True)


def test_other_words_for_the_same_numbers_are_the_same_finding() -> None:
    assert key("r", "k", ["b", "a"], "2 after 3") == key("r", "k", ["a", "b"], "is 2, was 3")
    assert key("r", "k", ["a"], "2 after 3") != key("r", "k", ["a"], "2 after 4")
    assert key("r", "k", [], "copy of 甲") != key("r", "k", [], "copy of 乙")


def test_of_two_archives_the_later_judgement_counts(country: Country, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    merge(other, [country.archive.path])
    judge(country.archive, only(country).id, Verdict.DISMISSED, "first")
    country.archive.db.execute("update judgement set at = '2023-01-01T00:00:00Z'")
    merge(other, [country.archive.path])
    judge(country.archive, only(country).id, Verdict.CONFIRMED, "second")
    merge(other, [country.archive.path])
    merge(country.archive.path, [other])
    assert only(country).note == "second"


def test_an_unknown_id_is_said(country: Country) -> None:
    with pytest.raises(NoFinding, match="review list"):
        judge(country.archive, "xyz", Verdict.CONFIRMED, None)


def test_the_commands(nianbao: Callable[..., Any], country: Country) -> None:
    db = ("--db", country.archive.path)
    (found,) = json.loads(nianbao("review", "list", *db, "--json").out)
    assert (found["kind"], found["verdict"], found["codes"]) == ("carry_over_differs", "open", [IN])
    assert json.loads(nianbao("review", *db, "--json").out) == [found]
    assert "carry_over_differs" in nianbao("review", "list", *db).out
    done = nianbao("review", "dismiss", found["id"][:5], "--note", "so", *db, "--json")
    assert json.loads(done.out)["verdict"] == "dismissed"
    assert json.loads(nianbao("review", "list", *db, "--json").out) == []
    nianbao("review", "note", found["id"], "asked", *db)
    assert "confirmed: asked" in nianbao("review", "confirm", found["id"], *db).out
    (kept,) = json.loads(nianbao("review", "list", "--state", "confirmed", *db, "--json").out)
    assert kept["note"] == "asked"
    assert json.loads(nianbao("review", "list", "--state", "all", "--year", "1999", *db, "--json").out) == []
    assert nianbao("review", "confirm", "zzz", *db).code == Exit.USAGE
