"""The pager of TRS WCM, as a page calls it: createPageHTML(7, 0, "index", "html"); page 2 is index_1.html."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from crawler.page import without_comments

_CALL = re.compile(r"\bcreatePage(?:HTML)?\s*\(([^()]{1,200})\)")
# The template that writes its pager itself: var currentPage = 0; … var countPage = 7 //共多少页
_COUNTED = re.compile(r"\bvar\s+currentPage\s*=\s*\d+.{0,400}?\bcountPage\s*=\s*(\d+)", re.S)
_SUFFIX = re.compile(r"\.?(?:s?html?|jspx?|aspx?|php)", re.I)
_ARGUMENT = re.compile(r"\"([^\"]*)\"|'([^']*)'|(-?\d+)")


def calls_in(text: str) -> list[tuple[list[int], list[str]]]:
    """The numbers and the names of each call of the pager; its definition has neither."""
    found = []
    for call in _CALL.finditer(without_comments(text)):
        arguments = [double or single or number for double, single, number in _ARGUMENT.findall(call[1])]
        numbers = [int(each) for each in takewhile(str.isdecimal, arguments)]
        names = [each for each in arguments[len(numbers) :] if not each.lstrip("-").isdecimal()]
        # UCAP has a call of the same name that begins with the pager's element, and counts from 1.
        if numbers and len(names) >= 2:
            found.append((numbers, names))
    return found


def pager_in(text: str) -> tuple[int, str, str] | None:
    """How many pages there are, what the first one is called, and its suffix; both are empty where the text
    gives the number alone. None without a pager."""
    for numbers, names in calls_in(text):
        count = numbers[1] if len(numbers) >= 3 else numbers[0]
        pairs = [pair for pair in pairwise(names) if _SUFFIX.fullmatch(pair[1])] or [(names[-2], names[-1])]
        name, suffix = pairs[0][0], pairs[0][1].lstrip(".")
        if re.fullmatch(r"[\w-]{1,40}", name) and re.fullmatch(r"\w{2,6}", suffix):
            return count, name, suffix
    counted = _COUNTED.search(without_comments(text))
    return (int(counted[1]), "", "") if counted else None
