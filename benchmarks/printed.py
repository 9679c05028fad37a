"""What a file prints, told without its reader: every cell, and every line and run of text between two breaks.

Of pages html5lib is asked, which makes the tree that a browser makes, and of OpenDocuments expat; the readers ask libxml2.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from email import message_from_bytes
from typing import cast
from xml.etree import ElementTree

import html5lib

from parsers.document import Document, Table
from parsers.readers import mhtml
from parsers.words.encoding import decode
from parsers.words.text import repair

_BREAKING = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li listing main menu nav ol optgroup "
    "option p plaintext pre section select summary table tbody td textarea tfoot th thead title tr ul xmp".split()
)
_UNSEEN = frozenset(("script", "style", "template"))
_BREAK, _CELLS = "\n", ("td", "th")
_SAID = re.compile(r':\s*(?=")')
_MARKUP = re.compile(r"<br\s*/?>", re.I), re.compile(r"\\(?=[.\-+*()\[\]#_~]|\s*(?:\||$))", re.M)
_LINE_END = re.compile(r"\r\n|[\r\n\f]")
_SPACES, _NOT_BETWEEN_DIGITS = re.compile(r"\s+"), re.compile(r"(?<!\d) | (?!\d)")
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_PART = r"(?<!\d)(?<!\d\.)", r"(?!\d(?![.．、]\D)|\.\d)"  # the number of the next row may follow: 000 2.其他
_TABLE_TAG = re.compile(r"<(/?)(?=(?:table|t[rdh]|t(?:head|body|foot)|caption)\b)", re.I)
_DOUBLE = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][-+]?\d{1,2})?", re.ASCII)
_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
_OPEN_CELLS = frozenset(f"{_NAMES}table:1.0}}{name}" for name in ("table-cell", "covered-table-cell"))
_OPEN_BREAKS = (
    frozenset(f"{_NAMES}text:1.0}}{name}" for name in ("p", "h", "line-break", "tab", "s")) | _OPEN_CELLS
)
_LOOSE = "x-"  # before the name of a tag makes it one that a browser knows nothing of


@dataclass(frozen=True, slots=True)
class Printed:
    """`cells`: what single cells say; `runs`: lines and paragraphs, in which several cells may stand."""

    cells: frozenset[str]
    runs: tuple[str, ...]

    def holds(self, raw: str) -> bool:
        """Whether one cell says just this, or a run says it with no more digits beside it."""
        wanted = plain(raw)
        if wanted in self.cells:
            return True
        before, after = (
            edge if char.isdecimal() else ""
            for edge, char in zip(_PART, wanted[:1] + wanted[-1:], strict=True)
        )
        apart = re.compile(f"{before}{re.escape(wanted)}{after}")
        return any(apart.search(run) for run in self.runs)


def plain(text: str) -> str:
    """A text as it is compared: digits of one width, white space only where it parts two of them."""
    return _NOT_BETWEEN_DIGITS.sub("", _SPACES.sub(" ", repair(text).translate(_WIDE_DIGITS)))


def as_read(documents: Iterable[Document]) -> Printed:
    """What the readers say that a file prints."""
    blocks = [block for document in documents for block in document.blocks]
    cells = (cell.text for block in blocks if isinstance(block, Table) for cell in block.cells)
    return _printed(cells, (block.text for block in blocks if not isinstance(block, Table)))


def in_source(documents: Iterable[Document], data: bytes) -> Printed | None:
    """What a page, a text or an OpenDocument prints; None for other containers."""
    containers = {document.container for document in documents}
    if containers in ({"odt"}, {"ods"}):
        return _in_open_document(data)
    if data.startswith(b"PK") or any(document.container not in ("html", "text") for document in documents):
        return None
    pages = list(_pages(data))
    lines = pages if any(document.container == "text" for document in documents) else []
    trees = [tree for page in pages if not lines or "<" in page for tree in _trees(page)]
    return _printed((text for tree in trees for text in _cells(tree)), [*lines, *map(_text, trees)])


def _in_open_document(data: bytes) -> Printed | None:
    """What an OpenDocument shows, and the values of its cells; None for one in an archive, or that expat does not take."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "content.xml" not in package.namelist():
            return None
        try:
            tree = ElementTree.fromstring(package.read("content.xml"))
        except ElementTree.ParseError:  # the names of elements have more letters in later editions of XML
            return None
    cells = [element for element in tree.iter() if element.tag in _OPEN_CELLS]
    values = (_number(cell.get(f"{_NAMES}office:1.0}}value", "")) for cell in cells)
    return _printed([*map(_shown, cells), *values], [_shown(tree)])


