"""HTML through lxml: the article's paragraphs and grids, whatever surrounds them.

Layout tables are walked through as if they were not there. A cell's place is `table[N]/tr[R]/td[C]`: the N-th table
of the page in document order, its R-th row, the row's C-th cell.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from itertools import islice
from typing import NamedTuple, cast

from lxml import etree

from parsers.document import Block, Container, Document, Paragraph, ParseError, Table
from parsers.encoding import decode
from parsers.readers.article import article_of, ends_there, up_to_its_end
from parsers.readers.grids import (
    AND,
    BREAK,
    CELL,
    CELL_BEGINS,
    CONTENT,
    GRID,
    LINKED,
    PAGE_BREAK,
    ROW,
    SPANS,
    TABLE,
    TABLE_END,
    table_of,
)
from parsers.readers.links import as_lines, linked_in, text_of
from parsers.readers.regular import MARK, RegularGrid, taken_out
from parsers.text import repair

ORDER = 50
LARGEST_BOX = 60  # cells of a box that tells of an article; a statutory table has more
LARGEST, MANY_TABLES = 8 * 1024 * 1024, 100
_ANY_TAG = re.compile(
    rb"<(?:!doctype html|html|head|body|meta|title|table|div|p|span|article|ucapcontent)[\s>/]"
)
_PAGE = re.compile(rb"<(?:!doctype|head|meta|title|p|br|span|a|font|h[1-6]|li|ucapcontent)\b", re.IGNORECASE)
_BOX = re.compile(rb"<(?:div|section|article)\b", re.IGNORECASE)
_LONE_BOX = re.compile(
    rb"^[ \t]*</?(?:div|section|article)\b[^<>\n]*>[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
_EDGE = re.compile(rb"<(/?)table(?=[\s>])[^<>]*>", re.IGNORECASE)
LINES_AROUND = 3
_HIDDEN_JSON = re.compile(r'"?(?:content|contentHtml|articleContent)"?\s*:\s*("(?:[^"\\]|\\.){200,}")')
_HOLDS = (b'ontent":', b"ontent:", b'Html":', b"Html:", b"ontent :")
_WRAPPER = re.compile(
    rb"</?(?:div|span|font|b|i|u|strong|em|section|article|center|blockquote|o:p)\b[^<>]*>", re.IGNORECASE
)
# libxml2 2.14 drops all that follows the first end tag of html, and pages go on after it.
_END = re.compile(rb"</(?:html|HTML|body|BODY)\s*>")
# The first bytes in UTF-8 of the code points that `repair` mends: a look at bytes is ten times cheaper.
_RADICAL, _COMPATIBLE = re.compile(rb"\xe2[\xba-\xbf]"), re.compile(rb"\xef[\xa4-\xab]")
_PICTURE = re.compile(rb"data:[a-z]+/[a-z+.-]+;base64,[A-Za-z0-9+/=\s]{1000,}")
_STRAY_ENDS = re.compile(rb"</(?:(p)|br)(?=[\s>])", re.IGNORECASE)
"""End tags that break a line in a browser even where nothing was begun; libxml2 drops them, and says so."""
_DROPPED = ("Unexpected end tag : p", "Unexpected end tag : br")
_LOOK = rb' (?:style="|lang="|align="|width="|class="Mso)[^<>"]*"'
_LOOKS = re.compile(rb"%b(?:%b)?+(?=[ >])" % (_LOOK, _LOOK))
"""Attributes that say how a page looks: half of what Word writes."""
_NOTHING = b"<o:p></o:p>"  # at the end of every paragraph of Word
_NO_MARKS = bytes(byte for byte in range(256) if byte not in b'<>"')
_APART = re.compile(rb"<(?:script|style)(?=[\s>])|<!--", re.IGNORECASE)
_ENDS_APART = {
    b"<script": re.compile(rb"</script\s*>", re.IGNORECASE),
    b"<style": re.compile(rb"</style\s*>", re.IGNORECASE),
    b"<!--": re.compile(b"-->"),
}
"""What may hold brackets and quotation marks of its own, and how it ends."""
_NO_TAG = re.compile(rb"<[^a-zA-Z/!?]")
_TOO_DEEP = "xcessive depth"  # libxml2 drops what is nested deeper than 2,048
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_NUMBER = "nianbao-number"
_SKIPPED = "script style noscript template select option button svg head iframe object"
_BREAKING = (
    "address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul "
    "ucapcontent ucaptitle caption title"
)
_FLATTEN = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/>
<xsl:template match="{_SKIPPED.replace(" ", "|")}"/>
<xsl:template match="{_BREAKING.replace(" ", "|")}">{BREAK}<xsl:apply-templates/>{BREAK}</xsl:template>
<xsl:template match="table[@{MARK}]" priority="2">{TABLE}<xsl:value-of select="@{_NUMBER}"/>
{GRID}<xsl:value-of select="@{MARK}"/>{TABLE_END}</xsl:template>
<xsl:template match="table[not(.//table)]" priority="1">
<xsl:apply-templates select="caption"/>{TABLE}<xsl:value-of select="@{_NUMBER}"/>
<xsl:for-each select=".//tr">{ROW}<xsl:for-each select="td|th">{CELL}
<xsl:if test="@colspan or @rowspan">{SPANS}<xsl:value-of select="@rowspan"/>{AND}<xsl:value-of select="@colspan"/>{CONTENT}</xsl:if>
<xsl:apply-templates/></xsl:for-each></xsl:for-each>{TABLE_END}
</xsl:template>
</xsl:stylesheet>"""


