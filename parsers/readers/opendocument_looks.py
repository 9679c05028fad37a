"""How text looks in an OpenDocument: what its styles strike out, hide, raise or print in white (ODF 1.3,
parts 16 and 20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from parsers.visible import Look
from parsers.visible.colours import WHITE, alike, colour

_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_STYLE, _TEXT, _TABLE = (f"{{{_NAMES}:{name}:1.0}}" for name in ("style", "text", "table"))
_FO = f"{{{_NAMES}:xsl-fo-compatible:1.0}}"
MOST_STYLES = 20
"""Styles that one is based on, one upon another."""
HIDDEN = ("collapse", "filter")
"""Values of `table:visibility` of rows and columns that are not shown."""
Looks = Mapping[str, Look]
"""The look of each style by its name; plain ones are left out."""


def looks_of(trees: Iterable[Any]) -> Looks:
    """The looks of all styles of a file, with what they take from those that they are based on."""
    styles = {
        style.get(f"{_STYLE}name", ""): style for tree in trees for style in tree.iter(f"{_STYLE}style")
    }
    found = {name: _look(_chain(style, styles)) for name, style in styles.items()}
    return {name: look for name, look in found.items() if look is not Look.PLAIN}


def _chain(style: Any, styles: Mapping[str, Any]) -> list[Any]:
    """A style behind those that it is based on."""
    chain: list[Any] = []
    while style is not None and style not in chain and len(chain) < MOST_STYLES:
        chain.insert(0, style)
        style = styles.get(style.get(f"{_STYLE}parent-style-name", ""))
    return chain


def _look(chain: Iterable[Any]) -> Look:
    """What the last style that speaks of each says; of several looks the one that hides most."""
    said: dict[Look, bool] = {}
    ground = False
    for style in chain:
        for properties in style.iter(f"{_STYLE}text-properties", f"{_STYLE}table-cell-properties"):
            said.update(_said(properties))
            ground = ground or properties.get(f"{_FO}background-color", "transparent") != "transparent"
    if ground:
        said[Look.FAINT] = False
    order = (Look.GONE, Look.STRUCK, Look.FAINT, Look.RAISED)
    return next((look for look in order if said.get(look)), Look.PLAIN)


def _said(properties: Any) -> dict[Look, bool]:
    """The looks that the properties of a style switch on or off."""
    said: dict[Look, bool] = {}
    if (display := properties.get(f"{_TEXT}display")) is not None:
        said[Look.GONE] = display == "none"
    for name in ("style", "type"):
        if (line := properties.get(f"{_STYLE}text-line-through-{name}")) is not None:
            said[Look.STRUCK] = line != "none"
    if ink := properties.get(f"{_FO}color"):
        said[Look.FAINT] = alike(colour(ink), WHITE)
    if position := properties.get(f"{_STYLE}text-position", "").split():
        said[Look.RAISED] = position[0] not in ("0", "0%")
    return said


def is_hidden(element: Any) -> bool:
    """Whether a row or a column is not shown."""
    return element.get(f"{_TABLE}visibility") in HIDDEN
