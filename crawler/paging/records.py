"""Rows out of JSON: the answers that a page's script asks for, whatever each system calls its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from lxml import etree

from crawler.links import absolute, date_in, squeeze
from crawler.page import Page, Row, parse, select

_TITLES = (
    *("title", "subtitle", "name", "displayname", "infotitle", "articletitle", "doctitle", "topic"),
    *("articlename", "newstitle", "contenttitle", "docname", "caption", "filename", "attachname", "text"),
)
_URLS = (
    *("url", "post_url", "urls", "link", "href", "linkurl", "puburl", "docpuburl", "infourl", "jump_url"),
    *(
        "articleurl",
        "newsurl",
        "contenturl",
        "pageurl",
        "visiturl",
        "staticurl",
        "fileurl",
        "filepath",
        "attachurl",
        "path",
    ),
)
_DATES = (
    *(
        "publishedtimestr",
        "published_time_format",
        "publishedtime",
        "display_publish_time",
        "pubtime",
        "pubdate",
    ),
    *(
        "publish_time",
        "publishtime",
        "publishdate",
        "first_publish_time",
        "created_at",
        "create_time",
        "time",
    ),
    *(
        "date",
        "docreltime",
        "releasetime",
        "releasedate",
        "publictime",
        "publicdate",
        "createtime",
        "showtime",
    ),
)
_WRAPPED = re.compile(r"^(?:\s*+/\*\*/)?\s*+[\w$.]++\s*+\((.*)\)\s*+;?\s*+$", re.S)
_PART = re.compile(r"\"(?:[^\"\\]++|\\.)*+(?:\"|\\?\Z)|'(?:[^'\\]++|\\.)*+(?:'|\\?\Z)|[\[\]{}]", re.S)
_NAMED = re.compile(
    r"(?<![\w$])[\"']?[\w$]++[\"']?\s*+:\s*+(?!true\b|false\b|null\b)[A-Za-z_$][^,{}]{0,2000}+(?:,|(?=\}))"
)
_ANCHOR = re.compile(r"<a\s[^<>]*\bhref\s*=", re.I)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_LONGEST = 4 * 1024 * 1024
_CHINA = timedelta(hours=8)
_DEEPEST = 12
_AN_ADDRESS = re.compile(
    r"^(?:https?://|\.{0,2}/)[^\s<>\"']{2,500}$|^[\w./-]{1,200}\.(?:s?html?|jspx?|aspx?|php|do|pdf|docx?)(?:\?[^\s<>]*)?$",
    re.I,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|ico|css|js)(?:\?|$)", re.I)
_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")
_LONGEST_TITLE = 300
_LONGEST_DAY = 30
_MOST = 20_000
_MOST_VALUES = 1_000_000


def data_of(page: Page) -> Any:
    """The value of a JSON answer, also of one in a callback or broken over lines; None when it is none."""
    text = page.text.strip().lstrip("\ufeff")
    if sum(map(text.count, ",[{")) > _MOST_VALUES:
        return None
    wrapped = _WRAPPED.match(text)
    for candidate in (text, wrapped[1] if wrapped else "", re.sub(r"[\r\n\t]+", "", text)):
        try:
            return json.loads(candidate, strict=False) if candidate else None
        except (ValueError, RecursionError):
            continue
    return None


def literal_after(text: str, name: str) -> Any:
    """The array or object that a script gives a name: TREE: [ … ], listData = { … }; None without one."""
    found = re.search(rf"[\"']?\b{name}\b[\"']?\s*[:=]\s*(?=[\[{{])", text)
    return literal_at(text, found.end()) if found is not None else None


def literal_at(text: str, start: int) -> Any:
    """The array or object of a script that begins at a place; None for what is none."""
    cut = _balanced(text, start)
    for candidate in (cut, _loose(cut)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def object_at(text: str, start: int) -> Any:
    """The same, where names of the page stand among the values: those are left out."""
    cut = _balanced(text, start)
    return literal_at(_NAMED.sub("", cut), 0) if cut else None


def _balanced(text: str, start: int) -> str:
    """The text from a bracket to the one that closes it; brackets in strings do not count."""
    depth = 0
    for match in _PART.finditer(text, start, start + _LONGEST):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return text[start : match.end()]
    return ""


def _loose(text: str) -> str:
    """A script's object as JSON: names without quotes, strings in single ones, commas before a bracket."""
    quoted = _PART.sub(lambda each: _requoted(each[0]) if each[0][0] in "\"'" else each[0], text)
    return re.sub(r",\s*([\]}])", r"\1", re.sub(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:", r'\1"\2":', quoted))


def _requoted(string: str) -> str:
    return string if string[0] == '"' else json.dumps(string[1:-1].replace("\\'", "'"), ensure_ascii=False)


def walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of a value, outer ones first."""
    return (record for record, _is_listed in _walk(value))


def _walk(value: Any, depth: int = 0, is_listed: bool = False) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Every object of a value, and whether it is one of a list."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value, is_listed
        for each in value.values():
            yield from _walk(each, depth + 1)
    elif isinstance(value, list):
        for each in value[:_MOST]:
            yield from _walk(each, depth + 1, True)


def number_in(value: Any, *names: str) -> int | None:
    """The first number that stands under one of these names, whatever their case."""
    wanted = [name.lower() for name in names]
    for record in walk(value):
        fields = {str(name).lower(): each for name, each in record.items()}
        for name in wanted:
            each = fields.get(name)
            if isinstance(each, int | str) and str(each).isdecimal() and not isinstance(each, bool):
                return int(each)
    return None


def rows_of(value: Any, base: str) -> list[Row]:
    """A row for each object that has a title and an address."""
    found: dict[str, Row] = {}
    for record, is_listed in _walk(value):
        row = row_of(record, base, is_listed)
        if row is not None:
            found.setdefault(row.url, row)
    return list(found.values())


def row_of(record: Mapping[str, Any], base: str, is_listed: bool = False) -> Row | None:
    """One object as a row; None when it has no title or no address.

    Where the names of one of a list (`is_listed`) are none that are known, its values say what they are: an address,
    words, a day. What is no part of a list is the page's settings as often as not.
    """
    fields = {str(name).lower(): value for name, value in record.items()}
    values = [value.strip() for value in fields.values() if isinstance(value, str)] if is_listed else []
    title = next((text for name in _TITLES if (text := plain(fields.get(name)))), "") or _words_of(values)
    href = next((text for name in _URLS if (text := _address(fields.get(name)))), "") or _address_of(values)
    url = absolute(base, href) if href else None
    if not url or not 0 < len(title) <= _LONGEST_TITLE:
        return None
    day = next((day for name in _DATES if (day := _day(fields.get(name)))), "")
    return Row(url, title, day or next((day for value in values if (day := _day_alone(value))), ""))


def pieces_of(value: Any) -> str:
    """The markup that stands in a value: rows that a server drew itself."""
    found: list[str] = []
    for record in walk(value):
        for each in record.values():
            found += [text for text in (each if isinstance(each, list) else [each]) if _is_piece(text)]
    return "\n".join(found)


def _is_piece(value: Any) -> bool:
    return isinstance(value, str) and _ANCHOR.search(value) is not None


def rows_of_xml(markup: str, base: str) -> list[Row]:
    """A row for each element whose children, or attributes, are a title and an address."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(
            _DECLARED.sub("", markup[:_LONGEST], count=1).encode("utf-8", "replace"), parser
        )
    except etree.LxmlError:
        return []
    found: dict[str, Row] = {}
    for element in islice(root.iter(etree.Element), _MOST) if root is not None else ():
        record = {
            etree.QName(each).localname: each.text or "" for each in element.iterchildren(etree.Element)
        }
        row = row_of(
            {**{str(name): str(said) for name, said in element.attrib.items()}, **record}, base, True
        )
        if row is not None:
            found.setdefault(row.url, row)
    return list(found.values())


def _words_of(values: Sequence[str]) -> str:
    return max((plain(value) for value in values if _WORDS.search(value)), key=len, default="")


def _address_of(values: Sequence[str]) -> str:
    return next((each for each in values if _AN_ADDRESS.match(each) and not _PICTURE.search(each)), "")


def _day_alone(value: str) -> str:
    return date_in(value) if len(value) <= _LONGEST_DAY else ""


def plain(value: Any) -> str:
    """A text without the marks that searches put around what was sought."""
    if not isinstance(value, str):
        return ""
    value = re.sub(r"[\r\n\t]+", "", value)
    return squeeze(select(parse(value), "string()")) if "<" in value or "&" in value else squeeze(value)


def _address(value: Any) -> str:
    """An address, also as the first of several that stand in an object or in a text that is one."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return ""
    if isinstance(value, dict):
        named = [value.get(name) for name in ("pc", "common", "web")]
        value = next((each for each in (*named, *value.values()) if isinstance(each, str) and each), "")
    return value.strip() if isinstance(value, str) else ""


def _day(value: Any) -> str:
    """A day out of a text or out of a time in seconds or milliseconds, as clocks in China show it."""
    if isinstance(value, str) and not value.isdecimal():
        return date_in(value)
    try:
        seconds = int(value)
        seconds = seconds // 1000 if seconds > 10**11 else seconds
        return f"{datetime.fromtimestamp(seconds, UTC) + _CHINA:%Y-%m-%d}" if seconds > 10**8 else ""
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
