"""Saved pages (MHTML): the page is found in the message, whatever packs it."""

from __future__ import annotations

import io
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Container, ParseError, Table
from parsers.readers import mhtml, read_documents

PAGE = "<html><body><table><tr><td>规章</td><td>12</td></tr></table></body></html>"


def saved(encoding: str, packing: str) -> bytes:
    """The message that an editor makes of a page: the page, and a list of its files."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "<Saved by a program>"
    message["Content-Location"] = "http://www.example.gov.cn/1.html"
    message.set_content("<xml/>", subtype="xml")
    message.make_related()
    message.add_related(PAGE.encode(encoding), "text", "html", cte=packing)
    return message.as_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("packing", ["quoted-printable", "base64"])
def test_the_page_of_a_saved_page_is_read(encoding: str, packing: str) -> None:
    (document,) = read_documents(saved(encoding, packing))
    assert document.container is Container.HTML
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.cells] == ["规章", "12"]


def test_a_saved_page_without_a_page_says_so() -> None:
    with pytest.raises(ParseError, match="holds no HTML"):
        read_documents(b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello")


def test_a_page_that_names_mime_is_a_page() -> None:
    (document,) = read_documents(PAGE.replace("12", "MIME-Version: 1.0").encode())
    assert document.container is Container.HTML


def test_messages_within_messages_end() -> None:
    data = b"MIME-Version: 1.0\n" + b"Content-Type: message/rfc822\n\n" * 3000
    with pytest.raises(ParseError, match="MHTML"):
        mhtml.read(data)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_raises_nothing_else(at: int, patch: bytes) -> None:
    data = io.BytesIO(saved("gb18030", "base64"))
    data.seek(at)
    data.write(patch)
    with suppress(ParseError):
        mhtml.read(data.getvalue())
