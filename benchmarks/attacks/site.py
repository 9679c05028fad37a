"""Questions and addresses of strangers on a real `nianbao browse`: each is answered, and the next page still comes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import made
from benchmarks.attacks import SECONDS, Outcome, rig
from benchmarks.browse import BOMB, Server, serving

REPORTS = 20
PATIENCE = 20.0
"""Seconds within which any question has its answer: the site ends one after a few."""
QUESTIONS = {
    "a pointer of the caller's choice": (
        "select hex(fts3_tokenizer(:n, :b))",
        {"n": "simple", "b": "AAAAAAAA"},
    ),
    "an address of the process": ("select hex(fts3_tokenizer(:n))", {"n": "simple"}),
    "a tokenizer as a table": ("select * from fts3tokenize where input = 'a b'", {}),
    "pages of the file": ("select * from sqlite_dbpage", {}),
    "where the file lies": ("select file from pragma_database_list", {}),
    "another database": ("attach ':memory:' as x", {}),
    "an extension": ("select load_extension('x')", {}),
    "a file": ("select readfile('/etc/passwd')", {}),
    "a query without an end": (BOMB, {}),
    "a gigabyte": ("select randomblob(1000000000)", {}),
}
"""Each is refused (400): no answer to it is right."""
ADDRESSES = (
    "/findings?page=-1",
    "/findings?page=9e99",
    "/findings?year=%C2%B2",
    "/search?q=%22%28%2a",
    "/search?q=%ff%fe",
    "/report/..%2f..",
    "/downloads/..%5c..",
    "/downloads/%2fetc%2fpasswd",
    "/nianbao/report?_through={",
    "/division/000000",
    "//evil.example/",
)


def asked(server: Server, path: str) -> tuple[int, str]:
    """The status of an answer and where it leads; 0 where none came."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("location", "")
    except (OSError, HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def published(folder: Path) -> Path:
    """A small publication."""
    db, out = folder / "a.db", folder / "public"
    made.make(db, REPORTS)
    command = [
        sys.executable,
        "-m",
        "nianbao",
        "publish",
        "--db",
        str(db),
        "--out",
        str(out),
        "--force",
        "an attack",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return out


@rig("strangers")
def strangers(folder: Path) -> Iterator[Outcome]:
    """Every question and every odd address; after each, the home page."""
    with serving(published(folder)) as server:
        for name, (sql, values) in QUESTIONS.items():
            yield _attacked(server, name, f"/nianbao.json?{urlencode({'sql': sql, **values})}", {400})
        for address in ADDRESSES:
            yield _attacked(server, address, address, set(range(200, 500)))


def _attacked(server: Server, name: str, path: str, statuses: set[int]) -> Outcome:
    began = time.monotonic()
    status, said = asked(server, path)
    took = time.monotonic() - began
    led_away = said.startswith(("//", "http")) if status else True
    alive = asked(server, "/")[0] == 200
    held = status in statuses and not led_away and alive
    return Outcome(name, held, f"{status} {said}{'' if alive else ', and the site is gone'}", took)
