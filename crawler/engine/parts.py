"""A part of all hosts: what one of several crawls asks, so that no host is ever asked by two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from crawler.hosts import site_of


@dataclass(frozen=True, slots=True)
class Part:
    """The `number`-th (from 1) of `of` parts; every host is in exactly one, with all others of its registered parent."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, host: str) -> bool:
        """Whether a host (with or without port) is in this part."""
        return _share(site_of(host)) % self.of == self.number - 1


def part_of(text: str) -> Part:
    """`3/16` as a Part; raises ValueError for what is none."""
    found = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text.strip())
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        raise ValueError(f"{text!r} is no part; give one such as 3/16")
    return Part(number, of)


@cache
def _share(name: str) -> int:
    return int(sha256(name.encode()).hexdigest()[:12], 16)
