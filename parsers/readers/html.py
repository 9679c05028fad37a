"""HTML through lxml: the article's paragraphs and grids, whatever surrounds them.

Layout tables are walked through as if they were not there. A cell's place is `table[N]/tr[R]/td[C]`: the N-th table
of the page in document order, its R-th row, the row's C-th cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from lxml import etree

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.encoding import decode
from parsers.text import repair

ORDER = 50
WIDEST, TALLEST, LONGEST_CELL, MOST_CELLS = 60, 200, 400, 20_000
LARGEST, SHORT = 8 * 1024 * 1024, 200
# Scripts and style sheets are out of the tree before it is walked.
_SKIPPED = frozenset(
    {
        "select",
        "option",
        "button",
        "svg",
        "head",
        "iframe",
        "object",
    }
)
_BREAKING = frozenset(
    (
        "address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 "
        "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul "
        "ucapcontent ucaptitle caption "
    ).split()
)
_ARTICLE = (
    "zoom zoomcon zoomContent UCAP-CONTENT ucapcontent vsb_content vsb_content_4 J_content articleContent "
    "ivs_content TRS_Editor TRS_UEDITOR trs_editor_view v_news_content article-content Article_content "
    "wzcon j-fontContent news_cont_d_wrap tyxxy_main "
).split()
_HIDDEN_JSON = re.compile(r'"?(?:content|contentHtml|articleContent)"?\s*:\s*("(?:[^"\\]|\\.){200,}")')
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


def claims(data: bytes) -> bool:
    """A tag that only HTML has, near the start."""
    head = data[:4096].replace(b"\0", b"").lower()
    found = re.search(
        rb"<(!doctype html|html|head|body|meta|title|table|div|p|span|article|ucapcontent)[\s>/]", head
    )
    return found is not None and not head.lstrip().startswith((b"%pdf", b"{\\rtf"))


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
    hidden = _hidden_text(text) if not any(isinstance(block, Table) for block in blocks) else None
    if hidden is not None:
        blocks += _numbered_blocks(hidden, hidden)
    return [Document(Container.HTML, tuple(blocks), tuple(_titles(root, meta)), meta, tuple(warnings))]


def _numbered_blocks(article: etree._Element, root: etree._Element) -> Iterator[Block]:
    return _blocks(article, {table: number for number, table in enumerate(root.iter("table"), 1)})


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
    etree.strip_elements(root, "script", "style", "noscript", "template", with_tail=False)
    return root, not any("xcessive depth" in entry.message for entry in parser.error_log)


def _titles(root: etree._Element, meta: dict[str, list[str]]) -> list[str]:
    named = [element for tag in ("ucaptitle", "h1", "h2") for element in root.iter(tag)]
    found = meta.get("articletitle", []) + [_raw(element) for element in named]
    found += [_raw(element) for element in root.iter("title")][:1]
    return [title for text in found if (title := " ".join(text.split()))][:8]


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


def _blocks(article: etree._Element, numbers: dict[etree._Element, int]) -> Iterator[Block]:
    """Paragraphs and data tables in order; an explicit stack, so that no nesting is too deep."""
    buffer: list[str] = []
    stack: list[tuple[etree._Element, bool]] = [(article, False)]
    while stack:
        element, closing = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if closing:
            if tag in _BREAKING:
                yield from _flush(buffer)
            buffer.append(element.tail or "" if element is not article else "")
            continue
        if tag in _SKIPPED or not tag:
            buffer.append(element.tail or "")
            continue
        if tag in _BREAKING:
            yield from _flush(buffer)
        table = _table(element, numbers.get(element, 0)) if tag == "table" else None
        if table is not None:
            yield table
            buffer.append(element.tail or "")
            continue
        buffer.append(element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    yield from _flush(buffer)


def _flush(buffer: list[str]) -> Iterator[Paragraph]:
    text = _SPACES.sub(" ", "".join(buffer)).strip(" ")
    buffer.clear()
    if text.strip():
        yield Paragraph(text)


def _table(table: etree._Element, number: int) -> Table | None:
    """The grid of a table, or None for one that only arranges the page: with tables or articles in its cells."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row_number, row in enumerate(table.iter("tr")):
        column = 0
        prefix = f"table[{number}]/tr[{row_number + 1}]/td["
        for cell_number, cell in enumerate(row.iterchildren("td", "th"), 1):
            while (row_number, column) in taken:
                column += 1
            rows, columns = cell.get("rowspan"), cell.get("colspan")
            height = _span(rows, TALLEST) if rows else 1
            width = _span(columns, WIDEST) if columns else 1
            text = _text(cell)
            if len(text) > LONGEST_CELL:
                return None
            cells.append(Cell(text, row_number, column, height, width, f"{prefix}{cell_number}]"))
            if height > 1:
                taken.update((row_number + r, column + c) for r in range(1, height) for c in range(width))
            column += width
        if len(cells) > MOST_CELLS:
            break
    return Table(tuple(cells), f"table[{number}]") if cells else None


def _text(cell: etree._Element) -> str:
    if not len(cell):
        return " ".join((cell.text or "").split())
    text = " ".join(_raw(cell).split())
    if len(text) > 1 and text[0] in _BEGINS_NUMBER and _is_broken(cell):
        return " ".join("".join(_pieces(cell)).split())
    return text


def _is_broken(cell: etree._Element) -> bool:
    return len(cell) > 1 or len(cell[0]) > 1 or next(cell.iterdescendants("br"), None) is not None


def _pieces(element: etree._Element) -> Iterator[str]:
    """The text with a space at each line break or paragraph: two lines of digits are not one number."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BREAKING:
            yield " "
        if event == "start":
            yield node.text or ""
        elif node is not element:
            yield node.tail or ""


def _raw(cell: etree._Element) -> str:
    return etree.tostring(cell, method="text", encoding="unicode", with_tail=False)


def _span(declared: str, most: int) -> int:
    if declared.isdigit() and len(declared) < 3:
        return min(max(int(declared), 1), most)
    digits = re.match(r"\s*(\d{1,9})", declared)
    return min(max(int(digits[1]), 1), most) if digits else 1
