"""The measured error rate: the exact bound holds, agreement is Cohen's, and nothing is told before the source is seen."""

from __future__ import annotations

import asyncio
import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import lxml.html
import pytest
from browsing import CHROMIUM, Watched, started
from made import HOST, Country, inline

from archive import pool
from archive.derived import derive
from archive.publish import publish
from nianbao.front.exits import Exit
from nianbao.quality.drawing import shares
from nianbao.quality.scoring import kappa, plain, rate, scored
from web import app

CELL = {"container": "html", "generation": "G2021", "report_id": "r", "version": "1", "code": "c"}


def cells(answers: list[str], **more: str) -> list[dict[str, str]]:
    return [
        {**CELL, "id": str(number), "read": answer, "proof": "unproven", "told": "0", **more}
        for number, answer in enumerate(answers)
    ]


def by_id(answers: list[str]) -> dict[str, str]:
    return {str(number): answer for number, answer in enumerate(answers) if answer}


@pytest.mark.parametrize("share", [0.001, 0.01, 0.05])
def test_seeded_errors_are_within_the_bound_in_95_of_100_draws(share: float) -> None:
    chance = Random(7)
    population = [chance.random() < share for _ in range(100_000)]
    true = sum(population) / len(population)
    within = 0
    for _ in range(100):
        drawn = chance.sample(population, 400)
        printed = ["1"] * len(drawn)
        read = ["2" if wrong else "1" for wrong in drawn]
        found = scored(cells(read), [by_id(printed), by_id(printed)]).errors
        within += found.low <= true <= found.high
    assert within >= 95


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    assert rate(0, 400).low == 0
    assert rate(0, 400).high == pytest.approx(1 - 0.025 ** (1 / 400))
    assert (rate(10, 100).low, rate(10, 100).high) == pytest.approx((0.0490, 0.1762), abs=1e-4)
    assert (rate(3, 3).high, rate(0, 0).high) == (1.0, 1.0)


def test_kappa_takes_off_what_chance_would_agree_on() -> None:
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("0", "0")] * 5) is None
    assert kappa([]) is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [("1,234.50", "1234.5"), ("０", "0"), (" 12 ", "12"), ("Blank", "blank"), ("-3", "-3")],
)
def test_answers_are_compared_as_numbers(answer: str, said: str) -> None:
    assert plain(answer) == said


def test_cells_on_which_nobody_agrees_are_open_and_a_third_person_settles() -> None:
    read, one, two = ["1", "2", "3"], ["1", "2", "4"], ["1", "5", "3"]
    found = scored(cells(read), [by_id(one), by_id(two)])
    assert (found.open, found.errors.of, found.errors.wrong) == (2, 1, 0)
    found = scored(cells(read), [by_id(one), by_id(two), by_id(["", "5", "3"])])
    assert (found.open, found.errors.of, found.errors.wrong) == (0, 3, 1)
    assert found.wrong[0]["printed"] == "5"


def test_an_error_that_something_tells_of_is_not_silent() -> None:
    printed = [by_id(["1"]), by_id(["1"])]
    assert scored(cells(["2"]), printed).silent.wrong == 1
    assert scored(cells(["2"], proof="cleared"), printed).silent.wrong == 1
    assert scored(cells(["2"], told="1"), printed).silent.wrong == 0
    assert scored(cells(["2"], proof="contradicted"), printed).silent.wrong == 0
    assert scored(cells(["2"], proof="contradicted"), printed).errors.wrong == 1


def test_each_stratum_has_its_own_rate() -> None:
    both = [*cells(["1"]), *({**cell, "id": "9", "container": "pdf"} for cell in cells(["2"]))]
    answers = {"0": "1", "9": "1"}
    found = scored(both, [answers, answers]).strata
    assert (found["html G2021"].wrong, found["pdf G2021"].wrong) == (0, 1)


# --- the draw and the page ---

