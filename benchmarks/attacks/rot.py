"""One byte of a derived row turned over on the disk, again and again: `verify` names it and `publish` stops."""

from __future__ import annotations

import filecmp
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.attacks import SECONDS, Outcome, rig
from benchmarks.attacks.apart import Ended, run_apart

TRIALS = 120
SEED = 1
DAMAGED = 8
TURNS = (1, 2, 4, 8, 16, 32, 64, 128, 255)
"""What a byte is turned over with: one bit, or all."""
DERIVED = (
    "body report version rendition finding statement section extra_row coverage event cell cell_code place"
    " checked identity_form reading record likeness seal"
).split()
"""The tables that reading makes from captures, and the digests that were made with them."""
_TABLE_LEAF, _INDEX_LEAF = 13, 10
"""Kinds of pages that hold rows: of a table with numbers, and of one without."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One byte of the file: of which table, where, and what is turned over."""

    table: str
    offset: int
    turn: int

    def __str__(self) -> str:
        return f"{self.table} at {self.offset:#x} ^ {self.turn:#x}"


def flips(path: Path, number: int, rnd: Random) -> list[Flip]:
    """Bytes of rows, chosen by chance: first a table, then a row, then a byte of it."""
    rows = {table: found for table in DERIVED if (found := list(_rows(path, table)))}
    chosen = []
    for _ in range(number):
        table = rnd.choice(sorted(rows))
        begin, end = rnd.choice(rows[table])
        chosen.append(Flip(table, rnd.randrange(begin, end), rnd.choice(TURNS)))
    return chosen


def _rows(path: Path, table: str) -> Iterator[tuple[int, int]]:
    """Where the rows of a table lie in the file, as far as each lies on its own page."""
    with closing(sqlite3.connect(path)) as db:
        (size,) = db.execute("pragma page_size").fetchone()
        pages = [
            row[0]
            for row in db.execute("select pageno from dbstat where name = ? and pagetype = 'leaf'", (table,))
        ]
    data = path.read_bytes()
    for number in pages:
        start = (number - 1) * size
        page = data[start : start + size]
        if number == 1 or page[0] not in (_TABLE_LEAF, _INDEX_LEAF):
            continue
        for row in range(int.from_bytes(page[3:5], "big")):
            at = int.from_bytes(page[8 + 2 * row : 10 + 2 * row], "big")
            length, at = _varint(page, at)
            if page[0] == _TABLE_LEAF:
                _rowid, at = _varint(page, at)
            yield start + at, start + at + _own(length, size, page[0] == _TABLE_LEAF)


def _own(length: int, size: int, is_table: bool) -> int:
    """How many bytes of a row are on its page: the rest of a long one is elsewhere (SQLite's file format, 1.6)."""
    most = size - 35 if is_table else (size - 12) * 64 // 255 - 23
    least = (size - 12) * 32 // 255 - 23
    if length <= most:
        return length
    kept = least + (length - least) % (size - 4)
    return kept if kept <= most else least


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """SQLite's number of one to nine bytes, and where it ends."""
    number = 0
    for byte in page[at : at + 8]:
        at += 1
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at
    return number << 8 | page[at], at + 1


def attacked(flip: Flip, sound: Path, reference: Path) -> Outcome:
    """One byte turned over in a copy of a sound archive whose publication is `reference`."""
    folder = sound.parent / f"{flip.table}-{flip.offset}-{flip.turn}"
    folder.mkdir()
    try:
        path = folder / "a.db"
        data = bytearray(sound.read_bytes())
        data[flip.offset] ^= flip.turn
        path.write_bytes(data)
        verified = _run("verify", "--db", path)
        published = _run("publish", "--db", path, "--out", folder / "public")
        is_same = published.code == 0 and filecmp.cmp(folder / "public/nianbao.db", reference, shallow=False)
        return _judged(flip, verified, published, is_same)
    finally:
        shutil.rmtree(folder)


def _judged(flip: Flip, verified: Ended, published: Ended, is_same: bool) -> Outcome:
    """Held when the damage is named, and nothing is published but what a sound archive gives."""
    ended = not (verified.late or published.late or "Traceback" in verified.err + published.err)
    held = ended and verified.code == DAMAGED and (published.code == DAMAGED or is_same)
    said = f"verify {verified.code}, publish {published.code}{' (the same)' if is_same else ''}: "
    last = (published.err or verified.out).strip().splitlines()
    seconds = max(verified.seconds, published.seconds)
    return Outcome(
        str(flip),
        held,
        said + next(reversed(last), ""),
        seconds,
        max(verified.megabytes, published.megabytes),
    )


def _run(*words: str | Path) -> Ended:
    return run_apart([sys.executable, "-m", "nianbao", *words], seconds=SECONDS)


def sound_archive(folder: Path) -> tuple[Path, Path]:
    """The sample country's archive in one file, and the database that was published from it."""
    path, out = folder / "sound.db", folder / "public"
    made = _run("demo", "--db", path, "--out", out)
    if made.code:
        raise RuntimeError(f"no archive to attack: {made.err[-300:]}")
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma journal_mode = delete")
    _run("publish", "--db", path, "--out", out)
    return path, out / "nianbao.db"


@rig("one byte")
def one_byte(folder: Path) -> Iterator[Outcome]:
    """Every trial that did not hold, and how many did."""
    sound, reference = sound_archive(folder)
    chosen = flips(sound, TRIALS, Random(SEED))
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        outcomes = list(threads.map(partial(attacked, sound=sound, reference=reference), chosen))
    broken = [outcome for outcome in outcomes if not outcome.held]
    most = max(outcome.seconds for outcome in outcomes), max(outcome.megabytes for outcome in outcomes)
    yield Outcome(
        f"{len(outcomes)} bytes", not broken, f"{len(outcomes) - len(broken)} named and stopped", *most
    )
    yield from broken
