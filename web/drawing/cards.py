"""The card of a figure: a picture of 1200 by 630 that says what was printed, where, and how it proves.

One layout, drawn as SVG by the browser's fonts and as PNG by a font of this machine.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
"""What sites that show a link take without cutting it."""
PAPER, INK, QUIET = "#ffffff", "#1d2126", "#5b626a"
COLOURS = {"proven": "#23683f", "contradicted": "#a8201a"}
FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
FILES = (
    "opentype/noto/NotoSansCJK-Regular.ttc",
    "truetype/noto/NotoSansCJK-Regular.ttc",
    "google-noto-cjk/NotoSansCJK-Regular.ttc",
    "noto-cjk/NotoSansCJK-Regular.ttc",
    "truetype/wqy/wqy-microhei.ttc",
    "wqy-microhei/wqy-microhei.ttc",
    "truetype/droid/DroidSansFallbackFull.ttf",
)
"""Where Debian, Fedora and Arch keep fonts with Chinese characters, below /usr/share/fonts."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where its foot begins, its size in dots, its colour."""

    text: str
    y: int
    size: int
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, in the words of one language; `proof` is the member of the closed set, for its colour."""

    about: str
    label: str
    value: str
    proof: str
    proof_said: str
    foot: str

    def lines(self) -> list[Line]:
        """The lines of the picture, from the top; what is too long for its line is cut."""
        placed = [
            (self.about, 110, 34, QUIET),
            (self.label, 190, 44, INK),
            (self.value, 390, 150, INK),
            (self.proof_said, 480, 36, COLOURS.get(self.proof, QUIET)),
            (self.foot, 576, 26, QUIET),
        ]
        return [Line(cut(text, size), y, size, colour) for text, y, size, colour in placed]


def cut(text: str, size: int) -> str:
    """As much of a text as a line of this size holds; a Chinese character is as wide as it is high, a letter half."""
    room = float(WIDTH - 2 * MARGIN)
    for at, sign in enumerate(text):
        room -= size if ord(sign) > 0x2E7F else size * 0.58
        if room < 0:
            return text[: max(at - 1, 0)] + "…"
    return text


def svg(card: Card, lang: str) -> str:
    """The card as an SVG file."""
    shape = Markup('<text x="{}" y="{}" font-size="{}" fill="{}">{}</text>')
    drawn = Markup("\n").join(shape.format(MARGIN, e.y, e.size, e.colour, e.text) for e in card.lines())
    frame = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' xml:lang="{}" font-family="{}">\n<title>{}</title>\n<rect width="{}" height="{}" fill="{}"/>\n'
        '<rect width="{}" height="16" fill="{}"/>\n{}\n</svg>\n'
    )
    bar = COLOURS.get(card.proof, QUIET)
    title = f"{card.about} {card.label} {card.value}"
    return str(
        frame.format(
            WIDTH, HEIGHT, WIDTH, HEIGHT, lang, FONTS, title, WIDTH, HEIGHT, PAPER, WIDTH, bar, drawn
        )
    )


@cache
def font_file(folders: Sequence[Path] = (Path("/usr/share/fonts"),)) -> Path | None:
    """A font of this machine that has Chinese characters; None where there is none."""
    return next((folder / name for folder in folders for name in FILES if (folder / name).is_file()), None)


def png(card: Card, font: Path) -> bytes:
    """The card as a PNG, in a font that has Chinese characters."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 15), fill=COLOURS.get(card.proof, QUIET))
    for line in card.lines():
        face = ImageFont.truetype(str(font), line.size)
        draw.text((MARGIN, line.y), line.text, fill=line.colour, font=face, anchor="ls")
    target = io.BytesIO()
    image.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()
