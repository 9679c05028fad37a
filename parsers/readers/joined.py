"""An article over several pages as one page: what each page has of it, where the first one has its part.

All pages of an article are drawn by one template. Where two of them differ, there stands the article: the way
goes down from the body through the boxes that hold most of what differs, until that is spread over many.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from parsers.readers import html
from parsers.words.chars import compact

MOST = 60
"""Pages of one article that are read."""
_HOLDS = 0.6
"""The share of what differs that a box holds if the article is in it: what a site draws anew is less."""
_DEEPEST = 40
_UNSEEN = frozenset(("script", "style", "noscript", "template"))
_WITHIN_LINES = frozenset(
    "table tbody thead tfoot tr th ul ol li dl dt dd p span font b strong a h1 h2 h3 h4 h5 h6".split()
)
"""What holds lines or rows of an article, and never the article; a cell of a table may hold it all."""
_DIGITS = re.compile(r"\d+")
_LONGEST_PAGER = 200
_TURNS = re.compile(
    r"(?:首页|首頁|第一页|上一?页|上一頁|前一?页|后一?页|下一?页|下一頁|尾页|末页|最后一?页|[第共]?\d{1,3}页|\d{1,3}(?:/\d{1,3})?"
    r"|当前|跳转?到|转到|go|next|prev(?:ious)?|阅读全文|显示全文|余下全文|全文阅读|[\[\](){}<>|«»‹›.,…:共第页])+",
    re.I,
)
_TURNED = re.compile(r"\d|页|next", re.I)
_Element = etree._Element


class _Node(NamedTuple):
    """A child of a box with the text behind it; the text before the first child has no element."""

    element: _Element | None
    text: str

    @property
    def said(self) -> str:
        """What it says, without white space."""
        own = "".join(_texts(self.element)) if self.element is not None else ""
        return compact(own + self.text)

    @property
    def kind(self) -> tuple[str, ...]:
        return _kind(self.element) if self.element is not None else ()


def joined(pages: Sequence[bytes]) -> bytes:
    """The first page with what the others have of its article behind its own, in UTF-8.

    Pages in which no common template is found follow whole. Raises ParseError for pages that hold no element.
    """
    first, *others = (_root(page) for page in pages[:MOST])
    for other in others:
        _join(first, other)
    return etree.tostring(first, encoding="utf-8", method="html")


def _root(page: bytes) -> _Element:
    return html.root_of(html.text_of_page(page).encode("utf-8", "replace"), [])


def _join(first: _Element, other: _Element) -> None:
    """Puts the article of one page behind that of the first one; what turns the pages goes."""
    box, its = _article(first, other)
    own, more = list(_nodes(box)), list(_nodes(its))
    begins = _alike(own, more)
    end, ends = _pager(own), _pager(more)
    if end is None or ends is None:
        alike = _alike(own[begins:][::-1], more[begins:][::-1], named=True)
        end, ends = len(own) - alike, len(more) - alike
    _fill(box, [*own[:end], *more[begins:ends], *(node for node in own[end:] if not _is_pager(node))])


def _article(first: _Element, other: _Element) -> tuple[_Element, _Element]:
    """The boxes of two pages in which the article stands."""
    box, its = _body(first), _body(other)
    way, whole = [(box, its)], _differs(box, its)
    for _ in range(_DEEPEST):
        pairs = list(_pairs(box, its))
        differs = [_differs(one, another) for one, another in pairs]
        most = max(differs, default=0)
        if not most or most < _HOLDS * whole:
            break
        (box, its), whole = pairs[differs.index(most)], most
        way.append((box, its))
    return next((pair for pair in reversed(way) if pair[0].tag not in _WITHIN_LINES), way[0])


def _body(root: _Element) -> _Element:
    body = root.find("body")
    return root if body is None else body


def _pairs(box: _Element, its: _Element) -> Iterator[tuple[_Element, _Element]]:
    """The children that stand for each other: of the same kind, in the same order."""
    known: dict[tuple[str, ...], list[_Element]] = defaultdict(list)
    for child in its:
        known[_kind(child)].append(child)
    for child in box:
        if known[_kind(child)]:
            yield child, known[_kind(child)].pop(0)


def _kind(element: _Element) -> tuple[str, ...]:
    names = (element.get("id") or "", element.get("class") or "")
    return (str(element.tag), *(_DIGITS.sub("#", name) for name in names))


def _differs(one: _Element, other: _Element) -> int:
    """How many characters one of two boxes says and the other does not."""
    mine, its = Counter(_texts(one)), Counter(_texts(other))
    return sum(len(text) * count for rest in (mine - its, its - mine) for text, count in rest.items())


def _texts(element: _Element) -> Iterator[str]:
    """The texts in an element that a reader may see, each without white space around it."""
    for inner in element.iter():
        if inner is not element and inner.tail and inner.tail.strip():
            yield inner.tail.strip()
        if inner.tag not in _UNSEEN and inner.text and inner.text.strip():
            yield inner.text.strip()


def _nodes(box: _Element) -> Iterator[_Node]:
    if box.text and box.text.strip():
        yield _Node(None, box.text)
    for child in box:
        yield _Node(child, child.tail or "")


def _fill(box: _Element, nodes: Sequence[_Node]) -> None:
    """Makes these the children of a box."""
    box.text = None
    for child in list(box):
        box.remove(child)
    for element, text in nodes:
        if element is not None:
            element.tail = text
            box.append(element)
        elif len(box):
            box[-1].tail = (box[-1].tail or "") + text
        else:
            box.text = (box.text or "") + text


def _alike(own: Sequence[_Node], more: Sequence[_Node], *, named: bool = False) -> int:
    """How many nodes two boxes have in common from their beginning: titles, particulars, tools.

    With `named`, a line of an article is none of them: the last line of two pages may well be the same.
    """
    count = 0
    for one, other in zip(own, more, strict=False):
        is_line = named and one.said and not any(one.kind[1:])
        if is_line or one.kind != other.kind or _folded(one) != _folded(other):
            break
        count += 1
    return count


def _folded(node: _Node) -> str:
    return _DIGITS.sub("#", node.said)


def _pager(nodes: Sequence[_Node]) -> int | None:
    """The place of the last node that turns the pages; None without one."""
    return next((place for place in range(len(nodes) - 1, -1, -1) if _is_pager(nodes[place])), None)


def _is_pager(node: _Node) -> bool:
    said = node.said
    if not said or len(said) > _LONGEST_PAGER or node.element is None or node.element.tag == "table":
        return False
    return bool(_TURNS.fullmatch(said) and _TURNED.search(said)) and bool(said.strip("0123456789"))
