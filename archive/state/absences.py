"""That a body did not publish its report of a year, because a person says so; kept apart from what can be rebuilt."""

from __future__ import annotations

from archive.database.connection import Connected
from archive.ids import content_id
from archive.outcomes import utc_now


def declare(
    archive: Connected, body_id: str, body: str, year: int, note: str, *, withdrawn: bool = False
) -> str:
    """Write that the body published nothing on `year`, and why that is known; `withdrawn` takes it back.

    Returns the id of the row. The coverage has it when `nianbao read` ran again.
    """
    identifier = content_id("absence", body_id, year)
    with archive.transaction() as db:
        db.execute(
            "insert or replace into absence (id, body_id, body, year, note, withdrawn, at) values (?, ?, ?, ?, ?, ?, ?)",
            (identifier, body_id, body, year, note, int(withdrawn), utc_now()),
        )
    return identifier
