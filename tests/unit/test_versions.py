"""When is it a new version: made readings, one rule a test, and that the order of readings never matters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ids import content_id
from archive.rows.heads import Head
from archive.rows.records import pack, unpack
from archive.rows.reduced import reduce
from archive.versions import Reading, arrange, fingerprint
from parsers.records import (
    ExtraRow,
    Figure,
    Finding,
    FindingKind,
    Identity,
    Proof,
    Report,
    Scope,
    Section,
    State,
    Statement,
)
from parsers.remarks import Remark, RemarkKind

PAGE = "http://a.gov.cn/1.html"
FILE = "http://a.gov.cn/1.pdf"


def figure(code: str, value: int | None) -> Figure:
    state = State.BLANK if value is None else State.NUMBER
    return Figure(
        code, value, state, "" if value is None else str(value), "件", Proof.UNPROVEN, f"td[{code}]"
    )


def report(
    values: dict[str, int | None] | None = None, text: str = "本年度主动公开信息8条。", failing: int = 0
) -> Report:
    figures = tuple(figure(code, value) for code, value in (values or {}).items())
    identities = tuple(Identity(f"i{n}", False, 1, 2, ("a",)) for n in range(failing))
    sections = (Section("一", "总体情况", text),)
    return Report(
        "某县2022年报告", "某县", 2022, "title", Scope.AREA, {}, figures, identities, (), sections, (), (), ()
    )


def reading(what: Report, url: str = PAGE, day: int = 1, last: int | None = None) -> Reading:
    stamp = f"2023-03-{day:02}T00:00:00Z"
    return Reading(
        content_id(url, fingerprint(what)),
        0,
        url,
        url.endswith(".pdf"),
        stamp,
        stamp if last is None else f"2023-03-{last:02}T00:00:00Z",
        fingerprint(what),
        Head.of(what),
        lambda: what,
    )


TEN: dict[str, int | None] = {f"c{n}": n for n in range(10)}


@pytest.mark.parametrize(
    "noisy",
    [
        "本年度主动公开信息8条。 浏览次数：1234次",
        "本年度主动公开信息８条。\n\n",
        "本年度主动公开信息 8 条。发布时间：2023-03-01 12:00 【打印本页】",
        "本年度,主动公开信息8条.",
    ],
)
def test_noise_never_makes_a_version(noisy: str) -> None:
    assert len(arrange([reading(report(TEN)), reading(report(TEN, noisy), day=2)])) == 1


def test_a_count_in_prose_is_not_noise() -> None:
    assert reduce("网站访问量8000次") != reduce("网站访问量9000次")


def test_a_changed_figure_at_one_url_is_a_new_version() -> None:
    first, second = arrange([reading(report(TEN)), reading(report({**TEN, "c3": 4}), day=2)])
    assert (first.number, second.number) == (1, 2)
    assert first.first_seen < second.first_seen


def test_changed_prose_at_one_url_is_a_new_version() -> None:
    revised = report(TEN, "本年度主动公开信息9条。")
    assert len(arrange([reading(report(TEN)), reading(revised, day=2)])) == 2


def test_a_blank_is_not_a_zero() -> None:
    blank = report({**TEN, "c0": None})
    assert len(arrange([reading(report(TEN)), reading(blank, day=2)])) == 2


def test_what_comes_back_is_the_version_it_was() -> None:
    back = reading(report(TEN), day=1, last=3)
    versions = arrange([back, reading(report({**TEN, "c3": 4}), day=2)])
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].last_seen == back.last_seen


def test_a_file_beside_the_page_joins_its_version() -> None:
    beside = report({"c1": 1, "c2": 2}, "另一种文字")
    (version,) = arrange([reading(report(TEN)), reading(beside, FILE)])
    assert {rendition.url for rendition in version.renditions} == {PAGE, FILE}
    assert version.best.url == PAGE


def test_the_file_of_a_revision_joins_the_revision() -> None:
    revised = {**TEN, "c3": 4}
    versions = arrange(
        [reading(report(TEN)), reading(report(revised), day=2), reading(report(revised), FILE, day=2)]
    )
    assert [len(version.renditions) for version in versions] == [1, 2]


def test_the_page_is_preferred_to_a_file_that_is_as_good() -> None:
    (version,) = arrange([reading(report(TEN), FILE), reading(report(TEN, "别的话8条。"), PAGE, day=2)])
    assert version.best.url == PAGE


def test_figures_come_from_the_rendition_with_most_of_them() -> None:
    (version,) = arrange([reading(report({"c1": 1})), reading(report(TEN), FILE, day=2)])
    assert version.best.url == FILE


def test_a_file_read_worse_makes_no_false_version() -> None:
    worse = report({"c1": 11, "c2": 2})
    (version,) = arrange([reading(report(TEN)), reading(worse, FILE)])
    assert [finding.kind for finding in version.findings] == ["weaker_rendition"]
    assert version.findings[0].codes == ("c1",)


def test_a_file_that_contradicts_itself_makes_no_false_version() -> None:
    misread = report({**TEN, "c1": 7}, failing=2)
    assert len(arrange([reading(report(TEN)), reading(misread, FILE)])) == 1


def test_a_file_as_good_that_differs_is_a_version() -> None:
    assert len(arrange([reading(report(TEN)), reading(report({**TEN, "c1": 7}), FILE, day=2)])) == 2


def test_a_page_that_only_points_to_the_file_is_a_rendition() -> None:
    (version,) = arrange([reading(report(text="详见附件")), reading(report(TEN), FILE)])
    assert (version.best.url, version.findings) == (FILE, ())


def test_a_page_that_lost_its_figures_keeps_them_and_says_so() -> None:
    (version,) = arrange([reading(report(TEN)), reading(report(text="网站改版"), day=5)])
    assert version.best.report.figures
    assert version.last_seen < "2023-03-05"
    assert [finding.kind for finding in version.findings] == ["figures_gone"]


@pytest.mark.parametrize(("digit", "versions"), [("8", 1), ("9", 2)])
def test_texts_without_tables_join_when_alike_with_equal_digits(digit: str, versions: int) -> None:
    prose = "".join(
        f"本年度依照条例在第{chr(0x4E00 + n)}方面主动公开政府信息，工作有序。" for n in range(0, 900, 9)
    )
    here = reading(report(text=prose + "公开8条"))
    there = reading(report(text=prose + f"共公开{digit}条"), "http://b.gov.cn/2.html", day=2)
    assert len(arrange([here, there])) == versions


codes = st.dictionaries(st.sampled_from("abcde"), st.none() | st.integers(0, 2), max_size=5)
readings = st.builds(
    lambda values, text, failing, url, day, more: reading(
        report(values, text, failing), url, day, day + more
    ),
    codes,
    st.sampled_from(["详见附件", "公开8条。", "公开9条。", "公开8条，浏览次数：5"]),
    st.integers(0, 2),
    st.sampled_from([PAGE, FILE, "http://b.gov.cn/2.html"]),
    st.integers(1, 9),
    st.integers(0, 3),
)


def once_a_capture(found: list[Reading]) -> list[Reading]:
    """As the archive keeps them: one reading of one capture."""
    return list({item.capture_id: item for item in found}.values())


@settings(max_examples=300, deadline=None)
@given(found=st.lists(readings, max_size=7).map(once_a_capture), data=st.data())
def test_order_never_matters(found: list[Reading], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(found))
    versions = arrange(found)
    assert arrange(shuffled) == versions
    shown = [rendition for version in versions for rendition in version.renditions]
    assert sorted(map(repr, shown)) == sorted(map(repr, found))
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert len({version.fingerprint for version in versions}) == len(versions)


def test_a_record_comes_back_as_it_was_kept() -> None:
    full = replace(
        report(TEN, failing=1),
        findings=(Finding(FindingKind.ROW_ABSENT, ("a",), {"table": "t3", "rows": ["r"]}),),
        statements=(Statement("n", 1.5, "件", "共1.5", 0, 4),),
        extra_rows=(ExtraRow("t2", "其他", ("1", "2"), "tr"),),
        remarks=(Remark(RemarkKind.UNDECODED),),
        generations={"t2": "G2021"},
        others=(report(),),
    )
    assert unpack(pack(full)) == full


@pytest.mark.parametrize(
    ("worse", "why"),
    [
        (report({f"c{n}": n for n in range(8)}), "2 of 10 figures are missing"),
        (report({**TEN, "t2_a": None}), "t2: all cells are empty"),
        (report({**TEN, "t2_a": 5}, "本年度主动公开\ufffd息8条。"), "characters are garbled"),
        (report({**TEN, "t2_a": 5}, "本年度主动公开"), "the text is cut"),
    ],
)
def test_a_worse_capture_is_evidence_and_no_version(worse: Report, why: str) -> None:
    full = report({**TEN, "t2_a": 5} if "missing" not in why else TEN)
    (version,) = arrange([reading(full), reading(worse, day=2, last=9)])
    assert version.best.report == full
    assert version.last_seen.startswith("2023-03-01")
    assert version.weaker == {(reading(worse).capture_id, 0)}
    (finding,) = version.findings
    assert finding.kind == "worse_capture"
    assert why in finding.message


def test_what_grew_was_not_worse_before() -> None:
    """A page that was completed later keeps its first version: nothing that stood is taken back."""
    first = report({f"c{n}": n for n in range(5)})
    versions = arrange([reading(first), reading(report(TEN), day=2)])
    assert [len(version.best.report.figures) for version in versions] == [5, 10]


def test_numbers_that_became_blank_are_a_revision() -> None:
    blanks = report({**TEN, "c0": None, "c1": None, "c2": None})
    assert len(arrange([reading(report(TEN)), reading(blanks, day=2)])) == 2


# --- what others saw before us ---


def ours(what: Report, url: str = PAGE, day: int = 20) -> Reading:
    """A reading that a crawl of ours met first, on that day of March 2023."""
    found = reading(what, url, day)
    return replace(found, ours=found.first_seen, known=found.first_seen)


def theirs(what: Report, url: str = PAGE, day: int = 1) -> Reading:
    """A look of a web archive on that day, of which we know since 2026."""
    return replace(reading(what, url, day), known="2026-01-01T00:00:00Z")


OTHER = {**TEN, "c0": 99}


def said(readings: list[Reading]) -> list[object]:
    """What each version says in the cell that differs, the oldest first."""
    return [version.best.report.figures[0].value for version in arrange(readings)]


def test_an_older_content_of_others_comes_first() -> None:
    assert said([ours(report(TEN)), theirs(report(OTHER))]) == [99, 0]


def test_what_others_saw_before_makes_a_version_older() -> None:
    (version,) = arrange([ours(report(TEN)), theirs(report(TEN, "别处的话。"), FILE)])
    assert version.first_seen == "2023-03-01T00:00:00Z"


def test_what_others_saw_before_renames_no_version() -> None:
    mine = ours(report(TEN))
    (version,) = arrange([mine, theirs(report(TEN, "别处的话。"), FILE)])
    assert version.fingerprint == mine.fingerprint


def test_a_crawl_after_a_backfill_renames_no_version() -> None:
    old = theirs(report(TEN, "别处的话。"), FILE)
    found = reading(report(TEN), day=5)
    late = {
        "first_seen": "2026-05-01T00:00:00Z",
        "ours": "2026-05-01T00:00:00Z",
        "known": "2026-05-01T00:00:00Z",
    }
    (version,) = arrange([old, replace(found, **late)])
    assert version.fingerprint == old.fingerprint


def test_an_old_look_of_others_makes_the_newest_version_no_older_one() -> None:
    """B was shown in spring, A in summer, B again today: today's version stays the newest."""
    before = [ours(report(TEN), day=20), ours(report(OTHER), day=25)]
    after = [*before, theirs(report(OTHER, "别处的话。"), FILE, day=2)]
    assert said(before) == said(after) == [0, 99]
    assert arrange(after)[-1].first_seen == "2023-03-25T00:00:00Z"


def test_the_same_bytes_long_ago_make_the_newest_version_no_older_one() -> None:
    again = replace(ours(report(OTHER), day=25), first_seen="2023-03-02T00:00:00Z")
    assert said([ours(report(TEN), day=20), again]) == [0, 99]
