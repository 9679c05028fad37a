"""A crawl that is asked to end does so in seconds, whatever its servers do, and says nothing wrong of them."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import crawling
import pytest

from archive.store import Archive

SOON = 20.0
"""Seconds; three are the grace of the crawl, the rest is for a busy machine. An answer may take 30."""


@contextmanager
def server(answer: bytes) -> Iterator[tuple[str, threading.Event]]:
    """A server that sends this to whoever asks, and nothing more; its address, and whether it was asked."""
    asked, held = threading.Event(), []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            held.append(connection)
            connection.recv(1000)
            connection.sendall(answer)
            asked.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/nb/", asked
        listening.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"]
)
def test_a_server_that_never_ends_its_answer_holds_no_crawl_that_is_to_end(
    tmp_path: Path, answer: bytes
) -> None:
    with server(answer) as (url, asked):
        crawl = crawling.start(tmp_path / "a.db", crawling.registry(tmp_path / "r.csv", [url]))
        assert asked.wait(60)
        began = time.monotonic()
        crawl.send_signal(signal.SIGTERM)
        out, err = crawl.communicate(timeout=120)
    assert time.monotonic() - began < SOON
    assert '"interrupted"' in out
    assert "Traceback" not in err
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.db.execute("select count(*) from fetch").fetchone()[0] == 0
        assert archive.db.execute("select state from request").fetchall()[0][0] == "queued"


def test_a_signal_that_comes_while_scrapy_begins_ends_the_crawl(tmp_path: Path) -> None:
    """Between the making of the spider and the first turn of the reactor nobody but us listens."""
    with server(b"") as (url, _asked):
        crawl = crawling.start(
            tmp_path / "a.db",
            crawling.registry(tmp_path / "r.csv", [url]),
            raises=int(signal.SIGTERM),
        )
        began = time.monotonic()
        out, err = crawl.communicate(timeout=120)
    assert time.monotonic() - began < 2 * SOON
    assert '"interrupted"' in out
    assert "Traceback" not in err
