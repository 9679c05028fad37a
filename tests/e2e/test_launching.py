"""Processes that tests launch are what `subprocess` would start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import launching
import pytest
from launching import Launched


def _python(code: str, *words: object) -> list[object]:
    return [sys.executable, "-c", code, *words]


def test_what_it_prints_and_how_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; print(sys.argv[1], os.getcwd(), os.environ['HERE']); sys.exit('年报')"
    with Launched(_python(code, "a"), {**os.environ, "HERE": "b"}) as process:
        out, err = process.communicate(60)
    assert (process.returncode, out.split(), err) == (1, ["a", str(tmp_path), "b"], "年报\n")


def test_an_exception_has_its_traceback() -> None:
    done = launching.run(_python("1 / 0"))
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    with Launched(_python("import time; print(1, flush=True); time.sleep(60)")) as process:
        assert process.stdout.readline() == "1\n"
        assert process.poll() is None
        process.send_signal(number)
        assert process.wait(60) == -number


def test_what_takes_too_long_is_killed() -> None:
    with Launched(_python("import time; time.sleep(60)")) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(0.1)
        assert process.wait(60) == -signal.SIGKILL


def test_what_was_to_be_done_at_its_end_is_done() -> None:
    code = "import atexit, threading, time; atexit.register(print, 2);"
    code += "threading.Thread(target=lambda: (time.sleep(0.05), print(1))).start()"
    assert launching.run(_python(code)).stdout.split() == ["1", "2"]


def test_the_command() -> None:
    done = launching.run([sys.executable, "-m", "nianbao", "--version"])
    assert done.returncode == 0
    assert done.stdout.startswith("nianbao ")
    assert launching.run([sys.executable, "-m", "nianbao", "nothing"]).returncode == 2
