"""HTML through lxml: the article's paragraphs and grids, whatever surrounds them.

Layout tables are walked through as if they were not there. A cell's place is `table[N]/tr[R]/td[C]`: the N-th table
of the page in document order, its R-th row, the row's C-th cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache
from itertools import islice

from lxml import etree

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.encoding import decode
from parsers.text import repair

ORDER = 50
WIDEST, TALLEST, LONGEST_CELL, MOST_CELLS, MOST_COLUMNS = 60, 200, 400, 20_000, 1000
LARGEST_BOX = 60  # cells of a box that tells of an article; a statutory table has more
LARGEST, SHORT, MANY_TABLES = 8 * 1024 * 1024, 200, 100
_ARTICLE = (
    "zoom zoomcon zoomContent UCAP-CONTENT ucapcontent vsb_content vsb_content_4 J_content articleContent "
    "ivs_content TRS_Editor TRS_UEDITOR trs_editor_view v_news_content article-content Article_content "
    "wzcon j-fontContent news_cont_d_wrap tyxxy_main "
).split()
_PROSE = re.compile(
    rb"<(?:!doctype|head|meta|title|p|div|span|a|font|h[1-6]|li|section|article|ucapcontent)\b", re.IGNORECASE
)
_TABLES = re.compile(rb"<table\b.*?</table\s*>", re.IGNORECASE | re.DOTALL)
LINES_AROUND = 3
_HIDDEN_JSON = re.compile(r'"?(?:content|contentHtml|articleContent)"?\s*:\s*("(?:[^"\\]|\\.){200,}")')
_HOLDS = ('ontent":', "ontent:", 'Html":', "Html:", "ontent :")
_WRAPPER = re.compile(
    rb"</?(?:div|span|font|b|i|u|strong|em|section|article|center|blockquote|o:p)\b[^<>]*>", re.IGNORECASE
)
# libxml2 2.14 drops all that follows the first end tag of html, and pages go on after it.
_END = re.compile(rb"</(?:html|HTML|body|BODY)\s*>")
# The first bytes in UTF-8 of the code points that `repair` mends: a look at bytes is ten times cheaper.
_RADICAL = re.compile(rb"\xe2[\xba-\xbf]")
_BEGINS_NUMBER = frozenset("0123456789+-＋－０１２３４５６７８９")
_PICTURE = re.compile(rb"data:[a-z]+/[a-z+.-]+;base64,[A-Za-z0-9+/=\s]{1000,}")
_PAGE_BREAK = re.compile(rb"#PAGE_BREAK#|</?pagebreak\s*/?>")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
# Marks in the flattened page: noncharacters of Unicode, which stand for nothing in any text.
_BREAK, _TABLE, _TABLE_END, _ROW, _CELL, _SPANS, _AND, _CONTENT = map(chr, range(0xFDD0, 0xFDD8))
_MARK = re.compile(rb"\xef\xb7[\x90-\xaf]")
_CELL_BEGINS = re.compile(f"{_CELL}(?:{_SPANS}[^{_CONTENT}]*{_CONTENT})?")
_AROUND = _BREAK + " \t\r\n\f\v\u00a0\u3000"
_NUMBER = "nianbao-number"
_ONE_ABOVE_ANOTHER = re.compile(rf"(?<=\d)\s*{_BREAK}[\s{_BREAK}]*(?=\d{{3}}(?!\d))")
_SKIPPED = "script style noscript template select option button svg head iframe object"
_BREAKING = (
    "address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul "
    "ucapcontent ucaptitle caption"
)
_FLATTEN = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/>
<xsl:template match="{_SKIPPED.replace(" ", "|")}"/>
<xsl:template match="{_BREAKING.replace(" ", "|")}">{_BREAK}<xsl:apply-templates/>{_BREAK}</xsl:template>
<xsl:template match="table[not(.//table)]" priority="1">
<xsl:apply-templates select="caption"/>{_TABLE}<xsl:value-of select="@{_NUMBER}"/>
<xsl:for-each select=".//tr">{_ROW}<xsl:for-each select="td|th">{_CELL}
<xsl:if test="@rowspan|@colspan">{_SPANS}<xsl:value-of select="@rowspan"/>{_AND}<xsl:value-of select="@colspan"/>{_CONTENT}</xsl:if>
<xsl:apply-templates/></xsl:for-each></xsl:for-each>{_TABLE_END}
</xsl:template>
</xsl:stylesheet>"""


