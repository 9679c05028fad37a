"""Lines of links, as menus and lists of a site's pages have them: half of many pages, and no part of a report.

Each is an element for every line, one for its link, and often one for a date, which the parser must make. A line with one
link and nothing else says the same to a reader between two breaks.
"""

from __future__ import annotations

import re
from itertools import chain

from parsers.readers.grids import BREAK

_ATTRIBUTES = rb"""(?:\s++[a-z-]++="[^"]*+")*+"""  # to look for one character costs a third of a class of two
_WORDS = rb"[^<>\xe6]*+(?:\xe6(?!\x8a\xa5)[^<>\xe6]*+)*+"
"""In UTF-8, and without 报: of what may lead to a report, the tree tells."""
_BEGIN, _END = rb"(?:<(?:span|em|i|b)%b>)?+" % _ATTRIBUTES, rb"(?:</(?:span|em|i|b)>)?+"
_LINK = rb"<a%b>(%b)</a>" % (_ATTRIBUTES, _WORDS)
_LINE = re.compile(rb"<li%b>\s*%b\s*</li>" % (_ATTRIBUTES, _LINK))
_DATE = rb"%b([^<>]*+)%b" % (_BEGIN, _END)
_DATED = re.compile(rb"<li%b>\s*+%b(\s*+)%b(\s*+)%b\s*+</li>" % (_ATTRIBUTES, _DATE, _LINK, _DATE))
_FEW = 20  # lines that are not worth a second look
_BREAK = BREAK.encode()
_UNENDED = (b"<A", b"</A", b"<a\n", b"<a\t", b"<a>")


def as_lines(source: bytes) -> bytes:
    """A page in UTF-8, with its lines of links as lines of words; as it is where another link may have no end."""
    lines = _BREAK.join(_LINE.split(source))
    if lines.count(b"<li") > _FEW:
        lines = _dated(lines)
    ends = lines.count(b"<a ") == lines.count(b"</a>")
    return lines if ends and not any(map(lines.__contains__, _UNENDED)) else source


def _dated(source: bytes) -> bytes:
    """The page with its lines of a link beside a date, or other words, as lines of words."""
    parts, step = _DATED.split(source), _DATED.groups + 1
    words = map(b"".join, zip(*(parts[group::step] for group in range(1, step)), strict=True))
    between = chain.from_iterable(zip(words, parts[step::step], strict=True))
    return _BREAK.join((parts[0], *between))
