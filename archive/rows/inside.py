"""Whose report a text says that it is, where it is not the body's own: a pasted text with another body's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.bodies import canonical, place_of
from parsers.heading import names

_NAME = r"([^\s，。；、：:,;（）()《》“”\d]{3,30}?)"
_REPORT = r"20\d{2}年度?(?:政府|政务)信息公开(?:工作)?(?:情况)?(?:的)?年度报告"
# How a report speaks of itself. A name elsewhere may be a notice's issuer, a court, a neighbour.
_SELF = (
    re.compile(rf"(?:本年度报告|本报告|年度报告)由{_NAME}(?:负责)?(?:编制|发布|公布)"),
    re.compile(rf"(?:现将|现公布|编制了?|特编制|形成了?|制定了?){_NAME}{_REPORT}"),
    re.compile(rf"20\d{{2}}年(?:度|以来)?，{_NAME}(?:认真|严格|坚持|深入|持续|高度重视|扎实|全面|紧紧|积极)"),
)
_TITLE = re.compile(rf"{_NAME}(?:关于)?{_REPORT}")
_OPENING = 40
"""Lines at the beginning among which a report's own heading stands."""
_LONGEST = 30


def said(text: str) -> tuple[str, ...]:
    """Every name by which a text calls the body that reports, in the order of how plainly it does."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    found = [match[1] for line in lines[:_OPENING] if (match := _TITLE.fullmatch(line))]
    found += [match[1] for pattern in _SELF for match in pattern.finditer(text)]
    if lines and len(lines[-1]) <= _LONGEST:
        found.append(lines[-1])
    return tuple(dict.fromkeys(found))


def other_name(body: str, said: Sequence[str]) -> str:
    """The one of the names that a text says which is another body's; empty when there is none.

    `body` is the canonical name. Short forms (教体局 of 教育体育局) and the government of a body's own place are no
    other names.
    """
    others = [name for name in said if names.is_body(name) and not _stands_for(name, body)]
    # A body that names itself as well was not pasted.
    return others[0] if others and not any(_stands_for(name, body) for name in said) else ""


def _stands_for(name: str, body: str) -> bool:
    plain = canonical(re.sub(r"^(?:我|本|全)", "", name))
    bare = re.sub(r"^[省市县区旗州乡镇](?!场|政|容)", "", plain)
    place = place_of(plain)
    if plain.endswith(("政府", "办公室", "办公厅")) and place and place in body:
        return True
    return any(
        _within(short, body) or _within(body, short) for short in {plain, bare, name} if len(short) > 1
    )


def _within(short: str, long: str) -> bool:
    """Do the characters of one stand in the other in their order: is it a short form of it?"""
    rest = iter(long)
    return all(character in rest for character in short)
