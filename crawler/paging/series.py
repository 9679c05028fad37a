"""Requests that follow each other by their numbers: what comes after the one that is known."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.page import PageRequest, Turn
from crawler.paging.queries import NUMBERS

_NUMBER = re.compile(r"(?<![\da-fA-F])(?:0|[1-9]\d{0,8})(?![\da-fA-F])")
_NAMED = re.compile(
    rf"(?:^|[?&\n/\"'])(?:{'|'.join(NUMBERS)}|pn|pg|paged|offset|start)(?:[=/]|[\"']\s*:\s*[\"']?)(?=\d)",
    re.I,
)


def between(first: PageRequest, second: PageRequest) -> Turn | None:
    """How two requests follow each other: the same but for numbers that grow; None where they do not."""
    left, right = _parts(first), _parts(second)
    if left[0] != right[0] or first.method != second.method:
        return None
    grows = [place for place, (one, other) in enumerate(zip(left[1], right[1], strict=True)) if one != other]
    if not grows or any(right[1][place] < left[1][place] for place in grows):
        return None
    steps = [right[1][place] - left[1][place] for place in grows]
    return _turn(second, grows, steps)


def numbered(request: PageRequest, number: int) -> Turn | None:
    """How a request for page `number` goes on: by a number that is named as one, or by the only one that is it."""
    text = _text(request)
    found = list(_NUMBER.finditer(text))
    named = {match.end() for match in _NAMED.finditer(text)}
    places = [place for place, match in enumerate(found) if match.start() in named]
    for wanted in (number, number - 1):
        places = places or [place for place, match in enumerate(found) if int(match[0]) == wanted > 0]
    return _turn(request, places[-1:], [1]) if places else None


def before(turn: Turn) -> Turn:
    """The same way, one request earlier."""
    return replace(turn, numbers=tuple(n - step for n, step in zip(turn.numbers, turn.steps, strict=True)))


def after(turn: Turn, request: PageRequest) -> PageRequest:
    """The next request."""
    numbers = tuple(number + step for number, step in zip(turn.numbers, turn.steps, strict=True))
    text = turn.pieces[0] + "".join(
        f"{number}{piece}" for number, piece in zip(numbers, turn.pieces[1:], strict=True)
    )
    url, _line, body = text.partition("\n")
    return replace(request, url=url, body=body, turn=replace(turn, numbers=numbers))


def _turn(request: PageRequest, places: list[int], steps: list[int]) -> Turn:
    text = _text(request)
    found = list(_NUMBER.finditer(text))
    ends = [0, *(end for place in places for end in found[place].span()), len(text)]
    pieces = tuple(text[ends[at] : ends[at + 1]] for at in range(0, len(ends), 2))
    return Turn(pieces, tuple(int(found[place][0]) for place in places), tuple(steps))


def _parts(request: PageRequest) -> tuple[list[str], list[int]]:
    text = _text(request)
    return _NUMBER.split(text), [int(each) for each in _NUMBER.findall(text)]


def _text(request: PageRequest) -> str:
    return f"{request.url}\n{request.body}"
