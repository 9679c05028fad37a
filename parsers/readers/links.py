"""Lines of links, as menus and lists of a site's pages have them: half of many pages, and no part of a report.

Each is an element for every line and one for its link, which the parser must make. A line with one link and nothing else
says the same to a reader between two line breaks.
"""

from __future__ import annotations

import re

from parsers.readers.grids import BREAK

_ATTRIBUTES = rb"""(?:\s++[a-z-]++="[^"]*+")*+"""  # to look for one character costs a third of a class of two
_WORDS = rb"[^<>\xe6]*+(?:\xe6(?!\x8a\xa5)[^<>\xe6]*+)*+"  # in UTF-8, and without 报: of what may be a report, the tree tells
_LINE = re.compile(rb"<li%b>\s*<a%b>(%b)</a>\s*</li>" % (_ATTRIBUTES, _ATTRIBUTES, _WORDS))
_BREAK = BREAK.encode()
_UNENDED = (b"<A", b"</A", b"<a\n", b"<a\t", b"<a>")


def as_lines(source: bytes) -> bytes:
    """A page in UTF-8, with its lines of links as lines of words; as it is where another link may have no end."""
    rest = _LINE.split(source)
    around = b"".join(rest[::2])
    if around.count(b"<a ") != around.count(b"</a>") or any(map(around.__contains__, _UNENDED)):
        return source
    return _BREAK.join(rest)
