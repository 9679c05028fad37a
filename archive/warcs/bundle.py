"""All that was fetched as one WACZ file: the records, and a list of pages with their titles and texts."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from archive.errors import ArchiveDamaged
from archive.store import Archive
from archive.warcs import wacz
from archive.warcs.wacz import About, Page
from archive.warcs.warc import Exported, Progress, Software, export, is_wanted, last_fetch
from parsers.document import ParseError
from parsers.readers import html
from parsers.readers.markup.tree import root_of, tree_of

TITLE = "政府信息公开工作年度报告"
NAME = "nianbao.warc.gz"
MOST_TEXT = 100_000
"""Characters of a page that are kept for searching."""
MOST_MARKUP = 4 * 1024 * 1024
"""Bytes of a page whose text is looked for."""
_UNSEEN = ["script", "style", "noscript", "template", "head"]
_CAPTURES = """
select c.url, c.sha256, c.first_seen,
    (select l.title from link l where l.to_url = c.url and l.title <> ''
     order by l.last_seen desc, l.id limit 1) as title
from capture c where c.last_seen >= ? order by c.url, c.first_seen, c.id
"""


def export_wacz(
    archive: Archive,
    out: Path,
    software: Software,
    *,
    host: str | None = None,
    since: str = "",
    urls: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Exported:
    """As `warc.export`, with an index and the pages. Raises as it does."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".wacz-", dir=out.parent) as folder:
        warc = Path(folder) / NAME
        done = export(archive, warc, software, host=host, since=since, urls=urls, progress=progress)
        about = About(TITLE, last_fetch(archive.db), software.name)
        size = wacz.write(out, [warc], pages(archive, host=host, since=since, urls=urls), about)
    return replace(done, bytes=size)


def pages(
    archive: Archive,
    *,
    host: str | None = None,
    since: str = "",
    urls: Collection[str] | None = None,
) -> Iterator[Page]:
    """The captures as pages, by address and date, one at a time."""
    for row in archive.db.execute(_CAPTURES, (since,)):
        if is_wanted(row["url"], host, urls):
            yield _page(archive, row)


def _page(archive: Archive, row: sqlite3.Row) -> Page:
    """A capture with its own title and text; with that of a link to it where it has none."""
    title, text = "", ""
    try:
        data = archive.blob(row["sha256"])
        if len(data) <= MOST_MARKUP and html.claims(data):
            title, text = _told(data)
    except (ArchiveDamaged, ParseError):
        pass  # its record says so; a list of pages is no place to end at
    return Page(row["url"], row["first_seen"], title or row["title"] or "", text)


def _told(data: bytes) -> tuple[str, str]:
    tree = tree_of(html.text_of_page(data))
    head = tree.css_first("title")
    title = " ".join(head.text().split()) if head is not None else ""
    tree.strip_tags(_UNSEEN)
    text = " ".join(root_of(tree).text(deep=True, separator=" ").split())
    return title[:500], text[:MOST_TEXT]
