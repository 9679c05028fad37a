"""sqlite-utils without the libraries that it would only look at.

It imports pandas and numpy where they are installed, to know their types. We hand it neither: they would cost
every command a second and 80 MB.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Imports inside see none of these modules; afterwards all is as before."""
    modules: dict[str, Any] = sys.modules
    missing = object()
    before = {name: modules.get(name, missing) for name in names}
    modules.update(dict.fromkeys(names))
    try:
        yield
    finally:
        for name, module in before.items():
            if module is missing:
                del modules[name]
            else:
                modules[name] = module


with hidden("pandas", "numpy"):
    from sqlite_utils import Database, Migrations

__all__ = ["Database", "Migrations"]
