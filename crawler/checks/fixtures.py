"""`make new-source URL=…`: a new source with its saved page, and a golden result that a person has to fill.

The page is fetched once and saved; the row goes into the registry; the golden result is left empty, so that
the test of families fails until somebody has looked at the page and written what it really shows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.checks.checking import describe
from crawler.families import families
from crawler.naming import province_file
from crawler.page import Page, Row
from crawler.registry import RegistryError, append

LISTS = Path("tests/data/lists")
SOURCES = Path("crawler/sources")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetches, saves, writes; the exit code is 3 when nothing can be told of the URL."""
    options = _parser().parse_args(arguments)
    try:
        met = describe(
            options.url,
            name=options.name,
            division=options.division,
            delay=options.delay,
            allow_private=options.allow_private,
        )
        registry = options.registry or SOURCES / f"{province_file(met.source.division)}.csv"
        added = append(registry, met.source)
    except RegistryError as error:
        print(f"new-source: {error}", file=sys.stderr)
        return 3
    assert met.page is not None
    golden = save(met.page, options.lists, f"{met.family or 'generic'}-{added.id}")
    print(f"row: {registry}: {','.join(added.row().values())}")
    print(f"page: {golden.with_suffix('.html')}")
    print(f"test: {golden} waits for its result; what is read today, to be checked by eye:")
    print(json.dumps(reading(met.page, met.family), ensure_ascii=False, indent=1))
    return 0


def save(page: Page, folder: Path, stem: str) -> Path:
    """The page beside a golden result that is still empty; gives the path of the golden result."""
    folder.mkdir(parents=True, exist_ok=True)
    golden = folder / f"{stem}.json"
    if golden.exists():
        raise RegistryError(f"{golden} is there already; remove it or give another URL")
    golden.with_suffix(".html").write_bytes(page.body)
    waiting = {"file": f"{stem}.html", "url": page.url, "result": None}
    golden.write_text(json.dumps(waiting, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return golden


def reading(page: Page, family: str) -> dict[str, Any]:
    """What a page is read as, in the shape of the golden results."""
    module = families()[family]
    return {
        "family": family,
        "total": module.total(page),
        "rows": [_told(row) for row in module.rows(page)],
        "pages": [
            {"url": further.url, "method": further.method, "body": further.body}
            for further in module.pages(page)
        ],
        "attachments": [_told(row) for row in module.attachments(page)],
    }


def _told(row: Row) -> dict[str, Any]:
    """A row as it is written down: that it belongs, and how it is linked, only where that says something."""
    return {name: value for name, value in asdict(row).items() if value or name not in ("belongs", "linked")}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make new-source", description=__doc__)
    parser.add_argument("url", help="a column of annual reports, or a home page")
    parser.add_argument("--name", default="", help="the body, where the page does not say it")
    parser.add_argument("--division", default="", help="its GB/T 2260 code, likewise")
    parser.add_argument(
        "--registry", type=Path, help="the registry that gets the row, instead of its province's"
    )
    parser.add_argument("--lists", type=Path, default=LISTS, help="where the page is saved")
    parser.add_argument("--delay", type=float, help="seconds between two requests")
    parser.add_argument("--allow-private", action="store_true", help="for tests only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
