"""Looking at sources one by one: what each of them shows today, and what a URL would be as a source.

These fetch by a crawl of their own into an archive that is thrown away, with the manners of every crawl.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from archive.divisions import divisions
from archive.outcomes import Outcome, host_of
from archive.store import Archive
from crawler.divisions import division_in, full_name, level_of
from crawler.engine.portals import column_tag
from crawler.engine.work import CrawlOptions, CrawlProgress
from crawler.families import detect
from crawler.links import tidy
from crawler.naming import identifier
from crawler.page import Page, select
from crawler.registry import Entry, RegistryError, Source, write
from crawler.verdicts.reconcile import said_of_site
from parsers.heading.names import issuer_in

_COLUMN_WORDS = re.compile(r"信息公开(?:工作)?(?:年度)?(?:报告|年报)|年度报告|年报")
_PLACE = re.compile(r"[省市县区州旗盟乡镇]")
_SITE_WORDS = re.compile(r"(?:门户)?网站$|政务网$|信息网$|政府网$")


@dataclass(frozen=True, slots=True)
class Met:
    """What a source's page was met as: an outcome, and what it shows."""

    source: Source
    outcome: str
    reason: str
    family: str = ""
    rows: int = 0
    page: Page | None = None


def check(
    sources: Iterable[Source],
    *,
    delay: float | None,
    allow_private: bool,
    progress: Callable[[CrawlProgress], None] | None = None,
) -> Iterator[Met]:
    """Asks each source's page once and says what it met; `progress` is told of each answer."""
    wanted = list(sources)
    with tempfile.TemporaryDirectory() as folder:
        registry, db = Path(folder) / "registry.csv", Path(folder) / "archive.db"
        write(registry, wanted)
        _ask(CrawlOptions(db, registry, delay=delay, allow_private=allow_private, first_only=True), progress)
        with Archive.open(db) as archive:
            for source in wanted:
                yield _met(archive, source)


def _ask(options: CrawlOptions, progress: Callable[[CrawlProgress], None] | None) -> None:
    from crawler.run import crawl

    crawl(options, progress)


def _met(archive: Archive, source: Source) -> Met:
    """What the last answer to a source's URL was, redirects included."""
    url, found = source.url, None
    for _hop in range(5):
        row = archive.db.execute(
            "select url, final_url, outcome, reason, sha256, headers from fetch where url = ?"
            " and kind in ('listing', 'document', 'portal') order by rowid desc limit 1",
            (url,),
        ).fetchone()
        if row is None:
            break
        found, url = row, row["final_url"]
        if row["outcome"] not in (Outcome.REDIRECTED, Outcome.JS_REDIRECT):
            break
    if found is None:
        return Met(source, Outcome.FAILED, "not asked: another source failed on the same host")
    if found["outcome"] != Outcome.OK or found["sha256"] is None:
        return Met(source, found["outcome"], found["reason"])
    page = Page(found["url"], archive.blob(found["sha256"]), "text/html")
    links = archive.db.execute(
        "select count(*) from link where from_url = ? and decision not like 'rejected%'", (page.url,)
    ).fetchone()
    return Met(source, Outcome.OK, found["reason"], detect(page)[0], links[0], page)


def describe(
    url: str, *, name: str = "", division: str = "", delay: float | None, allow_private: bool
) -> Met:
    """What a URL would be as a row of the registry: its page is fetched once and read."""
    address = tidy(url)
    if address is None:
        raise RegistryError(f"{url!r} is no web address; write it with http:// or https://")
    entry = Entry.PORTAL if urlsplit(address).path in ("", "/") else Entry.COLUMN
    draft = Source("new", name or "new", division, "", "", entry, address, "", "unverified")
    (met,) = check([draft], delay=delay, allow_private=allow_private)
    if met.page is None:
        raise RegistryError(
            f"{address}: {met.outcome} ({met.reason}); nothing can be told of it, add the row by hand"
        )
    return replace(met, source=_described(met, met.page, name, division))


def _described(met: Met, page: Page, name: str, division: str) -> Source:
    found = name or _name(page)
    code = division or _division(page, found)
    kind = _kind(found)
    entry = met.source.entry
    if entry is Entry.PORTAL and column_tag(page):
        entry = Entry.COLUMN
    return Source(
        identifier(met.source.url, code),
        found or full_name(code) or host_of(met.source.url),
        code,
        level_of(code) or ("" if code or _PLACE.search(found) else "central"),
        kind,
        entry,
        met.source.url,
        "" if met.family == "generic" else met.family,
        "unverified",
    )


def _name(page: Page) -> str:
    """The body: from the site's name, else from the page's title."""
    for said in (*said_of_site(page, "sitename"), *page.title.replace("_", "-").split("-")):
        said = _SITE_WORDS.sub("", said.strip())
        if re.search(r"人民政府|[局厅委部署办院]$|[省市县区州旗]$", said) and not _COLUMN_WORDS.search(said):
            return said + ("人民政府" if re.search(r"[省市县区州旗]$", said) else "")
    titles = [str(title) for title in select(page.tree, "//a//text()")]
    issuers = {issuer for title in titles if (issuer := issuer_in(title.strip()))}
    return issuers.pop() if len(issuers) == 1 else ""


def _division(page: Page, name: str) -> str:
    """The division: the first digits of the 网站标识码 where they are one, else what the name begins with."""
    for code in said_of_site(page, "siteidcode"):
        if code[:6] in divisions():
            return code[:6]
    return division_in(name)


def _kind(name: str) -> str:
    from archive.bodies import canonical, kind_of

    return kind_of(canonical(name)).value if name else ""