def claims(data: bytes) -> bool:
    """A tag that only HTML has, near the start."""
    head = data[:4096].replace(b"\0", b"").lower()
    found = re.search(
        rb"<(!doctype html|html|head|body|meta|title|table|div|p|span|article|ucapcontent)[\s>/]", head
    )
    if found is None or head.lstrip().startswith((b"%pdf", b"{\\rtf")):
        return False
    return _PROSE.search(head) is not None or not _is_text_around_tables(data)


def _is_text_around_tables(data: bytes) -> bool:
    """Lines of text, as converters of PDF write them, in which only the tables are in tags."""
    around = _TABLES.sub(b"", data[:LARGEST])
    lines = [line for line in around.split(b"\n") if line.strip() and not line.lstrip().startswith(b"<")]
    return len(lines) > LINES_AROUND and _PROSE.search(around) is None


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
    source = data[:LARGEST]
    text, encoding = decode(source)
    if encoding != "utf-8" or _RADICAL.search(source):
        text = repair(text)
        source = text.encode("utf-8", "replace")
    if "\ufffd" in text:
        warnings.append("some characters could not be decoded")
    root = root_of(source, warnings)
    meta = _meta(root)
    blocks = list(_numbered_blocks(_article(root), root))
    shown = any(isinstance(block, Table) and len(block.cells) > LARGEST_BOX for block in blocks)
    hidden = _hidden_text(text) if not shown and any(mark in text for mark in _HOLDS) else None
    # A box of 索引号 and 发布机构 may be all that stands in the page itself; and some pages hold their text twice.
    held = list(_numbered_blocks(hidden, hidden)) if hidden is not None else []
    if _length(held) > _length(blocks):
        blocks += held
    return [Document(Container.HTML, tuple(blocks), tuple(_titles(root, meta)), meta, tuple(warnings))]


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
        return str(_flattening()(element))
    except etree.XSLTApplyError as error:
        raise ParseError(f"the HTML cannot be read: {error}") from None


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


def _cleaned(source: bytes) -> bytes:
    """UTF-8 without what would cut the page short or a word in two; most pages need nothing taken out."""
    if b"\0" in source:
        source = source.replace(b"\0", b"")
    if b"PAGE_BREAK" in source or b"pagebreak" in source:
        source = _PAGE_BREAK.sub(b"", source)
    end = _END.search(source)
    return _END.sub(b"", source) if end and source[end.end() :].strip() not in (b"", b"</html>") else source


