"""The one seam to the parser of pages: lexbor, which makes the tree that a browser makes, through
selectolax."""

from __future__ import annotations

from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser as Tree
from selectolax.lexbor import LexborNode as Node
from selectolax.lexbor import SelectolaxError

from parsers.document import ParseError
from parsers.readers.bounds import bounded

TEXT = "-text"
"""The tag of a node that is text; others that are no elements begin with a hyphen, too."""


def tree_of(page: str, warnings: list[str] | None = None) -> Tree:
    """The tree of a page, as much of it as is within bounds; what is left out goes into `warnings`. Raises
    ParseError for a page without an element of its own."""
    within = bounded(page.replace("\0", "") if "\0" in page else page)
    if warnings is not None:
        warnings += within.warnings
    tree = Tree(within.markup)
    if tree.body is None and tree.head is None:
        raise ParseError("the HTML holds no element")
    return tree


def root_of(tree: Tree) -> Node:
    """The body of a page; of a page of frames, all of it."""
    root = tree.body or tree.root
    assert root is not None
    return root


def keys_of(tree: Tree, selector: str) -> Iterable[int]:
    """The keys of the elements that a selector means; none for one that the parser does not know."""
    try:
        return [node.mem_id for node in tree.css(selector)]
    except SelectolaxError:
        return []


def text_of(node: Node) -> str:
    """All text within an element, shown or not."""
    return node.text(deep=True)


__all__ = ["TEXT", "Node", "Tree", "keys_of", "root_of", "text_of", "tree_of"]
