"""An HTML source as a copy that can do nothing: known tags and spans only, the cells marked.

Nothing is taken over but what is named here: no script, style, address, form, picture or event can come along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from lxml import etree

from archive.marking import LARGEST, cells, tree
from nianbao.show.marks import Drawing, Mark
from parsers.words.encoding import decode

_KEPT = frozenset(
    "p div span h1 h2 h3 h4 h5 h6 table caption thead tbody tfoot tr td th colgroup col br hr ul ol li dl dt dd "
    "b strong i em u s sub sup small blockquote pre center article section".split()
)
_VOID = frozenset({"br", "hr", "col"})
# Those that the reader skips too; any other tag goes and leaves what is in it, for an open <video> holds the rest.
_DROPPED = frozenset(
    "head title script style noscript template select option button svg math iframe object textarea".split()
)
_BLOCKS = frozenset({"form", "main", "header", "footer", "nav", "aside", "figure", "address", "fieldset"})
_MOST = {"colspan": 60, "rowspan": 200}


def drawn(data: bytes, marks: Mapping[str, Mark]) -> Drawing | None:
    """The page with its cells marked; None when a mark would not stand on what was read."""
    root = tree(decode(data[:LARGEST])[0])
    found = cells(root, marks)
    if any(not marks[place].says(_text(cell)) for place, cell in found.items()) or len(found) < len(marks):
        return None
    chosen = {cell: marks[place] for place, cell in found.items()}
    body = root.find("body")
    html = "".join(_pieces(body if body is not None else root, chosen))
    if any(f' id="{mark.id}" ' not in html for mark in chosen.values()):
        return None
    return Drawing(f'<div class="copy">{html}</div>', frozenset(mark.id for mark in chosen.values()))


def _text(cell: etree._Element) -> str:
    return str(etree.tostring(cell, method="text", encoding="unicode", with_tail=False))


def _pieces(body: etree._Element, chosen: Mapping[etree._Element, Mark]) -> Iterator[str]:
    """The tags and texts of the copy in order; an explicit stack, so that no nesting is too deep."""
    stack: list[tuple[etree._Element, bool]] = [(body, False)]
    while stack:
        element, closing = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        name = "div" if tag in _BLOCKS else tag
        if not closing and tag and tag not in _DROPPED:
            yield _opening(element, name, chosen.get(element)) if name in _KEPT else ""
            yield escape(element.text or "")
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
            continue
        if closing and name in _KEPT and name not in _VOID:
            yield f"</{name}>"
        yield escape(element.tail or "") if element is not body else ""


def _opening(element: etree._Element, name: str, mark: Mark | None) -> str:
    spans = "".join(_span(element, which) for which in _MOST) if name in ("td", "th") else ""
    if mark is None:
        return f"<{name}{spans}>"
    return f"<{name}{spans} {mark.attributes()}>{mark.label()}"


def _span(cell: etree._Element, which: str) -> str:
    value = (cell.get(which) or "").strip()
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or int(value) < 2:
        return ""
    return f' {which}="{min(int(value), _MOST[which])}"'
