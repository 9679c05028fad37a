"""`nianbao merge` and `verify`: what came of a merge, and an archive looked through and healed from another one."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.care.fixity import Part, Problem, blobs_in, heal, unnamed_blobs
from archive.care.fixity import verify as look_through
from archive.errors import translated
from archive.store import Archive
from nianbao.front.exits import CommandError, Exit
from nianbao.front.progress import Step, progress
from nianbao.front.terminal import say

if TYPE_CHECKING:
    from archive.care.merge import Merged

NAMED = 20
"""So many refused rows are named to a reader; --json names more."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, what does not hold, what was healed, and how many blobs no fetch tells of."""

    part: str
    blobs: int
    problems: tuple[Problem, ...]
    healed: tuple[Problem, ...] = ()
    unnamed: int = 0

    def as_json(self) -> dict[str, Any]:
        """The result as it is printed with --json."""
        named = {"problems": self.problems, "healed": self.healed}
        listed = {name: [{"where": p.where, "what": p.what} for p in found] for name, found in named.items()}
        return {"part": self.part, "blobs": self.blobs, **listed, "unnamed_blobs": self.unnamed}


def verify(db: Path, part_text: str, restore: Path | None) -> Verified:
    """Looks through a part of the archive; with `restore`, heals it from there and looks again."""
    try:
        part = Part.parse(part_text)
    except ValueError as error:
        raise CommandError(f"--part: {error}", Exit.USAGE) from error
    if restore and (not restore.is_file() or (db.exists() and restore.samefile(db))):
        said = f"--restore {restore}: there is no other archive here; give the path of a copy of {db}"
        raise CommandError(said, Exit.USAGE)
    with ExitStack() as stack, translated(db):
        source = stack.enter_context(Archive.read_only(restore)) if restore else None
        opened = Archive.open(db, create=False) if restore else Archive.read_only(db)
        archive = stack.enter_context(opened)
        before = problems = _look(archive, part)
        if source is not None and problems:
            heal(archive, source, problems)
            problems = _look(archive, part)
        healed = tuple(problem for problem in before if problem not in problems)
        blobs, unnamed = 0, 0
        with suppress(sqlite3.DatabaseError):  # named above, where it is damaged
            blobs, unnamed = blobs_in(archive.db, part), unnamed_blobs(archive.db, part)
        return Verified(part_text, blobs, tuple(problems), healed, unnamed)


def _look(archive: Archive, part: Part) -> list[Problem]:
    with progress("Verifying", "blobs") as tell:
        return list(look_through(archive, part, lambda done, total: tell(Step(done, total))))


def show(found: Verified) -> None:
    """The result for a reader."""
    for problem in found.healed:
        say(f"healed: {problem.where}: {problem.what}")
    for problem in found.problems:
        say(f"{problem.where}: {problem.what}")
    if found.unnamed:
        say(
            f"{found.unnamed} blobs are whole, but no fetch tells of them: a merge that was cut short leaves such;"
            " run it again, or leave them"
        )
    healed = f", {len(found.healed)} healed" if found.healed else ""
    say(f"{found.blobs} blobs checked, {len(found.problems)} problems{healed}")


def show_merged(db: Path, done: Merged) -> None:
    """What a merge brought and what it refused, for a reader."""
    for refusal in done.refusals[:NAMED]:
        say(f"refused: {refusal.archive}: {refusal.table} {refusal.key}: {refusal.why}")
    if done.refused:
        by_table = ", ".join(f"{number} of {table}" for table, number in sorted(done.refused.items()))
        say(f"{sum(done.refused.values())} rows were refused and the rest was joined: {by_table}")
    if done.unfinished:
        say(f"{done.unfinished} runs had not ended and stay where they go on")
    counts = f"{done.captures} new captures, {done.blobs} blobs, {done.fetches} fetches"
    say(f"{db}: {done.archives} archives joined; {counts}, {done.requests} requests")
