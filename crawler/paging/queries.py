"""The numbers of pages in the query of an address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Names that systems give to the number of a page in a query.
NUMBERS = ("page", "pageNo", "pageNum", "pageIndex", "currentPage", "cur_page", "pageNumber", "curPage", "p")


def with_query(url: str, values: Mapping[str, object]) -> str:
    """An address with these parameters put into its query, in the place of those of the same name."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update({name: str(value) for name, value in values.items()})
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def turned(url: str, number: int) -> str:
    """An address with the number of its page set, under the name that it has for that; else as `page`."""
    names = {name.lower(): name for name, _value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    name = next((names[each.lower()] for each in NUMBERS if each.lower() in names), "page")
    return with_query(url, {name: number})


def query_number(url: str, *names: str) -> int | None:
    """The number that one of these parameters has, whatever the case of its name."""
    query = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
    values = (query.get(name.lower(), "") for name in names)
    return next((int(value) for value in values if value.isdecimal()), None)


def more_after(number: int, size: int, listed: int, seen: int, announced: int | None) -> bool:
    """Whether rows follow page `number` of an answer that lists `listed` after the `seen` of the pages before.

    Servers give fewer rows than are asked for: what was seen so far says how many a page really has. Without a
    total, a page as full as those before promises another one; with one, an empty page among full ones ends
    nothing.
    """
    given = seen // (number - 1) if number > 1 else listed
    given = min(size, given) if size else given
    if announced is None:
        return 0 < listed >= given
    return seen + listed < announced and number * (given or size) < announced
