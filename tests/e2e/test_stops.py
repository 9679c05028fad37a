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


LOST = {
    "a callback": """
class Busy:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)
Busy()
""",
    "a library that takes every exception": """
try:
    signal.raise_signal(signal.SIGTERM)
except BaseException:
    pass
""",
}


@pytest.mark.parametrize("how", LOST)
def test_a_signal_whose_exception_is_lost_ends_the_command_all_the_same(how: str) -> None:
    """Python drops what is raised while it takes an object away, lxml while it is loaded; the command would go on for ever."""
    assert _run(f"{LOST[how]}\ntime.sleep(30)") == ("stopped\n", "")


def test_a_signal_that_python_makes_an_error_of_its_own_of_is_one_all_the_same() -> None:
    """As it does in RuntimeError where a class is made, a data class of a library that is being loaded."""
    script = """
import signal, sys
import web
from nianbao import cli
class Loud:
    def __set_name__(self, owner, name):
        signal.raise_signal(signal.SIGTERM)
def serve(*_):
    type("Owner", (), {"it": Loud()})
web.serve = serve
sys.argv = ["nianbao", "browse", "--port", sys.argv[1]]
sys.exit(cli.main())
"""
    command = [sys.executable, "-c", script, str(free_port())]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stderr) == (130, "nianbao: interrupted; run it again, it goes on\n")


def test_a_command_that_ends_in_order_is_not_disturbed() -> None:
    """However long that takes, and whatever it meets meanwhile."""
    script = """
try:
    signal.raise_signal(signal.SIGTERM)
finally:
    try:
        raise OSError
    except OSError:
        time.sleep(1.5)
    print("in order")
"""
    assert _run(script) == ("in order\nstopped\n", "")


def test_a_second_signal_is_not_kept_waiting() -> None:
    script = """
try:
    signal.raise_signal(signal.SIGTERM)
finally:
    signal.raise_signal(signal.SIGINT)
    time.sleep(30)
"""
    assert _run(script) == ("stopped\n", "")


def _run(script: str) -> tuple[str, str]:
    """What a script prints that a signal ends."""
    body = "".join(f"    {line}\n" for line in script.splitlines())
    whole = (
        "import signal, time\n"
        "from nianbao.front import stops\n"
        f"stops.listen()\ntry:\n{body}"
        "except stops.Stopped:\n"
        "    stops.heeded()\n"
        "    print('stopped')\n"
    )
    command = [sys.executable, "-c", whole]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True, preexec_fn=listen)
    return ended.stdout, ended.stderr
