"""Numbers are read twice, from two pictures of the same print; what does not agree is not believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np

from parsers.readers.ocr import ILLEGIBLE
from parsers.readers.ocr.engine import Gray, Reading, recognise
from parsers.readers.ocr.lines import Strip

SURE = 0.8
VERY_SURE = 0.9
FAIRLY_SURE = 0.6
UNSURE = 0.5
HOLES = dict(zip("0123456789", (1, 0, 0, 0, 1, 0, 1, 0, 2, 1), strict=True))
LEAST_HOLE = 3  # dots
RING = 0.6  # of the height of a 0 is its hole, at least
NUMBER_LIKE = re.compile(r"[0-9０-９OoQDIl|〇○,，.．。%％＋+()（）~_\-—–―ー一/／\\\s]+[件条个次万元项]{0,2}")
GAPS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")  # between two digits a point may be lost
UNIT = re.compile(r"[件条个次万元项]{1,2}$")
SIGNS = str.maketrans("０１２３４５６７８９OoQD〇○Il|，．。／ー―–", "01234567890000001" + "11,../———")
BAR, SHORT_BAR, LONGEST_BAR = (
    8,
    14,
    90,
)  # dots: how thick a dash is at most, how short a hyphen, how long a dash
DASHES = re.compile(r"[-—一~_]{1,3}")


def is_number_like(text: str) -> bool:
    """Could this be meant as a figure (or a dash in place of one)? An empty reading could."""
    return not text or NUMBER_LIKE.fullmatch(text) is not None


def believed(strips: Sequence[Strip], first: Sequence[Reading]) -> list[str]:
    """The text of each strip; a number is believed when two readings agree, else it is ILLEGIBLE.

    A strip that reads as words keeps its first reading. Print whose separate signs are not as
    many as the digits that were read needs a third reading that agrees too.
    """
    dashes = {number: dash for number, strip in enumerate(strips) if (dash := _dash(strip))}
    doubtful = [n for n, reading in enumerate(first) if n not in dashes and _is_doubtful(reading)]
    second = dict(zip(doubtful, recognise([_inked(strips[n]) for n in doubtful]), strict=True))
    texts = [dashes.get(number, reading.text) for number, reading in enumerate(first)]
    open_: list[int] = []
    for number, other in second.items():
        if _agree([first[number], other], SURE) and _counts(strips[number], plain(other.text)):
            texts[number] = plain(first[number].text)
        else:
            open_.append(number)
    third = recognise([_enlarged(strips[number]) for number in open_])
    for number, last in zip(open_, third, strict=True):
        texts[number] = _settled(strips[number], [first[number], second[number], last])
    return texts


def _dash(strip: Strip) -> str:
    """The dash that a strip is, told by its shape: one thin bar. Recognisers take it for 一, _, ~ or
    nothing."""
    height, width = strip.ink.shape
    solid = bool((strip.ink > 0).mean() > 0.6)
    if not (solid and height <= BAR and 1.5 * height <= width <= LONGEST_BAR):
        return ""
    return "-" if width < SHORT_BAR else "—"


def plain(text: str) -> str:
    """A number with the signs it was mistaken for put right: O for 0, l for 1, 一 for a dash."""
    if not is_number_like(text):
        return text
    unit = UNIT.search(text)
    body = text[: unit.start()] if unit else text
    body = GAPS.sub("", body.translate(SIGNS))
    if DASHES.fullmatch(body):
        return "—" if body != "-" else body
    return body + (unit[0] if unit else "")


def _is_doubtful(reading: Reading) -> bool:
    return is_number_like(reading.text) or (len(reading.text) <= 2 and reading.score < SURE)


def _agree(readings: Sequence[Reading], least: float) -> bool:
    texts = {plain(reading.text) for reading in readings}
    return len(texts) == 1 and texts != {""} and min(reading.score for reading in readings) >= least


def _settled(strip: Strip, readings: list[Reading]) -> str:
    """Three readings: all agree and are very sure, or agree on what the shape of the print confirms, or two
    do."""
    if _agree(readings, VERY_SURE) or (_agree(readings, 0) and _is_confirmed(strip, readings)):
        return plain(readings[0].text)
    for pair in combinations(readings, 2):
        text, most = plain(pair[0].text), max(reading.score for reading in pair)
        if _agree(pair, SURE) and text.removeprefix("+").isdigit() and _counts(strip, text):
            return text
        if _agree(pair, UNSURE) and most >= VERY_SURE and not is_number_like(text):
            return text  # a word of one or two signs
    return ILLEGIBLE


def _is_confirmed(strip: Strip, readings: Sequence[Reading]) -> bool:
    """Does the shape of the print confirm digits on which all readings agree, though not all are sure?"""
    scores, text = [reading.score for reading in readings], plain(readings[0].text)
    if text == "0" and max(scores) >= SURE and _is_ring(strip):
        return True
    sure = min(scores) >= FAIRLY_SURE and max(scores) >= VERY_SURE
    return sure and text.isdigit() and _counts(strip, text) and _has_holes_of(strip, text)


def _counts(strip: Strip, text: str) -> bool:
    """Are there as many separate signs as digits, of which a plus may be one? Only plain digits can be
    counted."""
    digits = text.removeprefix("+")
    if not digits.isdigit():
        return True
    _, _, stats, _ = cv2.connectedComponentsWithStats(strip.ink, connectivity=8)
    signs = int((stats[1:, cv2.CC_STAT_HEIGHT] >= 0.5 * strip.ink.shape[0]).sum())
    return len(digits) <= signs <= len(text)


def _has_holes_of(strip: Strip, text: str) -> bool:
    """Are there as many holes in the print as these digits have (a 4 may be open)?"""
    most = sum(HOLES[sign] for sign in text)
    return most - text.count("4") <= len(_holes(strip)) <= most


def _holes(strip: Strip) -> list[int]:
    """The heights of the holes in the print, in dots."""
    padded = cv2.copyMakeBorder(255 - strip.ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    _, _, stats, _ = cv2.connectedComponentsWithStats(padded, connectivity=4)
    inner = stats[1:][(stats[1:, cv2.CC_STAT_LEFT] > 0) & (stats[1:, cv2.CC_STAT_AREA] >= LEAST_HOLE)]
    return [int(height) for height in inner[:, cv2.CC_STAT_HEIGHT]]


def _is_ring(strip: Strip) -> bool:
    """Is it one sign around one hole nearly as high as itself? Of the digits this is 0 alone."""
    height, width = strip.ink.shape
    holes = _holes(strip)
    return _counts(strip, "0") and len(holes) == 1 and RING * height <= holes[0] and width <= height


def _inked(strip: Strip) -> Gray:
    """The bare ink, black on white, twice as large and soft, with a wider margin."""
    large = cv2.resize(strip.ink, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    margin = max(6, large.shape[0] // 2)
    framed = cv2.copyMakeBorder(255 - large, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(cv2.GaussianBlur(framed, (3, 3), 0), dtype=np.uint8)


def _enlarged(strip: Strip) -> Gray:
    """The grey dots, three times as large, with the contrast stretched."""
    large = cv2.resize(strip.gray, None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
    darkest, lightest = int(large.min()), max(int(large.max()), int(large.min()) + 1)
    return ((large.astype(np.float32) - darkest) * (255 / (lightest - darkest))).astype(np.uint8)
