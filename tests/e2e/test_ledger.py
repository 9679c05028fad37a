"""Whatever happened to an archive, every sentence of its ledger holds: no state without its capture or row."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from ledger import SENTENCES, broken
from made import HOST, Country, inline, says

from archive.ids import content_id
from archive.outcomes import Outcome
from archive.state import absences

BODIES = {
    "获嘉县人民政府": "area",
    "获嘉县教育局": "body",
    "获嘉县亢村镇人民政府": "body",
    "获嘉县国土资源局": "body",
}
YEARS = (2008, 2017, 2018, 2019, 2021, 2022)
LATER = "insert into run (id, command, started_at) values ('later', 'crawl', ?)"


def lived(path: Path, seed: int) -> Counter[str]:
    """Fill an archive with what may happen to reports, and count the states of its ledger; each of them must hold."""
    chance = Random(seed)
    country = Country(path)
    with closing(country.archive):
        for number, (body, scope) in enumerate(BODIES.items()):
            for year in YEARS:
                happens(country, chance, (body, scope, year), f"{HOST}/{number}/{year}.html")
        for day in sorted(chance.sample(range(20, 29), chance.randint(0, 3))):
            country.lists(day, run=country.night(day, chance.choice(("", "the list shrank"))))
        if chance.random() < 0.5:
            country.archive.db.execute(LATER, ["2023-06-01T00:00:00Z"])
            country.answers(f"{HOST}/about.html", Outcome.TIMEOUT, day=29, run="later", title="概况")
        country.read()
        assert list(broken(country.archive.db)) == []
        return Counter(state for (state,) in country.rows("select state from coverage"))


def happens(country: Country, chance: Random, about: tuple[str, str, int], url: str) -> None:
    body, scope, year = about
    title, day = f"{body}{year}年政府信息公开年度报告", chance.randint(1, 10)
    said = says(issuer=body, scope=scope, year=year)
    match chance.choice("shown shown dated gone gone refused odd other never never absent".split()):
        case "shown":
            country.shows(url, said, title=title, day=day)
        case "dated":
            country.shows(url, said, title=title, day=day)
            date = f"{year + 1}-{chance.randint(1, 6):02}-{chance.randint(1, 28):02}"
            country.archive.db.execute("update link set date = ? where to_url = ?", (date, url))
        case "gone":
            country.answers(url, Outcome.GONE, day, title=title)
        case "refused":
            country.answers(url, chance.choice((Outcome.BLOCKED_WAF, Outcome.TIMEOUT)), day, title=title)
        case "odd":
            country.shows(url, says(is_report=False), title=title, day=day)
        case "other":
            country.shows(url, said | {"year": year - 1}, title=title, day=day)
        case "absent":
            absences.declare(country.archive, content_id("410724", body), body, year, "asked by telephone")
        case _:
            pass


def test_every_sentence_holds_whatever_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.pool.run", inline)
    states: Counter[str] = Counter()
    for seed in range(24):
        states += lived(tmp_path / f"{seed}.db", seed)
    assert {*states} == {*SENTENCES} - {"withdrawn"}, (
        "each state was met, but that of three nights without a link"
    )
