"""Progress: a live line on a terminal, plain lines elsewhere, and silence for what is quick."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from crawling import registry
from mockserver import MockServer
from nighting import BODIES, site

from nianbao.front import progress
from nianbao.front.progress import Step

WORK = """
import time
from nianbao.front.progress import Step, progress
with progress("Crawling", "requests") as tell:
    for done in range(1, 5):
        tell(Step(done, 4, "http://www.example.gov.cn/[a]", {"hosts": 2, "new captures": done}))
        time.sleep(0.15)
print("done")
"""


@pytest.mark.parametrize(
    ("step", "seconds", "said"),
    [
        (Step(120, 400), 60, "Crawling: 120 of 400 requests, 2.0 a second, 140 s left"),
        (Step(10, 3610), 1, "Crawling: 10 of 3610 requests, 10.0 a second, 6 min left"),
        (Step(1, 3601), 3, "Crawling: 1 of 3601 requests, 0.3 a second, 3.0 h left"),
        (Step(4, 4), 2, "Crawling: 4 of 4 requests, 2.0 a second"),
        (Step(4, words="http://a.cn/"), 0, "Crawling: 4 requests, 0.0 a second; http://a.cn/"),
        (Step(4, counts={"hosts": 3, "new": 1}), 2, "Crawling: 4 requests, 2.0 a second; 3 hosts, 1 new"),
    ],
)
def test_a_plain_line(step: Step, seconds: float, said: str) -> None:
    assert progress.line("Crawling", "requests", step, seconds) == said.replace("140 s", "2 min")


def test_quick_work_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.progress("Reading", "captures") as tell:
        tell(Step(1, 2))
    assert capfd.readouterr() == ("", "")


def test_long_work_says_a_line_now_and_then(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    with progress.progress("Reading", "captures") as tell:
        tell(Step(1, 2, counts={"findings": 3}))
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Reading: 1 of 2 captures, ")
    assert printed.err.endswith("; 3 findings\n")


def test_a_terminal_shows_it_live() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "160"}
    with subprocess.Popen(
        [sys.executable, "-c", WORK], stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True
    ) as process:
        os.close(theirs)
        shown = _all_of(ours)
        assert process.stdout is not None
        assert process.stdout.read() == "done\n"
    for words in ("Crawling", "4/4", "requests", "2 hosts, 4 new captures", "www.example.gov.cn/[a]", "/s"):
        assert words in shown


def _all_of(descriptor: int) -> str:
    found = b""
    while True:
        try:
            found += os.read(descriptor, 65536)
        except OSError:
            os.close(descriptor)
            return found.decode()


def test_a_night_says_how_far_it_is(tmp_path: Path) -> None:
    """Crawl, read and publish, each in its own words: hosts, rate, what remains, findings."""
    code = (
        "import sys, nianbao.front.progress; nianbao.front.progress.EVERY = 0.0; from nianbao.cli import main;"
        "sys.argv = ['nianbao', *sys.argv[1:]]; raise SystemExit(main())"
    )
    with MockServer(site()) as server:
        column = registry(tmp_path / "registry.csv", [server.url("/nb/")], name="获嘉县人民政府")
        said = ""
        for words in (
            ["crawl", "--registry", column, "--allow-private", "--delay", 0],
            ["read", "--jobs", 1],
            ["publish", "--out", tmp_path / "public"],
        ):
            command = [sys.executable, "-c", code, *words, "--db", tmp_path / "archive.db"]
            done = subprocess.run(
                [str(word) for word in command], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            said += done.stderr
    total = len(BODIES) + 1
    assert re.search(
        rf"^Crawling: \d of {total} requests, [\d.]+ a second, .*; 1 hosts, \d new captures; http", said, re.M
    )
    assert re.search(rf"^Reading: {len(BODIES)} of {len(BODIES)} captures, .*; writing reports$", said, re.M)
    assert re.search(r"^Reading: .* new versions, \d+ findings; ", said, re.M)
    assert re.search(r"^Publishing: \d+ stages, .*; copying$", said, re.M)
