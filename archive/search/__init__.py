"""Search that works in Chinese: `index` writes it into the publication, `find` answers from it."""

from archive.search.finding import find, find_bodies
from archive.search.index import SHADOWS, index

__all__ = ["SHADOWS", "find", "find_bodies", "index"]
