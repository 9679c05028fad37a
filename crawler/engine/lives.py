"""What a run says of the sources that it asked: their lives go on in the archive (archive.state.lives)."""

from __future__ import annotations

from collections.abc import Mapping

from archive.errors import ArchiveDamaged
from archive.outcomes import host_of, utc_now
from archive.state.lives import Life, Lived, asked, changes, judge
from archive.store import Archive
from crawler.families import detect
from crawler.page import Page
from crawler.registry import Source

_WITH_COLUMN = (Life.COLUMN_FOUND, Life.VERIFIED)
_LISTING = """
select f.url, f.sha256 from fetch f where f.run_id = ? and f.kind = 'listing' and f.outcome = 'ok'
and f.sha256 is not null and f.source_id in (select ? union select id from found_source where portal_id = ?)
order by f.rowid limit 1
"""


def go_on(archive: Archive, run_id: str, vantage: str, sources: Mapping[str, Source]) -> dict[str, Lived]:
    """Judges every source that a run asked, and keeps what changed; gives what each is now, by its id."""
    before = {
        each.source_id: each
        for lived in archive.lives().values()
        for each in lived
        if each.vantage == vantage
    }
    now, fresh, given = utc_now(), [], {}
    for name, how in asked(archive.db, run_id, sources).items():
        source, outcome = sources[name], how.outcome.value
        state, evidence = judge(archive.db, name, how, host_of(source.url))
        family = _family(archive, run_id, source) if state in _WITH_COLUMN else ""
        given[name] = Lived(name, vantage, now, state, outcome, family, evidence, run_id)
        if changes(before.get(name), state, outcome, family):
            fresh.append(given[name])
    archive.keep_lives(fresh)
    return given


def _family(archive: Archive, run_id: str, source: Source) -> str:
    """The family of the first listing that the run got of a source; what its row says where it got none."""
    row = archive.db.execute(_LISTING, (run_id, source.id, source.id)).fetchone()
    if row is None:
        return source.family
    try:
        return detect(Page(row["url"], archive.blob(row["sha256"]), "text/html"), source.family)[0]
    except ArchiveDamaged:
        return source.family
