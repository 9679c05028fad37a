"""CSV in and out: the files that lie in the packages, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

from parsers.forms import table_of_rows

_DANGEROUS = re.compile(r"[\s\x00]*[=+\-@＝＋－＠\t\r]")
_HARMLESS = re.compile(r"[+\-－]?[\d.,]*[+\-－]?")


def packaged(name: str, package: str = "parsers") -> list[dict[str, str]]:
    """The rows of a CSV file that lies in a package; of the files of forms those of the folder in use."""
    return table_of_rows(name, package)


def safe(cell: object) -> object:
    """A CSV cell that no spreadsheet takes for a formula: an apostrophe before `=`, `+`, `-`, `@`.

    Plain numbers (`-1`, `+2`) and a lone dash stay as printed.
    """
    if isinstance(cell, str) and _DANGEROUS.match(cell) and not _HARMLESS.fullmatch(cell):
        return "'" + cell
    return cell
