"""Pages kept together in one file: a page saved with all that belongs to it (MHTML, .mht, what Word calls a
single file web page), or the pages of one article in their order (`multipart/mixed`, RFC 2046 5.1.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.parser import BytesHeaderParser
from hashlib import sha256

from parsers.document import Document, ParseError
from parsers.readers import html
from parsers.readers.damage import one_line
from parsers.readers.joined import joined

ORDER = 45
MOST_PARTS = 2000
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,64}(?:[\w-]{1,60}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n)*){0,40}?MIME-Version:",
    re.I,
)
_ARTICLE = "multipart/mixed"
_PART = "--{}\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: binary\r\nContent-Location: {}\r\n\r\n"


def claims(data: bytes) -> bool:
    """The header lines of a message, with a MIME version among them."""
    return _HEAD.match(data[:8192]) is not None


def read(data: bytes) -> list[Document]:
    """The page in the file, as the HTML reader reads it. Raises ParseError when there is none."""
    return html.read(page(data))


def page(data: bytes) -> bytes:
    """The page in the file: an article of several pages joined, else the largest page. Raises ParseError when
    there is none."""
    kind, pages = _pages(data)
    return joined(pages) if kind == _ARTICLE else max(pages, key=len)


def pages_of(data: bytes) -> list[bytes]:
    """The pages of an article that `of_article` put together; of any other file, the file alone. Raises
    ParseError for a damaged one."""
    kind, pages = _pages(data) if claims(data) else ("", [])
    return pages if kind == _ARTICLE else [data]


def _pages(data: bytes) -> tuple[str, list[bytes]]:
    """Of which kind a file is, and the pages in it; one of them at least says something."""
    pages: list[bytes] = []
    try:
        message = message_from_bytes(data.lstrip())
        for number, part in enumerate(message.walk()):
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
    return message.get_content_type(), pages


def of_article(pages: Sequence[tuple[str, bytes]]) -> bytes:
    """The pages of one article as one file: each address with its bytes as they came, in their order.

    The same pages give the same bytes.
    """
    boundary = sha256(b"\0".join(data for _url, data in pages)).hexdigest()
    file = [f'MIME-Version: 1.0\r\nContent-Type: {_ARTICLE}; boundary="{boundary}"\r\n\r\n'.encode()]
    for url, data in pages:
        file += [_PART.format(boundary, "".join(url.split())).encode(), data, b"\r\n"]
    return b"".join((*file, f"--{boundary}--\r\n".encode()))


def content_type(data: bytes) -> str:
    """What the file's own header says that it is, with its boundary; empty where it does not say so."""
    return str(BytesHeaderParser().parsebytes(data)["Content-Type"] or "")