def claims(data: bytes) -> bool:
    """A tag that only HTML has, near the start."""
    head = data[:4096].replace(b"\0", b"").lower()
    found = _ANY_TAG.search(head)
    if found is None or head.lstrip().startswith((b"%pdf", b"{\\rtf")):
        return False
    return _PAGE.search(head.partition(b"<table")[0]) is not None or not _is_text_around_tables(data)


def _is_text_around_tables(data: bytes) -> bool:
    """Lines of text, as converters write Markdown, in which only tables are in tags, or boxes around everything."""
    around = _LONE_BOX.sub(b"", b"".join(apart(data[:LARGEST])[::2]))
    lines = [line for line in around.split(b"\n") if line.strip() and not line.lstrip().startswith(b"<")]
    return len(lines) > LINES_AROUND and not (_PAGE.search(around) or _BOX.search(around))


def apart(source: bytes) -> list[bytes]:
    """A text as what stands around its tables and, in every second place, each table from its first tag to its last."""
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

    Of a page larger than `LARGEST` bytes only that much is read, and a page nested deeper than the parser goes is
    read without its wrappers; both are said in a warning.
    """
    warnings: list[str] = []
    if len(data) > LARGEST:
        data = _PICTURE.sub(b"", data)
    if len(data) > LARGEST:
        warnings.append(f"the page has {len(data)} bytes; only the first {LARGEST} were read")
    page = data[:LARGEST]
    root, article, grids, source, torn, whole = _parsed(page, warnings)
    if not whole:
        warnings.append("some characters could not be decoded")
    meta, titles = _said_of_itself(root)
    blocks = list(_numbered_blocks(article, root, grids))
    has_tables = any(isinstance(block, Table) and len(block.texts) > LARGEST_BOX for block in blocks)
    hidden = (
        _hidden_text(_in_utf8(page)[0].decode())
        if not has_tables and any(mark in page for mark in _HOLDS)
        else None
    )
    # A box of 索引号 and 发布机构 may be all that stands in the page itself; and some pages hold their text twice.
    held = list(_numbered_blocks(hidden, hidden)) if hidden is not None else []
    if held and _length(held) > _length(blocks):
        blocks += held
    named, linked = tuple(_titles(titles, meta)), frozenset(linked_in(root, source))
    return [
        Document(Container.HTML, tuple(blocks), named, meta, tuple(warnings), linked, torn and has_tables)
    ]


class _Parsed(NamedTuple):
    """A page as its tree, with the element of its article, and the grids that were read before and have their places in it.

    `source`: what the tree was made of. `torn`: tags of its tables are damaged. `whole`: each of its bytes could be decoded.
    """

    root: etree._Element
    article: etree._Element
    grids: Sequence[RegularGrid]
    source: bytes
    torn: bool
    whole: bool


def _parsed(page: bytes, warnings: list[str]) -> _Parsed:
    lines, grids, stops = _shortened(page)
    source, encoding, whole = _in_utf8(lines)
    if encoding != "utf-8" or not whole:
        page, _, whole = _in_utf8(page)
        source, grids, stops = _shortened(page)
    shown, torn = plain(source)
    if grids and not torn:
        said: list[str] = []
        root = root_of(shown, said)
        article = article_of(root, stand_ins=True)
        if _are_placed(root, len(grids)) and (not stops or ends_there(root, article)):
            warnings += said
            return _Parsed(root, article, grids, shown, torn, whole)
    if grids:  # what looks regular may be no table, or a part of one: the tree alone tells
        source, _, whole = _in_utf8(page)
        shown, torn = plain(as_lines(source))
    root = root_of(shown, warnings)
    return _Parsed(root, article_of(root, stand_ins=False), (), shown, torn, whole)


def _shortened(page: bytes) -> tuple[bytes, Sequence[RegularGrid], bool]:
    """The page without all that need not be parsed; its grids; and whether it stops at the end of its article."""
    rest, grids = taken_out(page)
    short = up_to_its_end(rest, len(grids))
    return as_lines(short), grids, short is not rest


def _are_placed(root: etree._Element, grids: int) -> bool:
    """Whether each grid has its table in the tree, outside of titles and links."""
    tables = [table for table in root.iter("table") if table.get(MARK)]
    within = (next(table.iterancestors("a", "h1", "h2", "title", "ucaptitle"), None) for table in tables)
    return len(tables) == grids and all(one is None for one in within)


def _in_utf8(source: bytes) -> tuple[bytes, str, bool]:
    """The page in UTF-8, without radicals that stand for characters; its encoding, and whether that fits each byte."""
    text, encoding = decode(source)
    whole = "\ufffd" not in text
    if encoding != "utf-8" or not whole or _RADICAL.search(source) or _COMPATIBLE.search(source):
        source = repair(text).encode("utf-8", "replace")
    return source, encoding, whole


@cache
def _flattening() -> etree.XSLT:
    """The walk over the tree, done by libxslt: several times faster than one in Python."""
    lines = "".join(line.strip() for line in _FLATTEN.splitlines())
    return etree.XSLT(etree.XML(lines))


def flattened(element: etree._Element) -> str:
    """All that is printed within an element in reading order, with marks for breaks, grids, rows and cells.

    Raises ParseError for what is nested too deep.
    """
    if next(islice(element.iter("table"), MANY_TABLES, None), None) is not None:
        element = deepcopy(
            element
        )  # within a larger tree libxslt compares places by walking over all siblings
        element.tail = None
    try:
        return str(cast(bytes, _flattening()(element)), "utf-8")  # lxml's own str looks for a declaration
    except etree.XSLTApplyError as error:
        raise ParseError(f"the HTML cannot be read: {error}") from None


def plain(source: bytes) -> tuple[bytes, bool]:
    """A page without what says how its tables look, and whether tags of theirs are torn.

    To leave it out takes less time than to parse it. Where quotation marks or brackets do not pair, all stays as it is:
    tables, rows and cells are always the same.
    """
    first, last = source.find(b"<table"), source.rfind(b"</table")
    if first < 0:
        return source, False
    last = last if last > first else len(source)
    tables = b"".join(_LOOKS.split(source[first:last])).replace(_NOTHING, b"")
    if not _is_whole(tables):
        return source, True
    return b"".join((source[:first], tables, source[last:])), False


def root_of(source: bytes, warnings: list[str]) -> etree._Element:
    """The root of a page in UTF-8, without scripts; what could not be parsed as it is goes into `warnings`.

    Places are counted in this tree, so who looks for one must make it here. Raises ParseError.
    """
    root, complete = _parse(source)
    if not complete:
        root, complete = _parse(_WRAPPER.sub(b"\n", source))
        rest = "it was read without its wrappers" if complete else "what is nested deepest was not read"
        warnings.append(f"the page is nested too deep to be parsed as it is: {rest}")
    return root


def _parse(source: bytes) -> tuple[etree._Element, bool]:
    """The root, and whether the parser reached the end."""
    source = _uncut(source)
    root, said = _tree(source)
    if any(message.startswith(_DROPPED) for message in said):
        root, said = _tree(_STRAY_ENDS.sub(_breaking, source))
    return root, not any(_TOO_DEEP in message for message in said)


def _is_whole(markup: bytes) -> bool:
    """Whether all brackets are those of tags, and quotation marks pair, with no bracket between two of them."""
    return _pairs(markup) or (_APART.search(markup) is not None and _pairs(b"".join(_outside(markup))))


def _outside(markup: bytes) -> Iterator[bytes]:
    """What stands outside of scripts, styles and comments; time grows with the length, also where none has an end."""
    place = 0
    for begin in _APART.finditer(markup):
        if begin.start() >= place:
            yield markup[place : begin.start()]
            end = _ENDS_APART[begin[0].lower()].search(markup, begin.end())
            if end is None:
                return
            place = end.end()
    yield markup[place:]


def _pairs(markup: bytes) -> bool:
    marks = markup.translate(None, _NO_MARKS).replace(b'""', b"")
    return marks == b"<>" * (len(marks) // 2) and not _NO_TAG.search(markup)


def _uncut(source: bytes) -> bytes:
    """UTF-8 without what would cut the page short; most pages need nothing taken out."""
    if b"\0" in source:
        source = source.replace(b"\0", b"")
    end = _END.search(source)
    return _END.sub(b"", source) if end and source[end.end() :].strip() not in (b"", b"</html>") else source


def _breaking(end: re.Match[bytes]) -> bytes:
    """What breaks the line where this end tag stands."""
    return b"\n" + end[0] if end[1] else b"<br"


class _OfThread(threading.local):
    """The parser for all pages that a thread reads: what it needs to begin with is made once."""

    def __init__(self) -> None:
        self.parser = etree.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
        )


_of_thread = _OfThread()


def _tree(source: bytes) -> tuple[etree._Element, list[str]]:
    """The root of a page, and what the parser complained about; raises ParseError."""
    parser = _of_thread.parser
    try:
        root = etree.fromstring(source, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"the HTML cannot be parsed: {error}") from None
    if root is None:
        raise ParseError("the HTML holds no element")
    return root, [entry.message for entry in parser.error_log]


def _titles(found: Mapping[str, list[str]], meta: Mapping[str, list[str]]) -> list[str]:
    named = [text for tag in ("ucaptitle", "h1", "h2") for text in found.get(tag, [])]
    texts = [*meta.get("articletitle", []), *named, *found.get("title", [])[:1]]
    return [title for text in texts if (title := " ".join(text.split()))][:8]


def _said_of_itself(root: etree._Element) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What the page declares in its head by name, and the texts of its titles and headings by tag."""
    meta: dict[str, list[str]] = {}
    titles: dict[str, list[str]] = {}
    for element in root.iter("meta", "ucaptitle", "h1", "h2", "title"):
        if element.tag != "meta":
            titles.setdefault(element.tag, []).append(text_of(element))
            continue
        name, content = element.get("name"), (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.lower(), []).append(content)
    return meta, titles


