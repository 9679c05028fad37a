"""Where the article of a page stands in its tree: what surrounds it is a menu, a list of links, a foot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.readers.markup.tree import Node, Tree, root_of, text_of

_SHORT = 200
"""Characters; an article without tables has more."""
_NAMES = (
    "zoom zoomcon zoomContent UCAP-CONTENT ucapcontent vsb_content vsb_content_4 J_content articleContent "
    "ivs_content TRS_Editor TRS_UEDITOR trs_editor_view v_news_content article-content Article_content "
    "wzcon j-fontContent news_cont_d_wrap tyxxy_main "
).split()


def article_of(tree: Tree) -> Node:
    """The element known to hold articles when it holds at least half of the page's cells; else the whole body."""
    whole = root_of(tree)
    cells = whole.css("td, th")
    if not cells:
        named = _named(whole.css("[id], [class], ucapcontent"))
        return next((one for one in named if len(text_of(one)) > _SHORT), whole)
    around = {one.mem_id: one for cell in _middle(cells) for one in _with_ancestors(cell)}
    named = _named(sorted(around.values(), key=_depth))
    return next((one for one in named if 2 * len(one.css("td, th")) >= len(cells)), whole)


def _middle(cells: list[Node]) -> Iterator[Node]:
    """The one or two cells in the middle: what holds half of them holds one of the two."""
    yield cells[(len(cells) - 1) // 2]
    yield cells[len(cells) // 2]


def _with_ancestors(node: Node) -> Iterator[Node]:
    current: Node | None = node
    while current is not None and current.is_element_node:
        yield current
        current = current.parent


def _depth(node: Node) -> int:
    return sum(1 for _ in _with_ancestors(node))


def _named(elements: Iterable[Node]) -> list[Node]:
    """Those that a known name of articles marks, in the order of the names."""
    marked = [
        (one, f"{one.attributes.get('id') or ''} {one.attributes.get('class') or ''}", one.tag)
        for one in elements
    ]
    return [one for name in _NAMES for one, words, tag in marked if name == tag or name in words]
