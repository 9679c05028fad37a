"""Lines of links, as menus and lists of a site's pages have them: half of many pages, and no part of a report.

Each is an element for every line, one for its link, and often one for a date, which the parser must make. A line with one
link and nothing else says the same to a reader between two breaks; one that may lead to another report stands between
marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import cast

from lxml import etree

from parsers.names import FILE_TYPE
from parsers.readers.grids import BREAK, LINKED

_ATTRIBUTES = rb"""(?: [a-z-]++="[^"]*+")*+"""  # to look for one character costs a third of a class of two
REPORT = "报"
"""What names every report: what has it in a link may lead to one."""
_LINK = rb"<a(%b)>([^<]*+)</a>" % _ATTRIBUTES
_WORDS = rb"<a%b>([^<]*+)</a>" % _ATTRIBUTES
_LINE = rb"<li%b>\s*+%%b\s*+</li>" % _ATTRIBUTES
_LINE_OF_WORDS, _LINE_OF_LINK = re.compile(_LINE % _WORDS), re.compile(_LINE % _LINK)
_DATE = rb"(?:<(?:span|em|i|b)%b>)?+([^<>]*+)(?:</(?:span|em|i|b)>)?+" % _ATTRIBUTES
_DATED = re.compile(rb"<li%b>\s*+%b(\s*+)%b(\s*+)%b\s*+</li>" % (_ATTRIBUTES, _DATE, _LINK, _DATE))
_FEW = 20  # links that are not worth a second look
_BREAK, _MARK, _REPORT = BREAK.encode(), LINKED.encode(), REPORT.encode()
_UNMARKED = {ord(BREAK): "\n", ord(LINKED): None}
_MAY_NOT_END = re.compile(rb"<(?:a[\t\n\r\f>/]|/?A[\s>])")
_TO_FILE = re.compile(rf"{FILE_TYPE}\b|down(?:load|file)".encode(), re.I)
_HOLD_NO_LINKS = ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
_ADDRESS = re.compile(rb' href="([^"]*+)"')


def as_lines(source: bytes) -> bytes:
    """A page in UTF-8, with its lines of links as lines of words; as it is where another link may have no end."""
    parts = _LINE_OF_WORDS.split(source)
    if _REPORT in b"".join(parts[1::2]):
        if _MARK in source:
            return source
        links = _LINE_OF_LINK.split(source)
        parts[1::2] = map(_marked, links[1::3], links[2::3])
    lines = _BREAK.join(parts)
    begun = lines.count(b"<a ")
    if begun > _FEW:
        lines = _dated(lines)
        begun = lines.count(b"<a ")
    return source if begun != lines.count(b"</a>") or _MAY_NOT_END.search(lines) else lines


def _marked(attributes: bytes, words: bytes) -> bytes:
    """The words of a link, between marks where it may lead to another report."""
    address = _ADDRESS.search(attributes) if _REPORT in words else None
    return b"".join((_MARK, words, _MARK)) if address and _leads_elsewhere(address[1]) else words


def _dated(source: bytes) -> bytes:
    """The page with its lines of a link beside a date, or other words, as lines of words."""
    parts, step = _DATED.split(source), _DATED.groups + 1
    before, blank, attributes, words, other, after = (parts[group::step] for group in range(1, step))
    if _REPORT in b"".join(words):
        words = list(map(_marked, attributes, words))
    lines = map(b"".join, zip(before, blank, words, other, after, strict=True))
    return _BREAK.join((parts[0], *chain.from_iterable(zip(lines, parts[step::step], strict=True))))


def _leads_elsewhere(address: bytes) -> bool:
    """To another page, and not to a file or a place on this one."""
    return bool(address) and not address.startswith(b"#") and not _TO_FILE.search(address)


def text_of(element: etree._Element) -> str:
    """All text within an element, with line feeds for the breaks that lines of links left."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False).translate(_UNMARKED)


@cache
def _links_to_reports() -> tuple[etree.XPath, etree.XPath]:
    """Asked of libxml2, which takes half the time of a loop over all links: those left in the page, and words with marks."""
    hidden = " or ".join(f"parent::{name}" for name in _HOLD_NO_LINKS)
    words = f"descendant::text()[contains(., '{LINKED}')][not({hidden})]"
    return etree.XPath(f"descendant-or-self::a[contains(., '{REPORT}')]"), etree.XPath(
        words, smart_strings=False
    )


def linked_in(root: etree._Element, source: bytes) -> Iterator[str]:
    """The texts of links to other pages that are called as reports are: beside an article stand its neighbours'.

    `source`: what the tree was made of.
    """
    links, words = _links_to_reports()
    for anchor in cast(list[etree._Element], links(root)):
        if _leads_elsewhere(anchor.get("href", "").encode()):
            yield from _called_as_reports(["".join(text_of(anchor).split())])
    for text in cast(list[str], words(root)) if _MARK in source else ():
        yield from _called_as_reports("".join(text.split()).split(LINKED)[1::2])


def _called_as_reports(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if REPORT in text and "公开" in text]
