"""The exchange with other web archives: what was fetched as a WARC file, and WARC files of others."""

from __future__ import annotations

import errno
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import no_file
from archive.store import Archive
from archive.warcs.warc import Exported, Software
from nianbao.front.exits import CommandError, Exit
from nianbao.front.progress import Step, progress
from nianbao.front.terminal import complain, say

if TYPE_CHECKING:
    from crawler.checks.imports import Imported


def export(db: Path, out: Path, host: str | None, since: str, *, as_wacz: bool = False) -> Exported:
    """Writes the file; CommandError when it cannot be written."""
    from crawler.settings import USER_AGENT

    if as_wacz:
        from archive.warcs.bundle import export_wacz as write
    else:
        from archive.warcs.warc import export as write

    if since and not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", since):
        raise CommandError(f"--since {since} is no day; give one as 2026-01-31", Exit.USAGE)
    software = Software(f"nianbao {version('nianbao')}", USER_AGENT)
    with Archive.read_only(db) as archive, progress("Writing", "answers") as tell:
        try:
            return write(
                archive, out, software, host=host, since=since, progress=lambda done: tell(Step(done))
            )
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            code = Exit.DISK_FULL if full else Exit.USAGE
            message = (
                f"{out} could not be written ({error.strerror}); nothing was left of it, give another place"
            )
            raise CommandError(message, code) from error


def import_warcs(
    db: Path, files: list[Path], registry: Path | None, any_host: bool, *, via: str = "", by: str = ""
) -> Imported:
    """Keeps the answers of these files; CommandError when one is not there, or nobody says who recorded them."""
    from crawler.checks.imports import import_warcs as keep
    from crawler.registry import load

    _check_recorder(via, by)
    for path in files:
        if not path.is_file():
            raise CommandError(f"{no_file(path)}; give the paths of WARC or WACZ files", Exit.USAGE)
    found = load(registry)
    with Archive.open(db) as archive, progress("Importing", "records") as tell:
        return keep(
            archive,
            found,
            files,
            any_host=any_host,
            by=by,
            progress=lambda done, name: tell(Step(done, words=name)),
        )


def _check_recorder(via: str, by: str) -> None:
    """Who recorded a file is said with how, or not at all."""
    if via not in ("", "browser"):
        raise CommandError(f"--via {via}: give browser, for what a person recorded, or nothing", Exit.USAGE)
    if via and not by.strip():
        raise CommandError("--via browser needs --by WHO: who recorded it", Exit.USAGE)
    if by and not via:
        raise CommandError("--by names who recorded it in a browser; give --via browser too", Exit.USAGE)


def show(done: Imported) -> None:
    """What an import brought, for a reader."""
    say(f"{done.answers} answers kept, {done.captures} new captures; `nianbao read` reads them")
    for count, what in (
        (done.not_registered, "of hosts that are not registered (--any-host takes them)"),
        (done.frame, "style sheets, scripts and pictures"),
        (done.unresolved, "that repeat an answer which is not here"),
        (done.others, "records of other kinds"),
    ):
        if count:
            say(f"passed over: {count} {what}")
    for problem in done.problems:
        complain(problem)
