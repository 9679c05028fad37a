"""Whole nights over a small site on this machine, as cron would run them."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawling import registry
from launching import Process, start_as
from mockserver import Asked, MockServer, Reply, Route

BODIES = "获嘉县教育局 获嘉县公安局 获嘉县民政局 获嘉县财政局 获嘉县水利局 获嘉县审计局 获嘉县统计局 获嘉县司法局".split()
STAMP = "Sun, 01 Feb 2026 00:00:00 GMT"


def report_page(body: str, extra: str = "") -> str:
    """A report without tables."""
    title = f"{body}2024年政府信息公开工作年度报告"
    text = f"<h1>{title}</h1><p>一、总体情况</p><p>{body}主动公开信息8条。{extra}</p><p>二、存在的问题</p><p>无。</p>"
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>"


def kept(body: str, pause: float = 0.0) -> Route:
    """A page with a validator: unchanged, it costs a 304."""

    def answer(asked: Asked) -> Reply:
        time.sleep(pause)
        mark = f'"{hash(body) & 0xFFFFFF:x}"'
        headers = {"ETag": mark, "Last-Modified": STAMP, "Content-Type": "text/html; charset=utf-8"}
        if mark in (asked.headers.get("If-None-Match"), asked.headers.get("if-none-match")):
            return Reply(b"", 304, headers)
        return Reply(body, 200, headers)

    return answer


def site(pause: float = 0.0) -> dict[str, Route | Reply | str]:
    """A column and a report of each body."""
    rows = "".join(
        f'<li><a href="/d{n}.html" title="{body}2024年政府信息公开工作年度报告">{body}</a><span>2025-01-20</span></li>'
        for n, body in enumerate(BODIES)
    )
    documents = {f"/d{n}.html": kept(report_page(body), pause) for n, body in enumerate(BODIES)}
    return {"/nb/": kept(f"<html><body><ul>{rows}</ul></body></html>"), **documents}


class Nights:
    """Nights in a folder: `run()` to the end, or `start()` to be disturbed."""

    def __init__(self, folder: Path, server: MockServer | None, **environment: str) -> None:
        self.folder = folder
        self.db = folder / "archive.db"
        self.out = folder / "public"
        self.registry = registry(
            folder / "registry.csv", [server.url("/nb/")] if server else [], name="获嘉县人民政府"
        )
        self.environment = environment

    def start(self, *options: object, **environment: str) -> Process:
        """A night in a process of its own."""
        words = ["--db", self.db, "--out", self.out, "--registry", self.registry, "--allow-private", "--json"]
        command = [sys.executable, "-m", "nianbao", "night", *words, "--delay", 0, "--jobs", 1, *options]
        return start_as(command, {**os.environ, **self.environment, **environment})

    def run(self, *options: object, **environment: str) -> tuple[int, dict[str, Any], str]:
        """A night to its end: its exit code, its JSON (empty without one), and what it complained of."""
        with self.start(*options, **environment) as process:
            out, err = process.communicate(timeout=120)
        return process.returncode, json.loads(out) if out else {}, err

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the archive says."""
        from archive.store import Archive

        with Archive.read_only(self.db) as archive:
            return [tuple(row) for row in archive.db.execute(sql)]

    def has_begun(self, stage: str) -> bool:
        """Whether a stage of the last night has begun."""
        import sqlite3
        from contextlib import closing

        if not self.db.exists():
            return False
        try:
            with closing(sqlite3.connect(f"{self.db.as_uri()}?mode=ro", uri=True)) as db:
                return bool(db.execute("select 1 from stage where name = ?", (stage,)).fetchone())
        except sqlite3.OperationalError:
            return False

    def wait_for(self, stage: str, process: Process, seconds: float = 60.0) -> None:
        """Waits until a stage of the night has begun."""
        deadline = time.monotonic() + seconds
        while not self.has_begun(stage):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, stage
            time.sleep(0.002)

    def totals(self) -> Mapping[str, int]:
        """How much there is of everything that must not double or go missing."""
        tables = ("blob", "capture", "report", "version", "figure", "finding", "statement", "section")
        return {table: self.rows(f"select count(*) from {table}")[0][0] for table in tables}
