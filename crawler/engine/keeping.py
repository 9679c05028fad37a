"""Answers on their way into the archive: what several hosts say within a moment is kept in one transaction.

A commit waits for the disk, some milliseconds each. Nothing is acknowledged before its commit: a host is asked
again, and a child woken, only when the answer is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from archive.errors import ArchiveError
from archive.outcomes import Completed, Fetch, FrontierRequest, Link, RequestState
from archive.state.nights import ListingPage
from archive.store import Archive

MOMENT = 0.02
"""Seconds that an answer waits for others; none when no other host is being asked."""
TOGETHER = 32
MOST_BYTES = 4 * 1024 * 1024
"""Answers, and bytes of them, that are not kept waiting any longer."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with all that follows from it, as `Archive.complete` takes it."""

    asked: FrontierRequest
    fetch: Fetch
    body: bytes | None = None
    links: Sequence[Link] = ()
    children: Sequence[FrontierRequest] = ()
    state: RequestState = RequestState.DONE
    due_at: str | None = None
    listing: ListingPage | None = None


Kept = Callable[[Answer, Completed], None]
"""What is to be done when an answer is safe."""
Failed = Callable[[Answer, Exception], None]
"""What is to be done when it cannot be kept."""


class Keeper:
    """Collects answers and keeps them together. `alone` says that no other host is being asked."""

    def __init__(self, archive: Archive, alone: Callable[[int], bool]) -> None:
        self.archive = archive
        self._alone = alone
        self._waiting: list[tuple[Answer, Kept, Failed]] = []
        self._notes: list[tuple[Fetch, bytes | None]] = []
        self._bytes = 0
        self._alarm: Any = None

    def __len__(self) -> int:
        return len(self._waiting)

    def keep(self, answer: Answer, kept: Kept, failed: Failed) -> None:
        """Keeps an answer now or in a moment, and then calls `kept`; or `failed`."""
        self._waiting.append((answer, kept, failed))
        self._bytes += len(answer.body or b"")
        full = len(self._waiting) >= TOGETHER or self._bytes >= MOST_BYTES
        if full or self._alone(len(self._waiting)):
            self.flush()
        else:
            self._flush_soon()

    def note(self, fetch: Fetch, body: bytes | None) -> None:
        """Keeps what was asked beside the queue, in a moment: nothing waits for it."""
        self._notes.append((fetch, body))
        if len(self._notes) >= TOGETHER:
            self.flush()
        else:
            self._flush_soon()

    def _flush_soon(self) -> None:
        if self._alarm is not None and self._alarm.active():
            return
        # Imported here: importing it installs a reactor, and Scrapy wants to choose which.
        from twisted.internet import reactor

        clock: Any = reactor
        self._alarm = clock.callLater(MOMENT, self.flush)

    def flush(self) -> None:
        """Keeps what waits, in one transaction; when that fails, each in its own, to know which."""
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        notes, self._notes = self._notes, []
        if not waiting and not notes:
            return
        try:
            done = self._together(notes, [answer for answer, _kept, _failed in waiting])
        except Exception:
            for note in notes:
                self._note_apart(*note)
            for one in waiting:
                self._apart(*one)
            return
        for (answer, kept, _failed), completed in zip(waiting, done, strict=True):
            _tell(kept, answer, completed)

    def _together(
        self, notes: Sequence[tuple[Fetch, bytes | None]], answers: Sequence[Answer]
    ) -> list[Completed]:
        with self.archive.transaction():
            for fetch, body in notes:
                self.archive.record(fetch, body)
            return [self._complete(answer) for answer in answers]

    def _note_apart(self, fetch: Fetch, body: bytes | None) -> None:
        try:
            self.archive.record(fetch, body)
        except Exception:
            # An archive that takes nothing any more says so at the next answer, and that is heard.
            log.exception("%s could not be noted", fetch.url)

    def _apart(self, answer: Answer, kept: Kept, failed: Failed) -> None:
        try:
            completed = self._complete(answer)
        except Exception as error:
            if not isinstance(error, ArchiveError):
                log.exception("%s could not be kept", answer.asked.url)
            _tell(failed, answer, error)
        else:
            _tell(kept, answer, completed)

    def _complete(self, answer: Answer) -> Completed:
        with self.archive.transaction():
            if answer.listing is not None:
                self.archive.keep_listing(answer.listing)
            return self.archive.complete(
                answer.asked.id,
                answer.fetch,
                answer.body,
                answer.links,
                answer.children,
                state=answer.state,
                due_at=answer.due_at,
            )


def _tell(told: Callable[[Answer, Any], None], answer: Answer, what: object) -> None:
    """What one answer's owner makes of it is no reason to forget the others."""
    try:
        told(answer, what)
    except Exception:
        log.exception("%s is kept, but what follows from it failed", answer.asked.url)
