"""Text with HTML in it, as converters of PDF and Word write Markdown: lines are read as text, tables as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from parsers.document import Block, Document, Paragraph
from parsers.encoding import decode
from parsers.readers import html, text

ORDER = 45
_EDGE = re.compile(r"<table(?=[\s>])|</table\s*>", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:table|div|section|article)[\s>]", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|p|span|br)[\s/>]", re.IGNORECASE)
_INSIDE = re.compile(r"<(?:div|p|span|br|article|section)[\s/>]", re.IGNORECASE)
_WRAPPER = re.compile(r"^[ \t]*</?(?:div|section|article)\b[^<>\n]*>[ \t]*$", re.IGNORECASE | re.MULTILINE)
_MARK = "\ue0ff"
"""A character for private use: alone on its line, the place of a table."""


def claims(data: bytes) -> bool:
    """Tables or wrappers on lines of their own, and outside of them nothing that sets a page."""
    head = data[:4096]
    if len(data) > text.LARGEST or not _MARKUP.search(data) or (b"<table" not in head and _PAGE.search(head)):
        return False
    lines, _ = _apart(decode(data)[0])
    return text.claims(data) and not _PAGE.search(lines.encode()) and not _INSIDE.search(lines)


def read(data: bytes) -> list[Document]:
    """One document: lines as paragraphs, and where tables stand their grids; places are counted in each kind."""
    lines, tables = _apart(decode(data)[0])
    document = text.read(lines.encode())[0]
    page = html.read("".join(f"<p>{_MARK}</p>{table}" for table in tables).encode())[0] if tables else None
    grids = _by_mark(page.blocks if page else ())
    blocks: list[Block] = []
    for block in document.blocks:
        blocks += next(grids, []) if _is_mark(block) else [block]
    return [
        replace(document, blocks=tuple(blocks), warnings=document.warnings + (page.warnings if page else ()))
    ]


def _apart(source: str) -> tuple[str, list[str]]:
    """The lines with a mark for each table, and the tables; a table that does not end is left among the lines."""
    lines, tables, depth, begun, done = [], [], 0, 0, 0
    source = source.replace(_MARK, "")
    for edge in _EDGE.finditer(source):
        begins = not edge[0].startswith("</")
        begun = edge.start() if begins and not depth else begun
        depth = max(0, depth + (1 if begins else -1))
        if not begins and not depth and begun >= done:
            lines.append(source[done:begun])
            tables.append(source[begun : edge.end()])
            done = edge.end()
    return _WRAPPER.sub("", f"\n{_MARK}\n".join([*lines, source[done:]])), tables


def _by_mark(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """The blocks of each table."""
    held: list[Block] | None = None
    for block in blocks:
        if _is_mark(block):
            if held is not None:
                yield held
            held = []
        elif held is not None:
            held.append(block)
    if held is not None:
        yield held


def _is_mark(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.text == _MARK
