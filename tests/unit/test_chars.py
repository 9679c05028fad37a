"""Characters as a matcher wants them: the fast ways give what the slow one gives, and places stay places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.words.chars import Places, compact, fold, squeeze, without_space
from parsers.words.text import without_markup

LETTERS = st.text(
    st.sampled_from("年报公开，。：（）2０２２１①開報⻔ \u3000\u00a0\u200b\ufeff\n\t") | st.characters()
)


def test_every_character_folds_alone_as_it_does_beside_one_that_takes_the_slow_way() -> None:
    slow = "⼀"  # a Kangxi radical
    for code in (*range(0x10000), *range(0x1D400, 0x1F200), *range(0x2F800, 0x2FA20)):
        char = chr(code)
        assert fold(char) == fold(slow + char)[1:]
        assert len(fold(char)) == 1


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("２０２２年，共：（５）件！", "2022年,共:(5)件!"),
        ("政務公開、統計", "政务公开、统计"),
        ("“年报”《条例》〔2021〕30号…—", "“年报”《条例》〔2021〕30号…—"),
        ("①5", "①5"),
        ("⻔户", "门户"),
    ],
)
def test_folded(printed: str, folded: str) -> None:
    assert fold(printed) == folded


def test_white_space_of_all_kinds_is_taken_out() -> None:
    assert without_space(" 年\u3000度\u200b报\ufeff告\n") == "年度报告"
    assert without_space("門(mén)戶網（wǎng）站 (ok)") == "門戶網站(ok)"


@given(LETTERS)
def test_each_character_knows_its_place(text: str) -> None:
    squeezed, spans = squeeze(text)
    places = Places(spans)
    assert squeezed == compact(text)
    assert squeezed == "".join(fold(text[places[place]]) for place in range(len(squeezed)))


def test_marks_of_markdown_are_left_out_in_time_that_grows_with_the_text() -> None:
    """A square of it would take hours."""
    assert without_markup("## **标题** {#a}\n*年度报告*\n 报告*\n注*") == "标题\n年度报告\n 报告\n注"
    for gap in ("\n", " ", "\n *", "# ", "{#", "a* "):
        assert without_markup("*" + gap * 300_000) is not None
