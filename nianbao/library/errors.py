"""What the library raises: one clear line that names what is wrong and the remedy."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

SHOWN = 8
"""So many candidates are named."""


class LibraryError(Exception):
    """A publication cannot be read, or a question cannot be asked of it."""


class NotFound(LibraryError, LookupError):
    """What was asked for is not in this publication, or more than one thing is."""


def some(names: Iterable[object]) -> str:
    """The first of some names, and that there are more."""
    words = [str(name) for name in names]
    return ", ".join(words[:SHOWN]) + (f" and {len(words) - SHOWN} more" if len(words) > SHOWN else "")


def near(name: str, known: Iterable[str]) -> str:
    """`; near it: A, B` where some known names are spelled alike, or nothing."""
    found = get_close_matches(name, list(known), n=3)
    return f"; near it: {some(found)}" if found else ""


def needed(module: str) -> Any:
    """A module of the extra `research`. Raises LibraryError with the remedy where it is not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise LibraryError(f"{module} is not installed: pip install 'nianbao[research]'") from None
