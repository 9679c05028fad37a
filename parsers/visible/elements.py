"""What an element of HTML does to the text within it: by its tag, its attributes and the style rules that
hold for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from parsers.visible import Doubt, Look, Run
from parsers.visible.colours import WHITE, Colour, alike, colour, is_see_through

Declared = Mapping[str, str]
"""Values by property, in lower case; only properties that can change what is seen."""
Attributes = Mapping[str, str | None]

NOT_SHOWN = frozenset(
    "script style noscript template head title datalist audio video canvas meter progress rt rp"
    " param source track".split()
)
"""Elements whose content no browser shows as text."""
STRUCK_OUT, RAISING = frozenset(("s", "strike", "del")), frozenset(("sup", "sub"))
SETTING_APART = frozenset("label small big code kbd samp var output abbr cite mark".split())
CELLS, ROWS = frozenset(("td", "th")), frozenset(("tr", "tbody", "thead", "tfoot"))
LOOKING = NOT_SHOWN | STRUCK_OUT | RAISING | SETTING_APART | {"a", "ol", "dialog"}
"""Elements that look otherwise than the text around them, whatever their attributes."""
_LOOKS = frozenset(("style", "class", "hidden", "dir", "color", "bgcolor"))
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|off-?screen|(?:d|u|is|ng|layui|fn|el)-(?:none|hide|hidden)"
    r"|hide|hidden|invisible|visuallyhidden)(?:\s|$)",
    re.I,
)
_PROPERTY = re.compile(r"(?<![a-z-])([a-z-]++)\s*+:\s*+((?:[^;\"']++|\"[^\"]*+\"|'[^']*+')++)")
_RELEVANT = frozenset(
    "display visibility opacity font font-size color background background-color text-decoration "
    "text-decoration-line vertical-align position left top right bottom clip clip-path text-indent "
    "margin-left width height max-width max-height overflow overflow-x overflow-y float direction "
    "flex-direction flex-flow order transform content filter zoom writing-mode content-visibility "
    "-webkit-text-fill-color list-style list-style-type".split()
)
_WORDS = re.compile(r"(?:[^\s(]|\([^)]*+\)?+)++")
"""Of a value, with what stands in brackets behind them."""
_LENGTH = re.compile(r"(-?(?:\d+(?:\.\d*)?|\.\d+))\s*(px|pt|em|rem|ex|%|vw|vh|cm|mm|in)?")
FAR_OFF = 500
"""Pixels (or per cent) to the left or above the page, or beyond, where nothing is seen; less than that is an
indent."""
_SMALLEST_TYPE = 1.5
"""Pixels or points; smaller type is a dot."""
_FAINTEST = 0.05
_BLOCKS = frozenset("block flex grid table list-item flow-root -webkit-box".split())


class Style(NamedTuple):
    """What an element hands on to all within it.

    `gone`, `struck`, `raised`, `apart` and `own_doubt` hold for all within; `invisible`, `tiny`, `clear`
    (without a colour), `rightwards` (written from right to left), `ink` and `ground` until an element within
    says otherwise. `ground` is None where it is not known.
    """

    gone: bool = False
    struck: bool = False
    raised: bool = False
    apart: bool = False
    invisible: bool = False
    tiny: bool = False
    clear: bool = False
    rightwards: bool = False
    ink: Colour | None = None
    ground: Colour | None = WHITE
    own_doubt: Doubt | None = None

    @property
    def look(self) -> Look:
        """How text directly within looks."""
        if self.gone or self.invisible or self.tiny or self.clear:
            return Look.GONE
        if self.struck:
            return Look.STRUCK
        if alike(self.ink, self.ground):
            return Look.FAINT
        if self.raised:
            return Look.RAISED
        return Look.APART if self.apart else Look.PLAIN

    @property
    def doubt(self) -> Doubt | None:
        """What cannot be known of text directly within."""
        return self.own_doubt or (Doubt.ORDER if self.rightwards else None)


SHOWN = Style()


@lru_cache(maxsize=4096)
def declared(style: str) -> Declared:
    """What a style attribute or the body of a rule declares; `!important` stays at the end of a value."""
    found = _PROPERTY.findall(style.lower())
    return {name: value.strip() for name, value in found if name in _RELEVANT}


def styled(style: Style, tag: str, attributes: Attributes, rules: Declared | None = None) -> Style:
    """What an element hands on, by what its parent hands on. `rules`: what the page's style sheets declare
    for it."""
    style = _by_tag(style, tag, attributes)
    if not attributes and not rules:
        return style
    own = attributes.get("style")
    style = _by_attributes(style, tag, attributes, guess=rules is None and "display" not in (own or ""))
    if rules:
        style = _by_rules(style, tag, rules)
    return _by_own_rules(style, tag, own) if own else style


def _by_tag(style: Style, tag: str, attributes: Attributes) -> Style:
    if tag in NOT_SHOWN or (tag == "dialog" and "open" not in attributes):
        return style._replace(gone=True)
    if tag in STRUCK_OUT:
        return style._replace(struck=True)
    if tag in RAISING:
        return style._replace(raised=True)
    if tag in SETTING_APART:
        return style._replace(apart=True)
    if tag == "a" and (address := attributes.get("href")):
        return (
            style._replace(raised=True)
            if len(address) > 1 and address[0] == "#"
            else style._replace(apart=True)
        )
    return style._replace(own_doubt=Doubt.NUMBERED) if tag == "ol" else style


def _by_attributes(style: Style, tag: str, attributes: Attributes, *, guess: bool) -> Style:
    """By the attributes that say how an element looks. `guess`: what a class does may be guessed from its
    name, since no rule of the page speaks of the element."""
    if "hidden" in attributes:
        return style._replace(gone=True)
    if ink := attributes.get("color") if tag == "font" else None:
        style = style._replace(ink=colour(ink))
    if ground := attributes.get("bgcolor"):
        style = style._replace(ground=colour(ground))
    if direction := attributes.get("dir"):
        style = style._replace(rightwards=direction.lower() == "rtl")
    if guess and (name := attributes.get("class")) and _HIDING_CLASS.search(name):
        return style._replace(gone=True, own_doubt=Doubt.CLASS)
    return style


def is_plain(attributes: Attributes) -> bool:
    """Whether attributes change nothing of a plain text, as those of almost all elements; a look that costs
    little."""
    for name, value in attributes.items():
        if name in _LOOKS and (value is None or not _changes_nothing(name, value)):
            return False
    return True


@lru_cache(maxsize=8192)
def _changes_nothing(name: str, value: str) -> bool:
    return styled(SHOWN, "font", {name: value}) == SHOWN


@lru_cache(maxsize=8192)
def _by_own_rules(style: Style, tag: str, own: str) -> Style:
    inner = _by_rules(style, tag, declared(own))
    return style if inner == style else inner


def _by_rules(style: Style, tag: str, rules: Declared) -> Style:
    said = {name: value.removesuffix("!important").strip() for name, value in rules.items()}
    if _hides(said):
        return style._replace(gone=True)
    if "visibility" in said:
        collapsed = said["visibility"] == "collapse" and tag in ROWS
        style = style._replace(
            gone=style.gone or collapsed, invisible=said["visibility"] in ("hidden", "collapse")
        )
    if size := said.get("font-size", said.get("font", "")):
        style = style._replace(tiny=_is_tiny(size))
    if ink := said.get("-webkit-text-fill-color", said.get("color")):
        style = style._replace(ink=colour(ink), clear=is_see_through(ink))
    if ground := said.get("background-color", said.get("background")):
        style = style._replace(ground=_ground(ground, style.ground))
    if "line-through" in said.get("text-decoration", "") + said.get("text-decoration-line", ""):
        style = style._replace(struck=True)
    if tag not in CELLS and tag not in ROWS and _raises(said.get("vertical-align", "")):
        style = style._replace(raised=True)
    if "direction" in said:
        style = style._replace(rightwards=said["direction"] == "rtl")
    if tag == "ol" and "none" in said.get("list-style", "") + said.get("list-style-type", ""):
        style = style._replace(own_doubt=None)
    return style._replace(own_doubt=Doubt.ORDER) if _moves(said) else style


def _hides(said: Declared) -> bool:
    """Whether nothing within is shown, whatever it declares itself."""
    if said.get("display") == "none" or said.get("content-visibility") == "hidden":
        return True
    if (opacity := said.get("opacity")) and _length(opacity, 1) <= _FAINTEST:
        return True
    if (
        "opacity(0" in said.get("filter", "")
        or "scale(0)" in said.get("transform", "")
        or said.get("zoom") == "0"
    ):
        return True
    clipped = said.get("clip", "").replace(" ", "").replace(",", "")
    if clipped.startswith("rect(") and not set(clipped) & set("23456789"):
        return True
    if _clips(said.get("clip-path", "")):
        return True
    if any(
        _length(said.get(name, ""), 0) <= -FAR_OFF for name in ("left", "top", "text-indent", "margin-left")
    ):
        return True
    cut = any(
        "hidden" in said.get(name, "") or "clip" in said.get(name, "")
        for name in ("overflow", "overflow-x", "overflow-y")
    )
    sizes = ("width", "height", "max-width", "max-height")
    return cut and any(0 <= _length(said.get(name, ""), FAR_OFF) <= 1 for name in sizes)


def _clips(path: str) -> bool:
    found = re.match(r"(inset|circle)\(\s*([\d.]+)(%?)", path)
    if found is None:
        return False
    return (found[1] == "inset" and float(found[2]) >= 50) or (found[1] == "circle" and float(found[2]) == 0)


def _moves(said: Declared) -> bool:
    """Whether what is within stands elsewhere than where it is written."""
    if said.get("float", "none") not in ("none", "inherit", "initial", "unset"):
        return True
    if said.get("position") in ("absolute", "fixed"):
        return True
    if said.get("position") == "relative" and any(
        _length(said.get(side, ""), 0) for side in ("left", "right", "top", "bottom")
    ):
        return True
    if "reverse" in said.get("flex-direction", "") + said.get("flex-flow", "") or said.get(
        "order", "0"
    ) not in ("0", "initial"):
        return True
    if said.get("transform", "none") != "none":
        return True
    return said.get("writing-mode", "horizontal-tb") not in ("horizontal-tb", "lr-tb", "initial", "inherit")


def _length(said: str, default: float) -> float:
    """The number of a length, whatever its unit; `default` where there is none."""
    found = _LENGTH.match(said)
    return float(found[1]) if found else default


def _is_tiny(size: str) -> bool:
    found = _LENGTH.match(size)
    if not found:
        return False
    number, unit = float(found[1]), found[2]
    return number == 0 or (unit in ("px", "pt") and number < _SMALLEST_TYPE)


def _raises(align: str) -> bool:
    return align in ("super", "sub", "text-top", "text-bottom") or (
        align[-2:] in ("px", "pt", "em") and _length(align, 0) > 2
    )


def _ground(said: str, above: Colour | None) -> Colour | None:
    """The colour of a ground; None for a picture, and for what is not known."""
    if said in ("none", "inherit", "initial", "") or is_see_through(said):
        return above
    return next((known for word in _WORDS.findall(said) if (known := colour(word))), None)


def is_block(rules: Declared) -> bool | None:
    """Whether an element breaks the line before and after it; None where nothing is declared."""
    display = rules.get("display", "").removesuffix("!important").strip()
    return display in _BLOCKS if display else None


def shown_by(tag: str, attributes: Attributes) -> Run | None:
    """What an element without text of its own shows in a cell: a picture, or a field of a form."""
    if tag == "img":
        small = any(_length(attributes.get(side) or "", FAR_OFF) <= 1 for side in ("width", "height"))
        return None if small else Run((attributes.get("alt") or "").strip(), doubt=Doubt.PICTURE)
    if tag in ("embed", "svg", "object", "iframe", "canvas"):
        return Run("", doubt=Doubt.PICTURE)
    if tag != "input":
        return None
    kind = (attributes.get("type") or "text").lower()
    if kind in ("hidden", "checkbox", "radio", "file", "color", "range"):
        return None
    if kind in ("image", "password") or not attributes.get("value"):
        return Run("", doubt=Doubt.FIELD)
    return Run(attributes.get("value") or "")
