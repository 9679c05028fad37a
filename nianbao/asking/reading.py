"""`nianbao parse`: one file, no archive, and what would be read from it."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

from archive import pool
from nianbao.front.exits import CommandError, Exit
from parsers.document import ParseError
from parsers.forms import FormsError, using
from parsers.records import Report

PATIENCE = timedelta(seconds=50)
"""What reading one file may take, where nothing in it is looked at by OCR."""
PATIENCE_FOR_PICTURES = timedelta(minutes=4)
"""A scan of fifty pages takes three."""
_HEAD = 1024
_MAY_HOLD_PICTURES = (b"%PDF", b"PK", b"{\\rtf", b"\xff\xd8", b"GIF8")
_Work = Callable[[bytes, str, str], Report | str]
"""Makes something of the bytes of a file, its name and its address."""
_Task = tuple[_Work, bytes, str, str, Path | None]


def parse_bytes(data: bytes, path: str, url: str, forms: Path | None = None) -> Report:
    """The report in the bytes of a file. `forms`: a folder with other forms than the packaged ones."""
    return cast("Report", _within_limits((_parsed, data, "", url, forms), path))


def trace_bytes(data: bytes, path: str, url: str, forms: Path | None = None) -> str:
    """What each stage of the reading saw, kept and doubted, as lines."""
    return cast(str, _within_limits((_traced, data, "", url, forms), path))


def _within_limits(task: _Task, path: str) -> Report | str:
    """What a process of its own makes of a file, with limits of time and memory as `nianbao read` has them."""
    with closing(pool.Pool(_done, jobs=1, timeout=_patience(task[1]))) as working:
        ((_, result),) = working.run([task])
    if isinstance(result, FormsError):
        raise result
    if isinstance(result, (pool.Failure, ParseError)):
        why = result.message if isinstance(result, pool.Failure) else str(result)
        raise CommandError(f"{_name(path)}: {why}", Exit.USAGE)
    return result


def _patience(data: bytes) -> timedelta:
    """How long one file may take: what is binary may hold pictures."""
    head = data[:_HEAD]
    return PATIENCE_FOR_PICTURES if b"\0" in head or head.startswith(_MAY_HOLD_PICTURES) else PATIENCE


def _done(task: _Task) -> Report | str | ParseError | FormsError:
    """What the work of a task makes of a file, with the forms that were asked for."""
    work, data, name, url, forms = task
    try:
        with using(forms):
            return work(data, name, url)
    except (ParseError, FormsError) as error:
        return error


def _parsed(data: bytes, _name: str, url: str) -> Report:
    from parsers.report import parse

    return parse(data, url=url)


def _traced(data: bytes, _name: str, url: str) -> str:
    from parsers.report import read_reports
    from parsers.trace import trace

    return "\n".join(line for read in read_reports(data, url=url) for line in trace(read))


def _shown(data: bytes, name: str, url: str) -> str:
    from nianbao.show import page

    return page(data, name, url)


def _name(path: str) -> str:
    return "standard input" if path == "-" else path


def draw(data: bytes, path: str, url: str, out: Path | None, forms: Path | None = None) -> Path:
    """Write the source with its cells marked as one HTML file; its path, by default here and named after the source."""
    name = "stdin" if path == "-" else Path(path).name
    target = out or Path(f"{name}.show.html")
    _spare(target, [path], "--out")
    write(target, cast(str, _within_limits((_shown, data, name, url, forms), path)), [path], "--out")
    return target


def write(target: Path, text: str, sources: Sequence[str], option: str) -> None:
    """Write a page beside its sources, never over one of them; `option` is what names the target."""
    _spare(target, sources, option)
    try:
        target.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        why = (error.strerror or str(error)).lower()
        raise CommandError(f"{target}: {why}; give another {option}", Exit.USAGE) from error


def _spare(target: Path, sources: Sequence[str], option: str) -> None:
    if any(source != "-" and target.resolve() == Path(source).resolve() for source in sources):
        raise CommandError(f"{target}: is the source itself; give another {option}", Exit.USAGE)


def bytes_of(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if path == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise CommandError(
                f"{path}: {why}; give the path of a file, or - for stdin", Exit.USAGE
            ) from error
    if not data:
        raise CommandError(f"{_name(path)}: is empty; fetch the file again", Exit.USAGE)
    return data
