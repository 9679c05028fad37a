"""pywb over WARC files, on loopback: a web archive as others run it.

It does not install beside our own requirements, and has a virtual environment of its own: the one whose bin folder
PYWB names, or one that is made once in the cache of the user, where a registry can be reached.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

WANTED = "pywb>=2.10,<2.11"
MISSING = "pywb is not here and no registry gives it: name the bin folder of its venv in PYWB"
TO_INSTALL, TO_START = 240, 60
"""Seconds."""


@cache
def programs() -> Path | None:
    """The folder of pywb's programs; None where there is none and none can be had."""
    found = shutil.which("wayback", path=os.environ.get("PYWB")) or shutil.which("wayback")
    if found:
        return Path(found).parent
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nianbao-tests" / "pywb-2.10"
    made = home / "bin" / "wayback"
    if not made.exists():
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", WANTED, "setuptools<81"]
        for command in ([sys.executable, "-m", "venv", str(home)], pip):
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=TO_INSTALL)
            except (subprocess.SubprocessError, OSError):
                return None
    return made.parent if made.exists() else None


@dataclass(frozen=True)
class WebArchive:
    """A running pywb: `cdx` is the address of its CDX server."""

    port: int

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}/nb"

    @property
    def cdx(self) -> str:
        return f"{self.home}/cdx"

    def raw(self, stamp: str, url: str) -> bytes:
        """The bytes of a capture as they were."""
        with urllib.request.urlopen(f"{self.home}/{stamp}id_/{url}", timeout=20) as answer:
            body: bytes = answer.read()
            return body


@contextmanager
def pywb(folder: Path, warcs: Iterable[Path]) -> Iterator[WebArchive]:
    """pywb over WARC files, until the end of the block; the test is skipped where pywb cannot be had."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip(MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    for words in (["init", "nb"], ["add", "nb", *map(str, warcs)]):
        subprocess.run([bin_folder / "wb-manager", *words], cwd=folder, check=True, capture_output=True)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [bin_folder / "wayback", "-p", str(port), "-b", "127.0.0.1"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet) as server:
        try:
            _await(server, port)
            yield WebArchive(port)
        finally:
            server.terminate()


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + TO_START
    while time.monotonic() < until and server.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("pywb does not answer")
