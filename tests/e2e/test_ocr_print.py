"""Print in pictures: signs in pieces, rings, strokes that are no rules, and which readings are believed."""

from __future__ import annotations

from typing import Any

import pytest

cv2 = pytest.importorskip("cv2", reason="the extra ocr is not installed")
np = pytest.importorskip("numpy", reason="the extra ocr is not installed")

from parsers.readers.ocr import ILLEGIBLE  # noqa: E402
from parsers.readers.ocr.engine import Reading  # noqa: E402
from parsers.readers.ocr.figures import _is_ring, _settled, plain  # noqa: E402
from parsers.readers.ocr.lines import Strip, cell_ink, strips  # noqa: E402
from parsers.readers.ocr.page import _cell_text  # noqa: E402
from parsers.readers.ocr.ruled import Rules, _with_room  # noqa: E402


def paper(height: int, width: int) -> Any:
    return np.zeros((height, width), dtype=np.uint8)


def strip_of(ink: Any) -> Strip:
    return Strip(255 - ink, ink, 0)


def ring(*, hole: float = 0.7) -> Any:
    """A sign 20 dots high and 14 wide with a hole in its lower part, of this share of its height."""
    ink = paper(20, 14)
    cv2.ellipse(ink, (6, 10), (6, 9), 0, 0, 360, 255, -1)
    high = round(20 * hole)
    ink[18 - high : 18, 4:9] = 0
    return ink


def five_in_two() -> Any:
    """A cell with a 5 whose bar stands apart from its bow, as a scan of thin print leaves it."""
    ink = paper(40, 40)
    ink[11:14, 14:24] = 255
    cv2.ellipse(ink, (18, 24), (6, 6), 0, -120, 120, 255, 3)
    return ink


def test_a_five_in_two_pieces_is_one_sign() -> None:
    ink = five_in_two()
    (strip,) = strips(255 - ink, ink)
    assert strip.ink.shape[0] > 17


def test_two_lines_of_digits_are_two() -> None:
    ink = paper(70, 40)
    for top in (8, 40):
        cv2.putText(ink, "12", (4, top + 20), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
    assert [strip.line for strip in strips(255 - ink, ink)] == [0, 1]


def test_a_dash_above_a_figure_is_no_sign_of_it() -> None:
    assert _cell_text([(0, "-"), (1, "5")], True) == "-\n5"
    assert _cell_text([(0, "-"), (0, "5")], True) == "- 5"
    assert _cell_text([(0, "总"), (1, "计")], True) == "总计"


@pytest.mark.parametrize(
    ("ink", "is_zero"), [(ring(), True), (ring(hole=0.35), False), (ring(hole=0), False)]
)
def test_a_ring_is_a_zero(ink: Any, is_zero: bool) -> None:
    assert _is_ring(strip_of(ink)) == is_zero


def test_two_rings_are_no_zero() -> None:
    assert not _is_ring(strip_of(np.hstack([ring(), paper(20, 4), ring()])))


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        ([("O", 0.52), ("0", 0.88), ("O", 0.6)], "0"),
        ([("O", 0.52), ("0", 0.88), ("6", 0.6)], ILLEGIBLE),
        ([("O", 0.52), ("0", 0.7), ("O", 0.6)], ILLEGIBLE),
        ([("次", 0.56), ("次", 0.99), ("欠", 0.4)], "次"),
        ([("次", 0.56), ("欠", 0.99), ("久", 0.4)], ILLEGIBLE),
    ],
)
def test_which_readings_are_believed_of_a_ring(readings: list[tuple[str, float]], text: str) -> None:
    assert _settled(strip_of(ring()), [Reading(*reading) for reading in readings]) == text


@pytest.mark.parametrize(("signs", "text"), [(2, "+5"), (1, "+5"), (3, ILLEGIBLE)])
def test_a_plus_is_a_sign_that_counts(signs: int, text: str) -> None:
    ink = np.hstack([np.pad(np.full((20, 4), 255, dtype=np.uint8), ((0, 0), (2, 2))) for _ in range(signs)])
    readings = [Reading("+5", 0.99), Reading("+5", 0.7), Reading("+5", 0.99)]
    assert _settled(strip_of(ink), readings) == text


def test_a_gap_between_digits_is_not_closed() -> None:
    assert [plain(text) for text in ("1761 66", "12 件", " 7", "1O5")] == ["1761 66", "12件", "7", "105"]


@pytest.mark.parametrize(("top", "left", "stays"), [(28, 20, True), (12, 20, False), (28, 2, False)])
def test_a_speck_at_the_foot_of_a_number_may_be_its_point(top: int, left: int, stays: bool) -> None:
    ink = paper(40, 60)
    for sign in (10, 24, 34):
        ink[10:30, sign : sign + 7] = 255
    ink[top : top + 2, left : left + 2] = 255
    no_rules = Rules(paper(40, 60), paper(40, 60))
    assert cell_ink(255 - ink, ink, no_rules, 24.0)[top, left].astype(bool) == stays


def test_strokes_of_letters_that_stand_one_above_another_are_no_rule() -> None:
    lines, level = paper(60, 120), paper(60, 120)
    lines[:, 30] = lines[:, 90] = 255
    ink = lines.copy()
    for top in (4, 18, 34, 48):
        ink[top : top + 6, 24:37] = 255
    ink[20:30, 100:110] = 255
    left = _with_room(lines, ink, level)
    assert not left[:, 30].any()
    assert left[:, 90].all()
