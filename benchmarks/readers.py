"""The readers that are compared; `python -m benchmarks.readers DIR NAME` prints the peak memory of one, in KB."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

Reader = Callable[[bytes], object]
NAMES = ("nianbao, the full parse", "lxml.html parse alone", "pandas.read_html", "BeautifulSoup, all cells")


def readers() -> dict[str, Reader]:
    """Those that are installed, by name."""
    found: dict[str, Reader] = {NAMES[0]: _ours, NAMES[1]: _lxml}
    if find_spec("pandas"):
        found[NAMES[2]] = _pandas
    if find_spec("bs4"):
        found[NAMES[3]] = _soup
    return found


def _ours(data: bytes) -> object:
    from parsers.report import parse

    return parse(data)


def _lxml(data: bytes) -> object:
    from lxml import html

    return html.fromstring(data)


def _pandas(data: bytes) -> object:
    import pandas  # type: ignore[import-not-found, unused-ignore]

    return pandas.read_html(StringIO(data.decode()))


def _soup(data: bytes) -> object:
    from bs4 import BeautifulSoup

    tree = BeautifulSoup(data, "lxml")
    return [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in tree.find_all("tr")]


def peak() -> int:
    """The most memory that this process has held, in KB; ru_maxrss would count the parent's, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def main(directory: str, name: str) -> None:
    """Read every file of the directory once and print the peak of this process."""
    reader = readers()[name]
    for path in sorted(Path(directory).iterdir()):
        reader(path.read_bytes())
    print(peak())


if __name__ == "__main__":
    main(*sys.argv[1:])
