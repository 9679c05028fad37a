"""What one run may cost: requests, bytes, and the moment at which it has to be over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.outcomes import iso


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a run may use; None is no limit. Nothing new is asked once one is reached."""

    until: datetime | None = None
    requests: int | None = None
    bytes: int | None = None

    def spent(self, requests: int, size: int, now: datetime) -> str:
        """Which limit is reached, in words; empty while none is. `size` is in bytes."""
        if self.requests is not None and requests >= self.requests:
            return f"its {self.requests} requests are spent"
        if self.bytes is not None and size >= self.bytes:
            return f"its {self.bytes} bytes are spent"
        if self.until is not None and now >= self.until:
            return f"its time was over at {iso(self.until)}"
        return ""


UNLIMITED = Limits()
