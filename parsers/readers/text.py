"""Plain text: every line is a paragraph, so that the lines joined are the file again."""

from __future__ import annotations

from parsers.document import Container, Document, Paragraph
from parsers.encoding import decode
from parsers.text import repair

ORDER = 90
LARGEST, MOST_LINES = 4 * 1024 * 1024, 50_000


def claims(data: bytes) -> bool:
    """Bytes that decode to text with hardly a control character in the first 64 KB."""
    text, _ = decode(data[:65536])
    odd = sum(
        (character < " " and character not in "\t\r\n\f\v") or character == "\ufffd" for character in text
    )
    return odd <= len(text) // 50


def read(data: bytes) -> list[Document]:
    """One document of at most `LARGEST` bytes and `MOST_LINES` lines; places are `line N`."""
    text, _ = decode(data[:LARGEST])
    lines = repair(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")).split("\n")
    paragraphs = tuple(Paragraph(line, f"line {number}") for number, line in enumerate(lines[:MOST_LINES], 1))
    warnings = ["some characters could not be decoded"] if "\ufffd" in text else []
    if len(data) > LARGEST or len(lines) > MOST_LINES:
        warnings.append(f"the text is too long; only {LARGEST} bytes and {MOST_LINES} lines of it were read")
    return [Document(Container.TEXT, paragraphs, warnings=tuple(warnings))]
