"""How a command ends: one table of exit codes, and which error gives which (docs/exit-codes.md)."""

from __future__ import annotations

import errno
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command. Their meaning never changes."""

    OK = 0
    WRONG = 1
    USAGE = 2
    CONFIGURATION = 3
    LOCKED = 4
    DISK_FULL = 5
    NIGHT_RUNNING = 6
    PORT_IN_USE = 7
    DAMAGED = 8
    BLOCKED = 9
    DEGRADED = 10
    DOUBTFUL = 11
    INTERRUPTED = 130


class CommandError(Exception):
    """A command that cannot go on: one line that names the place and the remedy, and its exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code


# By name, so that no command has to load what another one needs.
_BY_ERROR = {
    "archive.errors.ArchiveLocked": Exit.LOCKED,
    "archive.state.judging.NoFinding": Exit.USAGE,
    "archive.errors.ArchiveMissing": Exit.USAGE,
    "archive.errors.ArchiveDamaged": Exit.DAMAGED,
    "archive.errors.Unwritable": Exit.USAGE,
    "archive.errors.DiskFull": Exit.DISK_FULL,
    "web.PortInUse": Exit.PORT_IN_USE,
    "crawler.registry.RegistryError": Exit.CONFIGURATION,
    "parsers.document.ParseError": Exit.USAGE,
    "nianbao.quality.scoring.QualityError": Exit.USAGE,
    "parsers.forms.FormsError": Exit.CONFIGURATION,
    "archive.errors.ArchiveError": Exit.WRONG,
}


_FULL = (errno.ENOSPC, errno.EDQUOT)


def code_of(error: BaseException) -> Exit | None:
    """The exit code for an error that we know; None for one that is a fault of the program."""
    if isinstance(error, CommandError):
        return error.code
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, OSError) and error.errno in _FULL:
        return Exit.DISK_FULL
    if isinstance(error, OSError) and error.filename is not None:
        return Exit.USAGE
    for kind in type(error).__mro__:
        code = _BY_ERROR.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code
    return None


def told(error: BaseException) -> str:
    """An error in one line that names the place and the remedy."""
    if isinstance(error, OSError) and error.strerror:
        remedy = "make room" if error.errno in _FULL else "give a path where that may be done"
        return f"{error.filename or 'the disk'}: {error.strerror.lower()}; {remedy}"
    return str(error)
