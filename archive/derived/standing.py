"""How one body's report of one year stands with the archive: a closed set."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """None of them without the row or the capture that it rests on; only `not_found` and `late` say that a body failed.

    `late` is held, and the law is sure that it came after its day. `not_found` is what a healthy listing of the body
    lacks that shows other years. `not_looked_for` blames nobody: no listing of it was seen. `not_published` is what
    a person wrote down.
    """

    FOUND = "found"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"
    NOT_DUE = "not_due"
    NOT_LOOKED_FOR = "not_looked_for"
    NOT_FOUND = "not_found"
    NOT_PUBLISHED = "not_published"
