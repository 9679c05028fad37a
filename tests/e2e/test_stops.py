"""A signal ends a command as its table of exit codes says, from the first moment on."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from published import make_archive

from archive.publish import publish

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# What is done before our first line is Python's; a signal ends it as it ends any program.
MAIN = "from nianbao import __main__ as own; own.take_signals(); print('begun', flush=True); raise SystemExit(own.main())"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stops")
    publish(make_archive(folder / "archive.db"), folder / "public")
    return folder / "public"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def listen() -> None:
    """Also where the tests themselves were started by nohup or in the background of a shell."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("how", SIGNALS, ids=lambda one: one.name)
@pytest.mark.parametrize("after", [0.02, 0.1, 0.25, 0.5, 1.0])
def test_a_server_that_has_hardly_begun_ends_in_order(out: Path, how: signal.Signals, after: float) -> None:
    command = [sys.executable, "-c", MAIN, "browse", "--out", str(out), "--port", str(free_port())]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listen
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(after)
        process.send_signal(how)
        late = threading.Timer(60, process.kill)
        late.start()
        _printed, complained = process.communicate()
        late.cancel()
    assert process.returncode in (0, 130)
    assert "Traceback" not in complained
    assert len(complained.splitlines()) <= 1


def test_a_signal_that_meets_a_callback_of_python_ends_the_command_all_the_same() -> None:
    """What is raised while an object is taken away is dropped by Python, and the command would go on for ever."""
    script = (
        "import signal, time\n"
        "from nianbao.front import stops\n"
        "stops.listen()\n"
        "class Busy:\n"
        "    def __del__(self):\n"
        "        signal.raise_signal(signal.SIGTERM)\n"
        "try:\n"
        "    Busy()\n"
        "    time.sleep(30)\n"
        "except stops.Stopped:\n"
        "    print('stopped')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True
    )
    assert (ended.stdout, ended.stderr) == ("stopped\n", "")
