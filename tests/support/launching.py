"""Commands in processes of their own that do not load their modules again.

One process has loaded what commands load, and is forked for each: loading takes a second, most tests' work a tenth.
A test about starting itself (signals while loading, what is imported) uses `subprocess`.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import IO, Self

_LOADED = (
    "crawler.engine.robots",
    "crawler.engine.scheduler",
    "crawler.families.trs",
    "crawler.net.throttle",
    "crawler.paging.forms",
    "crawler.run",
    "nianbao.cli",
    "nianbao.commands.collecting",
    "nianbao.commands.nights",
    "nianbao.nightly.night",
    "scrapy.core.downloader.contextfactory",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.scheduler",
    "scrapy.core.scraper",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.extensions.feedexport",
    "scrapy.pqueues",
    "scrapy.resolver",
    "scrapy.statscollectors",
    "twisted.internet.asyncioreactor",
    "twisted.names.client",
)
_LONGEST = 1024 * 1024
"""Bytes of a request: its words, its program and its environment."""
_NEWS = 32
"""Bytes that hold a process id or an exit code."""
_POLL = 0.005
"""Seconds between two looks at whether a process has ended."""


class Launched:
    """A process as `subprocess.Popen` would give it, with pipes for what it prints as text."""

    def __init__(self, words: Sequence[object], environment: Mapping[str, str] | None = None) -> None:
        self.args = [str(word) for word in words]
        self.returncode: int | None = None
        out, their_out = os.pipe()
        err, their_err = os.pipe()
        self._minder, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        asked = {
            "words": self.args,
            "environment": dict(environment or os.environ),
            "folder": str(Path.cwd()),
        }
        try:
            message = json.dumps(asked).encode()
            socket.send_fds(_launcher(), [message], [their_out, their_err, theirs.fileno()])
        finally:
            os.close(their_out)
            os.close(their_err)
            theirs.close()
        self.stdout: IO[str] = os.fdopen(out, encoding="utf-8")
        self.stderr: IO[str] = os.fdopen(err, encoding="utf-8")
        self.pid = int(self._minder.recv(_NEWS))

    def poll(self) -> int | None:
        """The exit code (negative: the signal), or None while it runs."""
        return self._look(socket.MSG_DONTWAIT)

    def _look(self, flags: int) -> int | None:
        if self.returncode is None:
            try:
                said = self._minder.recv(_NEWS, flags)
            except BlockingIOError:
                return None
            self.returncode = int(said)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, when it has ended. Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self._look(0 if deadline is None else socket.MSG_DONTWAIT)) is None:
            assert timeout is not None
            assert deadline is not None
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(_POLL)
        return code

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it prints to its end. Raises subprocess.TimeoutExpired, having killed it."""
        with ThreadPoolExecutor(2) as readers:
            out, err = readers.submit(self.stdout.read), readers.submit(self.stderr.read)
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return out.result(), err.result()

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.wait()
        self.stdout.close()
        self.stderr.close()
        self._minder.close()


Process = Launched | subprocess.Popen[str]


def start_as(words: Sequence[object], environment: Mapping[str, str]) -> Process:
    """A command with an environment of its own; a new interpreter where that is what Python itself reads."""
    if all(
        environment.get(name) == os.environ.get(name)
        for name in {*environment, *os.environ}
        if _is_pythons(name)
    ):
        return Launched(words, environment)
    pipe, command = subprocess.PIPE, [str(word) for word in words]
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=dict(environment))


def _is_pythons(name: str) -> bool:
    return name.startswith("PYTHON")


def run(words: Sequence[object], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """A command to its end: `subprocess.run` with what it printed."""
    with Launched(words) as process:
        out, err = process.communicate(timeout)
    assert process.returncode is not None
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@cache
def _launcher() -> socket.socket:
    """Where the process listens that is forked; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    here = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r}); import launching; launching.serve({theirs.fileno()})"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a fork has none of the threads of numpy
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def serve(listening: int) -> None:
    """Forks a minder for each request; returns in the process that is to be the command, once it was."""
    _load()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests
    with socket.socket(fileno=listening) as requests:
        while True:
            message, files, _flags, _from = socket.recv_fds(requests, _LONGEST, 3)
            if not message:
                os._exit(0)
            if os.fork() == 0:
                break
            for file in files:
                os.close(file)
            _reap()
    _mind(json.loads(message), *files)


def _load() -> None:
    from importlib import import_module

    for name in _LOADED:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    assert threading.active_count() == 1, "only a process without threads may be forked"
    gc.freeze()


def _reap() -> None:
    """Lets go of the minders that have ended."""
    while os.waitpid(-1, os.WNOHANG)[0]:
        pass


def _mind(asked: dict[str, object], out: int, err: int, news: int) -> None:
    """Forks the command, and tells its id and how it ended."""
    pid = os.fork()
    if pid == 0:
        os.close(news)
        _become(asked, out, err)
        return
    os.close(out)
    os.close(err)
    os.write(news, b"%d" % pid)
    _pid, status = os.waitpid(pid, 0)
    os.write(news, b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(asked: dict[str, object], out: int, err: int) -> None:
    """Is what a new interpreter with these words, environment and pipes would be."""
    words: list[str] = asked["words"]  # type: ignore[assignment]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup before the tests ignores it
    os.dup2(out, 1)
    os.dup2(err, 2)
    for file in (out, err):
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    time.tzset()
    os.chdir(asked["folder"])  # type: ignore[arg-type]
    kind, program, *more = words[1:]
    sys.argv = [program if kind == "-m" else "-c", *more]
    if kind == "-m":
        assert program == "nianbao"
        from nianbao.__main__ import main

        sys.exit(main())
    exec(program, {"__name__": "__main__"})
