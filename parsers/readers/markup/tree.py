"""The one seam to the parser of pages: lexbor, which makes the tree that a browser makes, through
selectolax."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser as Tree
from selectolax.lexbor import LexborNode as Node
from selectolax.lexbor import SelectolaxError

from parsers.document import ParseError
from parsers.readers.bounds import bounded
from parsers.remarks import Remark

TEXT = "-text"
"""The tag of a node that is text; others that are no elements begin with a hyphen, too."""
_MARKS = "\0\ufdd0\ufdda\ufddb\ufddc\ufddd\ufdde"
"""NUL, and the noncharacters with which the walk marks what it meets: they stand for nothing in any text."""
_REFERENCE = re.compile(
    "&#(?:0*+(?:6497[6-9]|649[89][0-9]|6500[0-7])|[xX]0*+[fF][dD][dDeE][0-9a-fA-F])(?![0-9a-fA-F]);?"
)
"""To one of the noncharacters from U+FDD0 to U+FDEF."""


def tree_of(page: str, remarks: list[Remark] | None = None) -> Tree:
    """The tree of a page, as much of it as is within bounds; what is left out goes into `remarks`. Raises
    ParseError for a page without an element of its own."""
    within = bounded(_without_marks(page))
    if remarks is not None:
        remarks += within.remarks
    tree = Tree(within.markup)
    if tree.body is None and tree.head is None:
        raise ParseError("the HTML holds no element")
    return tree


def _without_marks(page: str) -> str:
    """A page in which nothing can be taken for a mark of ours; almost always the same object."""
    for mark in _MARKS:
        if mark in page:
            page = page.replace(mark, "")
    return _REFERENCE.sub("", page)


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
