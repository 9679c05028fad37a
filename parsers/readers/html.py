"""HTML: the article's paragraphs and grids, whatever surrounds them.

A cell's place is `table[N]/tr[R]/td[C]`: the N-th table of the page in document order, its R-th row, the
row's C-th cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from parsers.document import Block, Container, Document, ParseError
from parsers.heading.names import FILE_TYPE
from parsers.readers.markup.outline import Outlined
from parsers.readers.markup.tree import Node, Tree, text_of, tree_of
from parsers.readers.markup.tree import root_of as body_of
from parsers.readers.markup.walk import Doubts, Walk
from parsers.remarks import Remark, RemarkKind
from parsers.words.encoding import decode
from parsers.words.text import repair

ORDER = 50
LARGEST = 8 * 1024 * 1024
SHORT_TEXT = 200  # characters; a page that shows less of its article hides it
LINES_AROUND = 3
_ANY_TAG = re.compile(
    rb"<(?:!doctype html|html|head|body|meta|title|table|div|p|span|article|ucapcontent)[\s>/]"
)
_PAGE = re.compile(rb"<(?:!doctype|head|meta|title|p|br|span|a|font|h[1-6]|li|ucapcontent)\b", re.IGNORECASE)
_BOX = re.compile(rb"<(?:div|section|article)\b", re.IGNORECASE)
_LONE_BOX = re.compile(
    rb"^[ \t]*</?(?:div|section|article)\b[^<>\n]*>[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
_EDGE = re.compile(rb"<(/?)table(?=[\s>])[^<>]*>", re.IGNORECASE)
_HIDDEN_JSON = re.compile(r'"?(?:content|contentHtml|articleContent)"?\s*:\s*("(?:[^"\\]|\\.){200,}")')
_HOLDS = (b'ontent":', b"ontent:", b'Html":', b"Html:", b"ontent :")
_PICTURE = re.compile(rb"data:[a-z]+/[a-z+.-]+;base64,[A-Za-z0-9+/=\s]{1000,}")
_TO_FILE = re.compile(rf"{FILE_TYPE}\b|down(?:load|file)", re.I)
REPORT = "报"
"""What names every report: what has it in a link may lead to one."""


def claims(data: bytes) -> bool:
    """A tag that only HTML has, near the start."""
    head = data[:4096].replace(b"\0", b"").lower()
    found = _ANY_TAG.search(head)
    if found is None or head.lstrip().startswith((b"%pdf", b"{\\rtf")):
        return False
    return _PAGE.search(head.partition(b"<table")[0]) is not None or not _is_text_around_tables(data)


def _is_text_around_tables(data: bytes) -> bool:
    """Lines of text, as converters write Markdown, in which only tables are in tags, or boxes around
    everything."""
    around = _LONE_BOX.sub(b"", b"".join(apart(data[:LARGEST])[::2]))
    lines = [line for line in around.split(b"\n") if line.strip() and not line.lstrip().startswith(b"<")]
    return len(lines) > LINES_AROUND and not (_PAGE.search(around) or _BOX.search(around))


def apart(source: bytes) -> list[bytes]:
    """A text as what stands around its tables and, in every second place, each table from its first tag to
    its last."""
    parts, done, depth, begun = [], 0, 0, 0
    for edge in _EDGE.finditer(source):
        if edge[1]:
            depth = max(0, depth - 1)
        else:
            begun, depth = (begun, depth + 1) if depth else (edge.start(), 1)
        if edge[1] and not depth and begun >= done:
            parts += [source[done:begun], source[begun : edge.end()]]
            done = edge.end()
    return [*parts, source[done:]]


def read(data: bytes) -> list[Document]:
    """One document; raises ParseError when no element can be made of the bytes.

    Of a page larger than `LARGEST` bytes only that much is read, which a remark says.
    """
    remarks: list[Remark] = []
    if len(data) > LARGEST:
        data = _PICTURE.sub(b"", data)
    if len(data) > LARGEST:
        remarks.append(Remark(RemarkKind.PAGE_CUT, {"bytes": len(data), "read": LARGEST}))
    page = text_of_page(data[:LARGEST])
    if "\ufffd" in page:
        remarks.append(Remark(RemarkKind.UNDECODED))
    tree = tree_of(page, remarks)
    shown, doubts = _shown(tree, remarks)
    if not shown.has_tables and any(mark in data for mark in _HOLDS):
        # A box of 索引号 and 发布机构 may be all that stands in the page itself; and some pages hold
        # their text twice.
        held = _held_by_scripts(page)
        shown = shown.with_text_of(held) if held.said > shown.said else shown
    meta, titles = _declared(tree)
    linked = frozenset(_linked_in(tree))
    blocks, outline = tuple(shown.blocks), shown.outline
    return [
        Document(Container.HTML, blocks, titles, meta, tuple(remarks), linked, doubts=doubts, outline=outline)
    ]


def text_of_page(data: bytes) -> str:
    """A page as text, without radicals that stand for characters; what cannot be decoded is U+FFFD."""
    return repair(decode(data)[0])


def root_of(source: bytes, remarks: list[Remark]) -> etree._Element:
    """The root of a page in UTF-8, as a tree of lxml that can be changed and written, with the tables, rows
    and cells in which places are counted. Raises ParseError.

    The parser of the reader makes the tree, and lxml reads what that writes: no second idea of torn tags.
    """
    whole = tree_of(source.decode("utf-8", "replace"), remarks).html or ""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(whole.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"the HTML cannot be parsed: {error}") from None
    if root is None:
        raise ParseError("the HTML holds no element")
    return root


class _Shown(NamedTuple):
    """The blocks of a page, and what cannot be known of its cells."""

    outlined: Outlined
    doubts: Doubts


def _shown(tree: Tree, remarks: list[Remark]) -> _Shown:
    """What the page shows; what it hides, where that is all there is of an article."""
    body, walk = body_of(tree), Walk(tree)
    shown = walk.outlined(body)
    if walk.hidden > SHORT_TEXT and not shown.has_tables:
        other = Walk(tree, reveal=True)
        revealed = other.outlined(body)
        if revealed.has_tables or shown.said - sum(trace.linked for trace in shown.traces) < SHORT_TEXT:
            remarks.append(Remark(RemarkKind.ARTICLE_HIDDEN))
            return _Shown(revealed, other.doubts)
    return _Shown(shown, walk.doubts)


def _held_by_scripts(page: str) -> Outlined:
    """The article that a script holds as an escaped JSON string (广东 gkmlpt and others)."""
    for match in _HIDDEN_JSON.finditer(page):
        try:
            content = json.loads(match.group(1))
        except ValueError:
            continue
        if isinstance(content, str) and "<" in content:
            return _outlined(content)
    return Outlined()


def blocks_of(fragment: str) -> list[Block]:
    """The blocks of a piece of HTML that stands in other text."""
    return _outlined(fragment).blocks


def _outlined(fragment: str) -> Outlined:
    tree = tree_of(f"<html><body>{fragment}</body></html>".encode("utf-8", "replace").decode())
    return Walk(tree).outlined(body_of(tree))


def _declared(tree: Tree) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """What the page declares in its head by name, and its titles and headings, the likeliest first."""
    meta: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {"ucaptitle": [], "h1": [], "h2": [], "title": []}
    for element in tree.css("meta, ucaptitle, h1, h2, title"):
        if element.tag != "meta":
            named[element.tag or ""].append(text_of(element))
            continue
        name, content = element.attributes.get("name"), (element.attributes.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.lower(), []).append(content)
    texts = [
        *meta.get("articletitle", []),
        *named["ucaptitle"],
        *named["h1"],
        *named["h2"],
        *named["title"][:1],
    ]
    titles = [title for text in texts if (title := " ".join(text.split()))]
    return meta, tuple(titles[:8])


def _linked_in(tree: Tree) -> Iterator[str]:
    """The texts of links to other pages that are called as reports are: beside an article stand its
    neighbours'."""
    for anchor in tree.css("a"):
        text = text_of(anchor)
        if REPORT in text and _leads_elsewhere(anchor):
            text = "".join(text.split())
            if "公开" in text:
                yield text


def _leads_elsewhere(anchor: Node) -> bool:
    """To another page, and not to a file or a place on this one."""
    address = anchor.attributes.get("href") or ""
    return bool(address) and not address.startswith("#") and not _TO_FILE.search(address)