EXAMPLE = (Path(__file__).parents[2] / "docs" / "example-report.html").read_bytes()
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of one report, and its publication."""
    folder = tmp_path_factory.mktemp("quality")
    country = Country(folder / "archive.db")
    country.shows(f"{HOST}/1.html", EXAMPLE, title="<script>alert(1)</script>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
        derive.read(country.archive)
    country.archive.close()
    publish(folder / "archive.db", folder / "public")
    return folder


def drawn(nianbao: Run, kept: Path, to: Path, number: int = 12, seed: int = 7) -> Path:
    ended = nianbao("quality", "draw", "--n", number, "--seed", seed, "--out", kept / "public", "--to", to)
    assert ended.code == 0, ended.err
    return to


def read(folder: Path) -> list[dict[str, str]]:
    with (folder / "read.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer(folder: Path, person: str, answers: dict[str, str]) -> None:
    lines = ["id,answer", *(f"{cell},{said}" for cell, said in answers.items())]
    (folder / f"answers-{person}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_seed_draws_the_same_cells_of_the_same_publication(
    nianbao: Run, kept: Path, tmp_path: Path
) -> None:
    one, same, other = (
        read(drawn(nianbao, kept, tmp_path / name, seed=seed))
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert one == same != other
    assert len({row["id"] for row in one}) == 12
    assert {(row["container"], row["generation"]) for row in one} == {("html", "G2021")}


def test_the_page_shows_the_marked_source_and_nothing_that_was_read(
    nianbao: Run, kept: Path, tmp_path: Path
) -> None:
    folder = drawn(nianbao, kept, tmp_path / "q")
    page: Any = lxml.html.fromstring((folder / "page.html").read_text("utf-8"))
    for row in read(folder):
        (section,) = page.xpath(f"//section[@aria-labelledby='h-{row['id']}']")
        (frame,) = section.xpath(".//iframe")
        assert frame.get("sandbox") == ""
        inner: Any = lxml.html.fromstring(frame.get("srcdoc"))
        (marked,) = inner.xpath("//*[@bgcolor]")
        assert plain(marked.text_content()) == row["read"]
        (field,) = section.xpath(".//input")
        assert not field.get("value")
    assert page.xpath("//script[@src] | //link | //img") == []
    assert (folder / "sources").is_dir()


def test_a_sample_is_never_drawn_over_and_needs_a_publication(
    nianbao: Run, kept: Path, tmp_path: Path
) -> None:
    folder = drawn(nianbao, kept, tmp_path / "q")
    again = nianbao("quality", "draw", "--out", kept / "public", "--to", folder)
    assert (again.code, "a sample already" in again.err) == (Exit.USAGE, True)
    nowhere = nianbao("quality", "draw", "--out", tmp_path / "none", "--to", tmp_path / "x")
    assert (nowhere.code, "nianbao publish" in nowhere.err) == (Exit.USAGE, True)


def test_strata_get_their_share_to_the_next_whole_number() -> None:
    assert shares([500, 300, 200], 10) == [5, 3, 2]
    assert sum(shares([997, 2, 1], 400)) == 400
    assert shares([3, 1], 10) == [3, 1]
    assert shares([], 5) == []


def test_scores_go_into_the_release_and_onto_its_page(nianbao: Run, kept: Path, tmp_path: Path) -> None:
    for part in kept.glob("archive.db*"):
        shutil.copy(part, tmp_path / part.name)
    archive = tmp_path / "archive.db"
    folder = drawn(nianbao, kept, tmp_path / "q")
    cells = {row["id"]: row["read"] for row in read(folder)}
    wrong = next(iter(cells))
    printed = {**cells, wrong: "987"}
    answer(folder, "one", printed)
    few = nianbao("quality", "score", "--from", folder, "--db", archive)
    assert (few.code, "1 of two persons" in few.err) == (Exit.USAGE, True)
    answer(folder, "two", printed)
    ended = nianbao("quality", "score", "--from", folder, "--db", archive, "--json")
    told = json.loads(ended.out)
    assert told == json.loads((tmp_path / "quality.json").read_text("utf-8"))
    assert (told["errors"]["wrong"], told["errors"]["of"], told["agreement"]) == (1, 12, 1.0)
    assert told["wrong"][0]["id"] == wrong
    publish(archive, tmp_path / "public")
    site = app(tmp_path / "public")
    shown = asyncio.run(site.client.get("/quality")).text
    assert "12 格由两人各自对照原件核对：1 格与原文不同" in shown
    assert asyncio.run(site.client.get("/quality.json")).json()["measured"] == told
    listed = (tmp_path / "public" / "SHA256SUMS").read_text("utf-8")
    assert "  quality.json\n" in listed


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
def test_a_person_answers_in_a_browser_and_saves(nianbao: Run, kept: Path, tmp_path: Path) -> None:
    folder = drawn(nianbao, kept, tmp_path / "q", number=3)
    ids = [row["id"] for row in read(folder)]
    with started() as browser, Watched(browser) as watched:
        page = watched.page
        page.goto((folder / "page.html").as_uri())
        page.locator("#person").fill("甲")
        page.locator(f"input[name='{ids[0]}']").fill('12"')
        page.locator(f"input[name='{ids[1]}']").fill("blank")
        assert page.locator("#done").inner_text() == "2 / 3"
        page.reload()
        assert page.locator(f"input[name='{ids[1]}']").input_value() == "blank"
        with page.expect_download() as download:
            page.locator("#save").click()
        assert download.value.suggested_filename == "answers-甲.csv"
        with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
            saved = [(row["id"], row["answer"]) for row in csv.DictReader(file)]
        assert saved == [(ids[0], '12"'), (ids[1], "blank"), (ids[2], "")]
        assert watched.said == []
        assert not watched.hosts - {"", None}