def _parse(source: bytes) -> tuple[etree._Element, bool]:
    """The root, and whether the parser reached the end (libxml2 drops what is nested deeper than 2,048)."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_cleaned(source), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"the HTML cannot be parsed: {error}") from None
    if root is None:
        raise ParseError("the HTML holds no element")
    return root, not any("xcessive depth" in entry.message for entry in parser.error_log)


def _titles(root: etree._Element, meta: dict[str, list[str]]) -> list[str]:
    found: dict[str, list[str]] = {}
    for element in root.iter("ucaptitle", "h1", "h2", "title"):
        found.setdefault(element.tag, []).append(_raw(element))
    named = [text for tag in ("ucaptitle", "h1", "h2") for text in found.get(tag, [])]
    texts = [*meta.get("articletitle", []), *named, *found.get("title", [])[:1]]
    return [title for text in texts if (title := " ".join(text.split()))][:8]


def _meta(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name, content = element.get("name"), (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _article(root: etree._Element) -> etree._Element:
    """The element known to hold articles when it holds at least half of the page's cells; else the whole body."""
    body = root.find("body")
    whole = body if body is not None else root
    cells = list(whole.iter("td", "th"))
    if not cells:
        return next((one for one in _named(whole.iter()) if len(_raw(one)) > SHORT), whole)
    # What holds half of the cells holds one of the two in the middle.
    middle = (cells[(len(cells) - 1) // 2], cells[len(cells) // 2])
    around = dict.fromkeys(one for cell in middle for one in reversed((cell, *cell.iterancestors())))
    for element in _named(around):
        if sum(1 for _ in element.iter("td", "th")) * 2 >= len(cells):
            return element
    return whole


def _named(elements: Iterable[etree._Element]) -> list[etree._Element]:
    """Those that a known name of articles marks, in the order of the names."""
    marked = [(one, f"{one.get('id') or ''} {one.get('class') or ''}", one.tag) for one in elements]
    marked = [mark for mark in marked if len(mark[1]) > 1 or mark[2] == "ucapcontent"]
    return [one for name in _ARTICLE for one, words, tag in marked if name == tag or name in words]


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
        sum(len(cell.text) for cell in block.cells) if isinstance(block, Table) else len(block.text)
        for block in blocks
    )


def blocks_of(fragment: str) -> list[Block]:
    """The blocks of a piece of HTML that stands in other text."""
    root, _ = _parse(f"<html><body>{fragment}</body></html>".encode("utf-8", "replace"))
    return list(_numbered_blocks(root, root))


def _numbered_blocks(article: etree._Element, root: etree._Element) -> Iterator[Block]:
    for number, table in enumerate(root.iter("table"), 1):
        table.set(_NUMBER, str(number))
    return _blocks(flattened(article))


def _blocks(flat: str) -> Iterator[Block]:
    """Paragraphs and data tables in order, from the flattened page."""
    prose, *tables = flat.split(_TABLE)
    yield from _paragraphs(prose)
    for grid in tables:
        table, _, prose = grid.partition(_TABLE_END)
        number, *rows = table.split(_ROW)
        cells = _cells(number, rows)
        if cells:
            yield Table(tuple(cells), f"table[{number}]")
        elif cells is None:
            yield from _paragraphs(_CELL_BEGINS.sub(_BREAK, _BREAK.join(rows)))
        yield from _paragraphs(prose)


def _paragraphs(prose: str) -> Iterator[Paragraph]:
    for run in prose.split(_BREAK):
        if run and not run.isspace():
            yield Paragraph(_SPACES.sub(" ", run).strip(" "))


def _cells(number: str, rows: list[str]) -> list[Cell] | None:
    """The cells of a grid; None where one is an article, so that the table only arranges the page."""
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # columns that a cell of a row above spans, until which row
    make = tuple.__new__  # twice as fast as a named tuple's own way, and a page has hundreds
    for row_number, row in enumerate(rows):
        column = 0
        prefix = f"table[{number}]/tr[{row_number + 1}]/td["
        for cell_number, printed in enumerate(row.split(_CELL)[1:], 1):
            height = width = 1
            if printed[:1] == _SPANS:
                spans, _, printed = printed.partition(_CONTENT)
                height, width = _spans(spans[1:])
            text = printed.strip(_AROUND)
            if not text.isalnum():
                text = _one_line(text)
            if len(text) > LONGEST_CELL:
                return None
            while taken and taken.get(column, 0) > row_number:
                column += 1
            if column > MOST_COLUMNS:
                break
            cells.append(make(Cell, (text, row_number, column, height, width, f"{prefix}{cell_number}]")))
            if height > 1:
                taken.update(dict.fromkeys(range(column, column + width), row_number + height))
            column += width
        if len(cells) > MOST_CELLS:
            break
    return cells


def _one_line(text: str) -> str:
    """Two lines of digits are not one number (1 above 234 is not 1 234), while a word broken over lines is one word."""
    if _BREAK in text:
        if text[0] in _BEGINS_NUMBER:
            numbers = _ONE_ABOVE_ANOTHER.split(text)
            return "\n".join(" ".join(number.replace(_BREAK, " ").split()) for number in numbers)
        text = text.replace(_BREAK, "")
    return " ".join(text.split())


def _spans(declared: str) -> tuple[int, int]:
    rows, _, columns = declared.partition(_AND)
    return _span(rows, TALLEST), _span(columns, WIDEST)


def _span(declared: str, most: int) -> int:
    if declared.isdecimal() and len(declared) < 3:
        return min(max(int(declared), 1), most)
    digits = re.match(r"\s*(\d{1,9})", declared)
    return min(max(int(digits[1]), 1), most) if digits else 1


def _raw(element: etree._Element) -> str:
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)
