"""The demo: a small made-up country on loopback addresses, crawled and published as a real one would be.

It takes two nights the first time, so that a silent revision shows. Where it stands is kept beside its
archive (the port of the country, the nights that are done), so that a demo that was killed goes on.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao import crawl_process, steps
from nianbao.front.exits import CommandError, Exit
from nianbao.front.terminal import say
from nianbao.lock import only_one

if TYPE_CHECKING:
    from archive.derived.derive import ReadResult
    from archive.publish import Published
    from sample.server import Server

FIRST_PORT = 8765
"""Below the range that the system gives to outgoing connections, so that it is free again next time."""
PORTS = 50
NIGHTS = 2
DELAY = "0.01"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the demo has come: the port that its URLs name, and how many nights are done."""

    port: int = 0
    nights: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo found, and whether this run changed anything."""

    sites: int
    published: Published
    changed: bool
    requests: int
    new_captures: int
    new_versions: int

    def as_json(self) -> dict[str, Any]:
        """The result as it is printed with --json."""
        found = {**asdict(self.published), "path": str(self.published.path)}
        return {**asdict(self), "published": found}


def demo(db: Path, out: Path) -> Shown:
    """Runs the demo to its end, from wherever an earlier one stopped."""
    with only_one(db.parent / "demo.lock", "another demo"):
        standing = _standing(db)
        with _country(db, standing) as server:
            standing = _standing(db)
            results = []
            for night in range(min(standing.nights + 1, NIGHTS), NIGHTS + 1):
                results.append(_night(db, server, night))
                _keep(db, replace(standing, nights=night))
            sites = len(server.urls())
        published = steps.publish(db, out)
    new_versions = sum(read.versions for _, read in results)
    return Shown(
        sites=sites,
        published=published,
        changed=bool(new_versions) or any(crawled.new_captures for crawled, _ in results),
        requests=sum(crawled.requests for crawled, _ in results),
        new_captures=sum(crawled.new_captures for crawled, _ in results),
        new_versions=new_versions,
    )


def show(shown: Shown, out: Path) -> None:
    """What was found, and one line that says how to look at it."""
    found = shown.published
    if not shown.changed:
        say(f"Nothing changed: {shown.requests} requests brought no new capture and no new version.")
    counts = f"{found.reports} reports in {found.versions} versions"
    say(f"{shown.sites} sites, {counts}, {found.figures} figures, {found.findings} findings.")
    say(f"Look at it: {_program()} browse --out {out}")


def _program() -> str:
    """How the reader can call nianbao again: as it was called, or by its module."""
    called = Path(sys.argv[0])
    return "python -m nianbao" if called.name == "__main__.py" else str(called)


def _night(db: Path, server: Server, night: int) -> tuple[crawl_process.Crawled, ReadResult]:
    """One night of the country: the crawl of it, and what was read."""
    server.set_night(night)
    options = ["--registry", str(_registry(db)), "--allow-private", "--delay", DELAY]
    crawled = crawl_process.crawl(db, [*options, "--recheck", "all"] if night > 1 else options)
    if not crawled.ended:
        code = Exit(crawled.code) if crawled.code in set(Exit) else Exit.WRONG
        raise CommandError("the crawl of the demo did not end; run the demo again, it goes on", code)
    return crawled, steps.read(db)


@contextmanager
def _country(db: Path, standing: Standing) -> Iterator[Server]:
    """The sample country at the port that its URLs had before.

    When another program has taken that port, the URLs would change and every report would seem to have moved.
    The country is made up and can be crawled again, so it moves to another port with an archive of its own;
    the old one is kept beside it.
    """
    if standing.port:
        server = _served(standing.port)
        if server is None:
            _set_aside(db, standing.port)
    elif db.exists():
        raise CommandError(f"{db}: is not an archive of the demo; give another --db", Exit.USAGE)
    if not standing.port or server is None:
        server = _first_served()
        _keep(db, Standing(server.port))
    _registry(db).write_text(server.registry_csv(), encoding="utf-8")
    try:
        yield server
    finally:
        server.__exit__(None, None, None)


def _served(port: int) -> Server | None:
    """The country at this port; None when another program has it."""
    from sample.make import country
    from sample.server import Server

    try:
        return Server(country(), port=port, noise=False).__enter__()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CommandError(
                f"the sample country cannot be served: {error}; it needs addresses 127.0.0.1 and up",
                Exit.WRONG,
            ) from error
        return None


def _first_served() -> Server:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        server = _served(port)
        if server is not None:
            return server
    raise CommandError(
        f"ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all in use; stop a program that has one",
        Exit.PORT_IN_USE,
    )


def _set_aside(db: Path, port: int) -> None:
    """Keeps the archive of the country as it was at another port."""
    from archive.store import Archive

    kept = db.with_name(f"{db.stem}-{port}{db.suffix}")
    if db.exists():
        # Opening and closing folds the write-ahead log into the file: one file to move, nothing left behind.
        Archive.open(db).close()
        db.replace(kept)
    say(f"Port {port} is taken: the country moves, and its archive of before is kept as {kept.name}.")


def _registry(db: Path) -> Path:
    return db.with_name("demo-registry.csv")


def _file(db: Path) -> Path:
    return db.with_name("demo.json")


def _standing(db: Path) -> Standing:
    try:
        said = json.loads(_file(db).read_text("utf-8"))
        return Standing(int(said["port"]), int(said["nights"]))
    except FileNotFoundError:
        return Standing()
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{_file(db)}: is damaged ({error}); remove its folder", Exit.DAMAGED) from error


def _keep(db: Path, standing: Standing) -> None:
    """Whole or not at all: a kill leaves the old file or the new one."""
    fresh = _file(db).with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(standing), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(_file(db))
