"""What is kept of the nights themselves: their stages, what was measured, what rang, and what the morning said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.database.connection import Connected
from archive.outcomes import utc_now


@dataclass(frozen=True, slots=True)
class Measure:
    """One number about one night: of the whole (`subject` empty), of a source, of an outcome."""

    name: str
    subject: str
    value: float


@dataclass(frozen=True, slots=True)
class Rung:
    """An alarm of a night, and since when it has rung every night."""

    monitor: str
    level: str
    since: str
    what: str
    remedy: str


class Mornings(Connected):
    """Reads and writes the memory of the nights."""

    def begin_stage(self, run_id: str, name: str) -> None:
        """Says that a stage of a night begins, or begins again."""
        with self.transaction() as db:
            db.execute(
                "insert into stage (run_id, name, at) values (?, ?, ?) on conflict (run_id, name) do update"
                " set ended_at = null",
                (run_id, name, utc_now()),
            )

    def end_stage(self, run_id: str, name: str, facts: Mapping[str, Any]) -> None:
        """Says that a stage was done, and what it did."""
        with self.transaction() as db:
            db.execute(
                "update stage set ended_at = ?, facts = ? where run_id = ? and name = ?",
                (utc_now(), json.dumps(facts, ensure_ascii=False), run_id, name),
            )

    def stage(self, run_id: str, name: str) -> dict[str, Any] | None:
        """What a stage of a night did; None when it was not done to its end."""
        row = self.db.execute(
            "select facts from stage where run_id = ? and name = ? and ended_at is not null", (run_id, name)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def stages(self, run_id: str) -> list[dict[str, Any]]:
        """The stages of a night in order: name, at, ended_at."""
        sql = "select name, at, ended_at from stage where run_id = ? order by at, ended_at is null, ended_at"
        return [dict(row) for row in self.db.execute(sql, (run_id,))]

    def last_stage_took(self, name: str) -> timedelta:
        """How long a stage took when it was last done to its end; nothing when it never was."""
        row = self.db.execute(
            "select at, ended_at from stage where name = ? and ended_at is not null order by at desc limit 1",
            (name,),
        ).fetchone()
        if row is None:
            return timedelta(0)
        return datetime.fromisoformat(row["ended_at"]) - datetime.fromisoformat(row["at"])

    def keep_morning(
        self,
        run_id: str,
        outcome: str,
        sentence: str,
        report: Mapping[str, Any],
        alarms: Iterable[Rung],
        measures: Iterable[Measure],
    ) -> None:
        """Writes what a night came to, in place of what was written of it before."""
        at = utc_now()
        with self.transaction() as db:
            db.execute("delete from alarm where run_id = ?", (run_id,))
            db.executemany(
                "insert into alarm (run_id, monitor, level, since, what, remedy, at) values (?, ?, ?, ?, ?, ?, ?)",
                [(run_id, a.monitor, a.level, a.since, a.what, a.remedy, at) for a in alarms],
            )
            db.executemany(
                "insert into measure (run_id, name, subject, value, at) values (?, ?, ?, ?, ?)"
                " on conflict (run_id, name, subject) do update set value = excluded.value, at = excluded.at",
                [(run_id, m.name, m.subject, m.value, at) for m in measures],
            )
            db.execute(
                "insert into morning (run_id, at, outcome, sentence, report) values (?, ?, ?, ?, ?)"
                " on conflict (run_id) do update set at = excluded.at, outcome = excluded.outcome,"
                " sentence = excluded.sentence, report = excluded.report",
                (run_id, at, outcome, sentence, json.dumps(report, ensure_ascii=False)),
            )

    def last_morning(self) -> dict[str, Any] | None:
        """The last night that came to an end: run_id, at, outcome, sentence, and its alarms."""
        sql = "select run_id, at, outcome, sentence from morning order by at desc, rowid desc limit 1"
        row = self.db.execute(sql).fetchone()
        if row is None:
            return None
        rung = self.db.execute(
            "select monitor, level, since, what, remedy from alarm where run_id = ? order by since, monitor",
            (row["run_id"],),
        )
        return {**dict(row), "alarms": [dict(alarm) for alarm in rung]}

    def rings_since(self, monitor: str, run_id: str, began: str = "") -> str:
        """Since when an alarm that rings in the night that `began` then has rung without a silent one between."""
        sql = "select run_id from morning where run_id <> ? order by at desc, rowid desc limit 1"
        last = self.db.execute(sql, (run_id,)).fetchone()
        if last is None:
            return began or utc_now()
        row = self.db.execute(
            "select since from alarm where run_id = ? and monitor = ?", (last[0], monitor)
        ).fetchone()
        return row[0] if row else began or utc_now()

    def measured(self, name: str, subject: str, run_id: str, nights: int) -> list[float]:
        """What the last nights before this one measured, the newest first."""
        rows = self.db.execute(
            "select value from measure where name = ? and subject = ? and run_id <> ? order by at desc limit ?",
            (name, subject, run_id, nights),
        )
        return [row[0] for row in rows]
