"""Lines of links, as menus and lists of a site's pages have them: half of many pages, and no part of a report.

Each is an element for every line, one for its link, and often one for a date, which the parser must make. A line with one
link and nothing else says the same to a reader between two breaks.
"""

from __future__ import annotations

import re
from itertools import chain

from parsers.readers.grids import BREAK

_ATTRIBUTES = rb"""(?: [a-z-]++="[^"]*+")*+"""  # to look for one character costs a third of a class of two
_REPORT, _WORDS = "报".encode(), rb"[^<]*+"
_OTHER_WORDS = rb"[^<\xe6]*+(?:\xe6(?!\x8a\xa5)[^<\xe6]*+)*+"
"""In UTF-8, and without 报: of what may lead to a report, the tree tells."""
_LINK = rb"<a%b>(%%b)</a>" % _ATTRIBUTES
_LINE = rb"<li%b>\s*+%b\s*+</li>" % (_ATTRIBUTES, _LINK)
_ANY_LINE, _OTHER_LINE = re.compile(_LINE % _WORDS), re.compile(_LINE % _OTHER_WORDS)
_DATE = rb"(?:<(?:span|em|i|b)%b>)?+([^<>]*+)(?:</(?:span|em|i|b)>)?+" % _ATTRIBUTES
_DATED = re.compile(
    rb"<li%b>\s*+%b(\s*+)%b(\s*+)%b\s*+</li>" % (_ATTRIBUTES, _DATE, _LINK % _OTHER_WORDS, _DATE)
)
_FEW = 20  # links that are not worth a second look
_BREAK = BREAK.encode()
_MAY_NOT_END = re.compile(rb"<(?:a[\t\n\r\f>/]|/?A[\s>])")


def as_lines(source: bytes) -> bytes:
    """A page in UTF-8, with its lines of links as lines of words; as it is where another link may have no end."""
    parts = _ANY_LINE.split(source)
    if _REPORT in b"".join(parts[1::2]):
        parts = _OTHER_LINE.split(source)
    lines = _BREAK.join(parts)
    begun = lines.count(b"<a ")
    if begun > _FEW:
        lines = _dated(lines)
        begun = lines.count(b"<a ")
    return source if begun != lines.count(b"</a>") or _MAY_NOT_END.search(lines) else lines


def _dated(source: bytes) -> bytes:
    """The page with its lines of a link beside a date, or other words, as lines of words."""
    parts, step = _DATED.split(source), _DATED.groups + 1
    words = map(b"".join, zip(*(parts[group::step] for group in range(1, step)), strict=True))
    between = chain.from_iterable(zip(words, parts[step::step], strict=True))
    return _BREAK.join((parts[0], *between))
