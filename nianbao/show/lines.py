"""A text source with its lines numbered and the figures marked in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise

from nianbao.show.marks import Drawing, Mark
from parsers.words.encoding import decode

MOST_LINES, LONGEST, AROUND, FAR = 3_000, 20_000, 40, 50
_PLACE = re.compile(r"line (\d{1,9})(?: column (\d{1,9}))?")
_BREAK = re.compile(r"\r\n|[\r\n\f]")

Span = tuple[int, int, Mark]
"""Where a mark begins and ends in its line, from 0."""


def drawn(data: bytes, marks: Mapping[str, Mark]) -> Drawing:
    """The lines; where the columns of a line are not what was read there, the whole line is marked."""
    lines = _BREAK.split(decode(data)[0])
    found: dict[int, list[tuple[int, Mark]]] = {}
    for place, mark in marks.items():
        if (numbers := _PLACE.fullmatch(place)) and int(numbers[1]) <= len(lines):
            found.setdefault(int(numbers[1]), []).append((int(numbers[2] or 1), mark))
    shown = _shown(len(lines), found)
    pieces = [_line(number, lines[number - 1], found.get(number, [])) for number in shown]
    notes = [f"共 {len(lines)} 行，只画出有数据处的上下文。 Only the lines around figures are drawn."]
    return Drawing(
        f'<div class="lines">{"".join(pieces)}</div>',
        frozenset(mark.id for several in found.values() for _, mark in several),
        notes=tuple(notes) if len(shown) < len(lines) else (),
    )


def _shown(count: int, marked: Mapping[int, object]) -> list[int]:
    if count <= MOST_LINES:
        return list(range(1, count + 1))
    near = {line for number in marked for line in range(number - AROUND, number + AROUND + 1)}
    return sorted(number for number in near or range(1, MOST_LINES) if 1 <= number <= count)


def _line(number: int, text: str, marked: list[tuple[int, Mark]]) -> str:
    spans = _spans(text, marked)
    inside = "".join(_marked(text, spans)) if spans is not None else _whole(text, [m for _, m in marked])
    return f'<div class="line"><span class="no">{number}</span><span>{inside}</span></div>'


def _spans(text: str, marked: list[tuple[int, Mark]]) -> list[Span] | None:
    """Where each mark stands; None when one of them does not stand on what was read."""
    spans: list[Span] = []
    for column, mark in sorted(marked, key=lambda pair: pair[0]):
        start = column - 1
        start += len(text[start:]) - len(text[start:].lstrip(" \u3000\u00a0"))
        raws = ["".join(figure.raw for figure in mark.figures), mark.figures[0].raw]
        raw = next((raw for raw in raws if text.startswith(raw, start)), None)
        if raw is None or (raw and text[start + len(raw) : start + len(raw) + 1].isdigit()):
            return None
        spans.append((start, start + len(raw), mark))
    overlap = any(before[1] > after[0] for before, after in pairwise(spans))
    return None if overlap else spans


def _marked(text: str, spans: list[Span]) -> Iterator[str]:
    done = 0
    for start, end, mark in spans:
        yield escape(text[done:start])
        yield f"<span {mark.attributes(start > FAR)}>{mark.label()}{escape(text[start:end])}</span>"
        done = end
    rest = text[done:]
    yield escape(rest[:LONGEST]) + (" …" if len(rest) > LONGEST else "")


def _whole(text: str, marks: list[Mark]) -> str:
    """A line in which the figures stand somewhere: one after the other, they would be marked in wrong spots."""
    names = "".join(f'<span id="{mark.id}" class="spot"></span>' for mark in marks)
    words = "本行的数字只知在行内，未逐一标出。 Read in this line, not marked one by one."
    return f'{names}<span class="quiet">{words}</span><span class="somewhere">{escape(text[:LONGEST])}</span>'