def _hidden_text(page: str) -> etree._Element | None:
    """The article that a script holds as an escaped JSON string (广东 gkmlpt and others; field/sites.md 4.5)."""
    for match in _HIDDEN_JSON.finditer(page):
        try:
            content = json.loads(match.group(1))
        except ValueError:
            continue
        if isinstance(content, str) and "<" in content:
            return _parse(f"<html><body>{content}</body></html>".encode("utf-8", "replace"))[0]
    return None


def _length(blocks: list[Block]) -> int:
    """How many characters these blocks say."""
    return sum(
        sum(map(len, block.texts)) if isinstance(block, Table) else len(block.text) for block in blocks
    )


def blocks_of(fragment: str) -> list[Block]:
    """The blocks of a piece of HTML that stands in other text."""
    root, _ = _parse(f"<html><body>{fragment}</body></html>".encode("utf-8", "replace"))
    return list(_numbered_blocks(root, root))


def _numbered_blocks(
    article: etree._Element, root: etree._Element, grids: Sequence[RegularGrid] = ()
) -> Iterator[Block]:
    for number, table in enumerate(root.iter("table"), 1):
        table.set(_NUMBER, str(number))
    flat = flattened(article).replace(PAGE_BREAK, "").replace(LINKED, "")
    return _blocks(flat, grids)


def _blocks(flat: str, grids: Sequence[RegularGrid]) -> Iterator[Block]:
    """Paragraphs and data tables in order, from the flattened page and the grids that were taken out of it."""
    prose, *tables = flat.split(TABLE)
    yield from _paragraphs(prose)
    for flat_table in tables:
        printed, _, prose = flat_table.partition(TABLE_END)
        number, _, grid = printed.partition(GRID)
        table = grids[int(grid)].table(number) if grid else table_of(printed)
        if table is None:
            rows = printed.partition(ROW)[2].replace(ROW, BREAK)
            yield from _paragraphs(CELL_BEGINS.sub(BREAK, rows))
        elif table.texts:
            yield table
        yield from _paragraphs(prose)


def _paragraphs(prose: str) -> Iterator[Paragraph]:
    for run in _SPACES.sub(" ", prose).split(BREAK):
        if run and not run.isspace():
            yield Paragraph(run.strip(" "))
