"""Which kept bytes an address answered with, and when: what the publication knows of mementos (RFC 7089)."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote, urlencode

from archive.warcs.keys import key_of, stamp_of

_OF = """
select m.key, m.at, m.url, m.sha256, coalesce(max(c.content_type), '') as mime
from memento m left join capture c on c.sha256 = m.sha256 and c.url = m.url
where m.key = ? group by m.key, m.at, m.url order by m.at, m.url
"""
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Memento:
    """An answer of an address: `at` in UTC (ISO 8601), the name of its bytes, its media type; `key` is its SURT."""

    key: str
    at: str
    url: str
    sha256: str
    mime: str = ""

    @property
    def moment(self) -> datetime:
        """When the address answered so."""
        return datetime.fromisoformat(self.at.replace("Z", "+00:00"))

    @property
    def date(self) -> str:
        """The same as HTTP writes it."""
        return http_date(self.moment)

    @property
    def stamp(self) -> str:
        """The same in 14 digits."""
        return stamp_of(self.at)

    @property
    def path(self) -> str:
        """Its own address on this site: the bytes, of which address they were, and when."""
        return f"/capture/{self.sha256}?{urlencode({'url': self.url, 'at': self.stamp}, quote_via=quote, safe='')}"


def of(conn: sqlite3.Connection, url: str) -> list[Memento]:
    """All mementos of an address, whichever way it is written, the oldest first."""
    return [Memento(*row) for row in conn.execute(_OF, [key_of(url)])]


def one(conn: sqlite3.Connection, sha256: str, url: str, stamp: str) -> Memento | None:
    """The memento of these bytes, this very address and this moment (14 digits); None where there is none."""
    digits = _STAMP.fullmatch(stamp)
    if digits is None:
        return None
    at = "{}-{}-{}T{}:{}:{}Z".format(*digits.groups())
    sql = "select key, at, url, sha256 from memento where key = ? and at = ? and url = ? and sha256 = ?"
    row = conn.execute(sql, [key_of(url), at, url, sha256]).fetchone()
    return Memento(*row) if row else None


def nearest(found: list[Memento], wanted: datetime | None) -> Memento:
    """Of mementos that are there the one nearest to a moment, of two as near the older; the newest without a moment."""
    if wanted is None:
        return found[-1]
    return min(found, key=lambda each: abs(each.moment - wanted))


def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it (RFC 9110, IMF-fixdate)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def moment_of(text: str) -> datetime | None:
    """The moment that an Accept-Datetime header names; None unless it is an IMF-fixdate to the letter (RFC 7089, 2.1.1)."""
    try:
        _name, day, month, year, time, _zone = text.split(" ")
        hour, minute, second = map(int, time.split(":"))
        moment = datetime(int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=UTC)
        return moment if http_date(moment) == text else None
    except (ValueError, OverflowError):
        return None


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
