"""What turned out to be a column of reports, as rows of a registry that a person can commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive.outcomes import host_of
from archive.state.lives import Life, Lived, best
from crawler.registry import Entry, Source


def exported(
    sources: Iterable[Source], lives: Mapping[str, Sequence[Lived]], found: Iterable[Mapping[str, str]]
) -> Iterator[Source]:
    """Rows that a person can commit: what turned out to be a column of reports, with what proves it in the note.

    `sources` are those of the registry, `found` the columns that portals led to (`Archive.found_sources`).
    """
    columns: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in found:
        columns[row["portal_id"]].append(row)
    for source in sources:
        lived = best(lives.get(source.id, ()))
        if lived is None or lived.state is not Life.VERIFIED:
            continue
        note = (
            f"verified {lived.at[:10]}{' from ' + lived.vantage if lived.vantage else ''}: {lived.evidence}"
        )
        if source.entry is Entry.COLUMN and not columns[source.id]:
            yield replace(source, family=source.family or _named(lived.family), note=note)
        for row in columns[source.id]:
            name = f"{source.id}-nb{'' if row is columns[source.id][0] else row['id'][-6:]}"
            made = Source(
                name, row["name"], row["division"], row["level"], row["kind"], Entry.COLUMN, row["url"]
            )
            yield replace(made, family=_named(lived.family), note=f"{note}; found from {host_of(source.url)}")


def _named(family: str) -> str:
    """A family as a row of the registry has it: the generic one is none."""
    return "" if family == "generic" else family
