"""Pages as converters make text of them, each page in every way: nothing that is read of such a text may be wrong in silence.

The ways are those of texts of reports that were met: rows with bars or blanks between their cells, filled up to the width of
the table or not, a line for each cell; with blank cells, or without them as some converters leave them out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lxml import etree, html
from rich.console import Console

from benchmarks.corpus import measure
from parsers.words.encoding import decode
from tests.corpus.documents import Drawn, corpus

Way = Callable[[Sequence[str], int], str]
"""From the cells of a row and the width of its table to the line, or lines, of the row."""
WAYS: dict[str, Way] = {
    "bars around": lambda cells, width: f"| {' | '.join(cells)} | {'|' * (width - len(cells))}",
    "bars behind": lambda cells, width: f"{' | '.join(cells)} | {'|' * (width - len(cells))}",
    "bars between": lambda cells, _: "|".join(cells),
    "tabs": lambda cells, _: "\t".join(cells),
    "blanks": lambda cells, _: " ".join(cells),
    "wide blanks": lambda cells, _: "  ".join(cells),
    "a line a cell": lambda cells, _: "\n".join(cells),
    "a line a cell and bar": lambda cells, _: "\n|\n".join([*cells, ""]),
}
_DECLARED = re.compile(r"charset=[\w-]+|<\?xml[^>]*>")
_ENDS_LINE = frozenset("p div h1 h2 h3 h4 li ul br section center table".split())
_UNSEEN = "script style head template".split()
_IN_SCRIPTS = "content_in_script"
_MARK = "\x00"


def run(size: int, seed: int, failures: int = 0) -> int:
    """Print a row for each way; gives the number of silent errors."""
    title = f"{size} pages, each as text in {2 * len(WAYS)} ways"
    return measure(Console(width=120), title, flattened(size, seed), failures)


def flattened(size: int, seed: int) -> Iterator[Drawn]:
    """The first `size` pages of the corpus with words of their own, in every way, which is named in the place of the quirk."""
    pages = (drawn for drawn in corpus(sys.maxsize, seed) if drawn.container == "html")
    for drawn in islice((drawn for drawn in pages if drawn.quirk != _IN_SCRIPTS), size):
        yield from in_every_way(drawn)


def in_every_way(page: Drawn) -> Iterator[Drawn]:
    """A page as text, in every way."""
    for name, way in WAYS.items():
        for kept in (True, False):
            told = f"{name}{'' if kept else ', no blank cells'}"
            yield replace(page, quirk=told, container="text", data=text_of(page.data, way, kept=kept))


def text_of(page: bytes, way: Way, *, kept: bool = True) -> bytes:
    """The words of a page, its tables in this way; `kept`: with their blank cells."""
    source = _DECLARED.sub("", decode(page)[0]).replace(_MARK, "")
    root = html.document_fromstring(source)
    etree.strip_elements(root, *_UNSEEN, etree.Comment, with_tail=False)
    pieces = "".join(_pieces(root, way, kept=kept)).split(_MARK)
    pieces[::2] = [words.strip() for words in pieces[::2]]  # between them stand tables
    lines = "\n".join(pieces).split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip()).encode()


def _pieces(element: etree._Element, way: Way, *, kept: bool) -> Iterator[str]:
    ends = "\n" if element.tag in _ENDS_LINE else ""
    if element.tag == "table" and element.find(".//table") is None:
        yield f"{_MARK}{_table(element, way, kept=kept)}{_MARK}"
    else:
        yield ends + (element.text or " ").replace("\n", " ")
        for child in element:
            yield from _pieces(child, way, kept=kept)
    yield ends + (element.tail or "").replace("\n", " ")


def _table(table: etree._Element, way: Way, *, kept: bool) -> str:
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    width = max((sum(map(_span, row)) for row in rows), default=0)
    texts = ([" ".join("".join(map(str, cell.itertext())).split()) for cell in row] for row in rows)
    return "\n".join(way([text for text in row if text or kept], width) for row in texts)


def _span(cell: etree._Element) -> int:
    declared = cell.get("colspan", "1")
    return int(declared) if declared.isdecimal() and len(declared) < 3 else 1