def _number(value: str) -> str:
    """A number as a sheet shows it with all its digits; "" for what is none."""
    if not _DOUBLE.fullmatch(value):
        return ""
    digits = f"{Decimal(value):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _shown(element: ElementTree.Element) -> str:
    edge = _BREAK if element.tag in _OPEN_BREAKS else ""
    inside = "".join(_shown(child) + _SPACES.sub(" ", child.tail or "") for child in element)
    return f"{edge}{_SPACES.sub(' ', element.text or '')}{inside}{edge}"


def _printed(cells: Iterable[str], runs: Iterable[str]) -> Printed:
    said = (line for run in runs for line in _LINE_END.split(_without_markup(run)))
    return Printed(frozenset(map(plain, cells)), tuple(filter(None, map(plain, said))))


def _without_markup(text: str) -> str:
    """A text without what converters to text leave of pages; a break parts digits."""
    breaks, escapes = _MARKUP
    return escapes.sub("", breaks.sub(" ", text))


def _pages(data: bytes) -> Iterator[str]:
    """The text of a file, or of each page that is packed into it."""
    parts = [data]
    if mhtml.claims(data):
        pages = (
            part
            for part in message_from_bytes(data.lstrip()).walk()
            if part.get_content_type() == "text/html"
        )
        parts = [page for part in pages if isinstance(page := part.get_payload(decode=True), bytes)]
    for part in parts:
        page = decode(part)[0].replace("\0", "")
        closed = page.rfind("-->") + 1
        yield page[:closed] + page[closed:].replace("<!--", "")  # what has no end hides nothing


def _trees(page: str) -> Iterator[ElementTree.Element]:
    """The tree of a page, and those of the pages that its scripts hold as strings."""
    yield _tree(page)
    if _TABLE_TAG.search(page):  # a browser shows cells outside of a table without their borders
        yield _tree(_TABLE_TAG.sub(rf"<\1{_LOOSE}", page))
    if "ontent" in page or "tml" in page:
        yield from (_tree(text) for text in _strings(page) if "<" in text)


def _tree(page: str) -> ElementTree.Element:
    return cast(ElementTree.Element, html5lib.parse(page, namespaceHTMLElements=False))


def _strings(page: str) -> Iterator[str]:
    """The strings of JSON after a colon."""
    read = json.JSONDecoder(strict=False).raw_decode
    for said in _SAID.finditer(page):
        try:
            yield read(page, said.end())[0]
        except ValueError:
            continue


def _cells(tree: ElementTree.Element) -> Iterator[str]:
    return (_text(cell) for cell in tree.iter() if _name(cell) in _CELLS)


def _name(element: ElementTree.Element) -> str:
    """The name of an element; "" for a comment."""
    return element.tag.removeprefix(_LOOSE) if isinstance(element.tag, str) else ""


def _text(element: ElementTree.Element) -> str:
    """All that is shown within an element, with its breaks; without recursion, since pages nest without end."""
    pieces: list[str] = []
    waiting: list[ElementTree.Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            pieces.append(one if one == _BREAK else _SPACES.sub(" ", one))
            continue
        name = _name(one)
        edge = _BREAK if name in _BREAKING else ""
        shown = name and name not in _UNSEEN
        pieces.append(edge)
        waiting.append(edge)
        for child in reversed(one if shown else ()):
            waiting += [child.tail or "", child]
        waiting.append(one.text or "" if shown else "")
    return "".join(pieces)
