"""Labels: the nearest of many words is the one that a comparison with each of them finds."""

from __future__ import annotations

from random import Random

import pytest

from parsers.words.labels import Vocabulary, fold, likeness

WORDS = ("行政许可", "行政处罚", "行政强制", "行政事业性收费", "本年新收", "上年结转", "上年结转数量", "件")


@pytest.mark.parametrize("least", [0.3, 0.5, 0.7, 1.0])
def test_nearest_is_the_first_of_the_most_alike(least: float) -> None:
    vocabulary, random = Vocabulary(WORDS), Random(least)
    letters = sorted(set("".join(WORDS)))
    for _ in range(2000):
        text = "".join(random.choices(letters, k=random.randint(1, 9)))
        best = max(WORDS, key=lambda word: likeness(word, text))
        assert vocabulary.nearest(text, least) == (best if likeness(best, text) >= least else None), text


@pytest.mark.parametrize("text", ["", "无关", "行"])
def test_nothing_is_near_what_shares_no_pair(text: str) -> None:
    assert Vocabulary(WORDS).nearest(text, 0.1) is None


def test_the_pinyin_that_copying_sites_put_behind_characters_is_no_part_of_a_label() -> None:
    assert fold("規(guī)章") == "规章"
    assert fold("(二)部分公開(kāi)(區(qū)分處理)") == fold("（二）部分公开（区分处理）")
    assert fold("规章(abc)") == "规章abc"
