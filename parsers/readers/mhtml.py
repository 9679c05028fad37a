"""A page saved with all that belongs to it (MHTML, .mht, what Word calls a single file web page)."""

from __future__ import annotations

import re
from email import message_from_bytes

from parsers.document import Document, ParseError
from parsers.readers import html
from parsers.readers.damage import one_line

ORDER = 45
MOST_PARTS = 2000
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,64}(?:[\w-]{1,60}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n)*){0,40}?MIME-Version:",
    re.I,
)


def claims(data: bytes) -> bool:
    """The header lines of a message, with a MIME version among them."""
    return _HEAD.match(data[:8192]) is not None


def read(data: bytes) -> list[Document]:
    """The largest page in the file, as the HTML reader reads it. Raises ParseError when there is none."""
    return html.read(page(data))


def page(data: bytes) -> bytes:
    """The largest page in the file. Raises ParseError when there is none."""
    pages: list[bytes] = []
    try:
        for number, part in enumerate(message_from_bytes(data.lstrip()).walk()):
            if number >= MOST_PARTS:
                break
            if part.get_content_type() == "text/html" and isinstance(
                content := part.get_payload(decode=True), bytes
            ):
                pages.append(content)
    except (RecursionError, ValueError, LookupError, TypeError) as error:
        raise ParseError(f"the saved page (MHTML) is damaged: {one_line(error)}") from None
    if not any(content.strip() for content in pages):
        raise ParseError("the saved page (MHTML) holds no HTML: save it as HTML or PDF")
    return max(pages, key=len)
