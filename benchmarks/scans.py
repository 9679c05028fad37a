"""Scanned reports with known truth: cells right, absent, wrong and silently wrong, by the resolution of the scan."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random
from time import monotonic
from typing import Any

from rich.console import Console
from rich.table import Table

from parsers.report import parse
from sample.forms.pdf import pdf_of
from sample.forms.sheet import Sheet
from tests.corpus.documents import sheets
from tests.corpus.grading import Grade, grade

RESOLUTIONS = (70, 100, 150, 200, 300)
GENERATIONS = ("G2014S", "G2019", "G2021")
BAR, BARRED = 0.99, 200
"""From so many dots an inch on so much must be right; silent may be nothing at any resolution."""
_POINTS = 72
_MOST_SKEW, _NOISE, _QUALITY = 0.8, 9, 70


def run(seed: int, resolutions: tuple[int, ...] = RESOLUTIONS) -> bool:
    """Print a row a resolution; whether the bars are held."""
    table = Table(title="scans of three reports: a little askew, with noise, as JPEG")
    for column in ("dots an inch", "right", "absent", "wrong, named", "silent", "right %", "s a page"):
        table.add_column(column, justify="right")
    held = True
    for dpi in resolutions:
        result, seconds, pages = measured(dpi, seed)
        named = result.wrong - result.silent
        counts = (dpi, result.right, result.missing, named, result.silent, f"{100 * result.share:.2f}")
        table.add_row(*map(str, counts), f"{seconds / pages:.1f}")
        held &= not result.silent and (dpi < BARRED or result.share >= BAR)
    Console(width=120).print(table)
    return held


def measured(dpi: int, seed: int) -> tuple[Grade, float, int]:
    """The grade of all reports at a resolution, with the seconds that reading took and the pages."""
    whole, seconds, pages = Grade(), 0.0, 0
    for generation in GENERATIONS:
        sheet = fullest(generation, seed)
        pictures = list(scanned(pdf_of(sheet), dpi, Random(f"{seed} {generation} {dpi}")))
        start = monotonic()
        whole += grade(sheet, parse(wrapped(pictures, dpi)))
        seconds, pages = seconds + monotonic() - start, pages + len(pictures)
    return whole, seconds, pages


def fullest(generation: str, seed: int) -> Sheet:
    """The report of a sample country with the fewest cells that are 0."""
    return max(sheets(generation, seed), key=lambda sheet: sum(map(bool, sheet.figures.values())))


def scanned(data: bytes, dpi: int, random: Random) -> Iterator[Any]:
    """The pages of a PDF as a scanner makes them: gray, a little askew, not quite white, with noise."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    chance = np.random.default_rng(random.randrange(2**32))
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=dpi / _POINTS).to_pil().convert("L")
        askew = random.uniform(-_MOST_SKEW, _MOST_SKEW)
        turned = np.asarray(
            picture.rotate(askew, resample=Image.Resampling.BICUBIC, fillcolor=255), dtype=float
        )
        inked = 20 + turned * 0.9 + chance.normal(0, _NOISE, turned.shape)
        yield Image.fromarray(inked.clip(0, 255).astype("uint8"))


def wrapped(pictures: list[Any], dpi: int) -> bytes:
    """A PDF of nothing but these pictures, each as JPEG."""
    out = io.BytesIO()
    first, *rest = pictures
    first.save(out, "PDF", resolution=dpi, save_all=True, append_images=rest, quality=_QUALITY)
    return out.getvalue()
