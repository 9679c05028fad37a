"""One answer of a site as the families see it: bytes, decoded by us, and a tree of its HTML.

Scrapy's `response.text` believes whatever charset a page declares, and many declare a wrong one.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any, cast

from lxml import etree

from parsers.readers.bounds import bounded
from parsers.titles import report_score

_COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.S)
_ENDS = re.compile(r"</(?:html|body)\s*>", re.I)
_SEEN = etree.XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False
)
# 广东 gkmlpt and others, 2026: the article stands only in a script, as an escaped JSON string.
_HELD = re.compile(
    r"[\"']?\b(?:\w*content(?:html|text)?|html|text|body|detail)[\"']?\s*:\s*(\"(?:[^\"\\]|\\.){2,}\")"
)
# An address that a script puts together: "/list?page=" + n + "&id=" + id
_JOINT = re.compile(r"([\"'])\s*\+\s*(?:(?:encodeURI(?:Component)?\()?([A-Za-z_$][\w$.]*)\)?\s*\+\s*)?[\"']")
_JOINED_LAST = re.compile(r"[\"']\s*\+\s*([A-Za-z_$][\w$]*)(?=\s*[,;)}\n])")
_PLACEHOLDER = re.compile(r"\$\{\s*+([\w$]*+)(?:[^}$]|\$(?!\{))*+\}")
_TEMPLATE = re.compile(r"`([^`\n]{1,1000})`")
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.I | re.S)
MAX_MARKUP = 16 * 1024 * 1024
MAX_TAGS = 200_000
"""Characters and tags of a page that are looked at: no honest listing has so many."""
Element = etree._Element
_PADDED = re.compile(rb"(?:\xef\xbb\xbf)?+\s*+(?:/\*\*/\s*+)?+[\w$.]{1,80}+\s*+\(\s*+[\[{]")
"""How JSON begins that is given to a function of the page (JSONP)."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Row:
    """One link of a page: where to, its full title, and the date printed beside it (as printed, or empty).

    `belongs` says that the family knows it for a part of the column, wherever it leads; `linked` is the address with
    what was drawn for this visit alone, where that was taken out.
    """

    url: str
    title: str
    date: str = ""
    belongs: bool = False
    linked: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One more page of a listing, as its own pager would ask for it.

    `inserted`: the answer is put into the page that asks. `turn`: how the requests after it go on, where it is known.
    """

    url: str
    method: str = "GET"
    body: str = ""
    inserted: bool = field(default=False, compare=False)
    turn: Turn | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """Requests that follow each other: the pieces of their address and form, and the numbers between the pieces.

    `numbers` are those of the last request, `steps` what is added to each for the next one.
    """

    pieces: tuple[str, ...]
    numbers: tuple[int, ...]
    steps: tuple[int, ...]


def decode(data: bytes) -> str:
    """Text of a page: a byte order mark, else strict UTF-8, else GB18030, which holds GBK and GB2312.

    Where a few bytes are broken, the reading that loses fewer characters wins.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    readings = [data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return min(readings, key=lambda text: text.count("�"))


@dataclass(frozen=True)
class Page:
    """An answer and the request that brought it. `url` is where the bytes came from.

    A further page of a listing also knows the page that it is shown on, how many rows that page announced, and
    how many have been seen on the way here; `inserted` says that it is shown there as a piece of that page.
    """

    url: str
    body: bytes
    content_type: str = ""
    method: str = "GET"
    request_body: str = ""
    shown_on: str = ""
    announced: int | None = None
    seen: int = 0
    inserted: bool = False
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was found of it already and would cost to find again, by name."""

    @cached_property
    def text(self) -> str:
        """The decoded markup, cut at a size that no honest listing reaches."""
        text = decode(self.body[:MAX_MARKUP]).replace("\x00", "")
        return text if self.is_data else _cut(text)

    @cached_property
    def lower(self) -> str:
        """The markup in small letters: to look for a plain word is many times faster than for a pattern."""
        return self.text.lower()

    def within(self, shown_on: str, announced: int | None, seen: int = 0, inserted: bool = False) -> Page:
        """The same answer as a part of a listing; what was read of it is not read again."""
        part = replace(self, shown_on=shown_on, announced=announced, seen=seen, inserted=inserted)
        part.__dict__.update({name: self.__dict__[name] for name in _READ if name in self.__dict__})
        return part

    @property
    def is_markup(self) -> bool:
        """Whether this is HTML, XML or JSON rather than a file to keep as it is."""
        head = self.body[:1024].lstrip().lower()
        if head.startswith((b"%pdf", b"pk\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
            return False
        declared = self.content_type.lower()
        told = any(word in declared for word in ("html", "xml", "json", "text"))
        return told or head[:1] in (b"<", b"{", b"[") or self.is_data

    @property
    def is_data(self) -> bool:
        """Whether this is JSON, bare or given to a function: the answer that a page's script asks for."""
        head = self.body[:128]
        return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") or bool(_PADDED.match(head))

    @property
    def is_xml(self) -> bool:
        """Whether this is XML that is no page: data, too."""
        head = self.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        told = head.startswith(b"<?xml") or "xml" in self.content_type.lower().replace("xhtml", "")
        return told and head[:1] == b"<" and b"<html" not in head

    @cached_property
    def tree(self) -> Element:
        """The markup as a tree without its comments: some sites keep a second copy of the rows in them."""
        return parse(self.text)

    @cached_property
    def spelled(self) -> str:
        """The markup with the addresses that its scripts put together of pieces in one piece.

        A name that the page gives a plain value stands for it, any other for nothing: it is what changes.
        """
        text = self.text
        if "`" not in text and not _JOINT.search(text):
            return text
        return _SCRIPT.sub(lambda script: _joined(script[0], text), text)

    @cached_property
    def words(self) -> str:
        """What a reader sees of the page, without white space."""
        return words_in(self.tree)

    @cached_property
    def title(self) -> str:
        """What the title element says."""
        found = self.tree.find(".//title")
        return str(select(found, "string()")).strip() if found is not None else ""

    @cached_property
    def score(self) -> int:
        """How much of a report it is by its words (`parsers.titles.report_score`)."""
        return report_score(self.words)

    @cached_property
    def held(self) -> Element:
        """The articles that its scripts hold as escaped JSON strings, as one tree; mostly an empty one."""
        return parse("\n".join(_held(self.text)))


_READ = ("text", "lower", "tree", "spelled", "words", "title", "score", "held")


def _joined(script: str, text: str) -> str:
    def value(name: str | None) -> str:
        counts = rf"\+\+\s*{re.escape(name)}\b|\b{re.escape(name)}\s*(?:\+\+|\+=)" if name else ""
        if not name or re.search(counts, text):
            return ""
        given = rf"\b{re.escape(name)}\s*=\s*(?:\"([\w./-]*)\"|'([\w./-]*)'|(\d+))\s*[;,\n]"
        found = re.search(given, text)
        return next((group for group in found.groups() if group), "") if found else ""

    script = _TEMPLATE.sub(
        lambda each: '"' + _PLACEHOLDER.sub(lambda name: value(name[1]), each[1]) + '"',
        script,
    )
    script = _JOINT.sub(lambda joint: value(joint[2]), script)
    return _JOINED_LAST.sub(lambda joint: value(joint[1]) + '"', script)


def before_last(text: str, end: str) -> str:
    """Text up to its last `end`, in small letters or capitals: looking for what never ends costs ever more."""
    last = max(text.rfind(end), text.rfind(end.upper()))
    return text[: last + len(end)] if last >= 0 else ""


def without_comments(markup: str) -> str:
    """Markup without its comments, those of conditions excepted."""
    closed = before_last(markup, "-->")
    return _COMMENT.sub("", closed) + markup[len(closed) :]


def meta_of(page: Page, *names: str) -> list[str]:
    """What the meta tags of these names (in lower case) say."""
    tags = (tag for tag in page.tree.iter("meta") if (tag.get("name") or "").lower() in names)
    return [content for tag in tags if (content := tag.get("content")) is not None]


def words_in(tree: Element) -> str:
    """What a reader sees of a tree, without white space."""
    return "".join("".join(cast(list[str], _SEEN(tree))).split())


def _held(text: str) -> Iterator[str]:
    for match in _HELD.finditer(text):
        try:
            content = json.loads(match[1], strict=False)
        except ValueError:
            continue
        if "<" in content:
            yield content


def select(element: Element, path: str) -> Any:
    """What an XPath finds: a list, or a string for `string(…)`."""
    return element.xpath(path)


def _cut(markup: str) -> str:
    """Markup up to the tag that is one too many: a tree costs hundreds of bytes a tag."""
    if markup.count("<") <= MAX_TAGS:
        return markup
    last = next(islice(re.finditer("<", markup), MAX_TAGS, None))
    return markup[: last.start()]


def parse(markup: str) -> Element:
    """A tree of any markup, an empty one when there is nothing to read."""
    # libxml2 2.14 ends at the first </html>, where browsers read on: pages are glued together of templates.
    markup = bounded(_ENDS.sub("", _cut(markup))).markup
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        tree = None
    return tree if tree is not None else etree.fromstring("<html><body/></html>")
