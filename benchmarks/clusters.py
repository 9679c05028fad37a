"""A Dask scheduler and workers as separate processes on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Host:
    """Where a worker runs: its address, and what a command of that machine begins with."""

    address: str = LOOPBACK
    prefix: tuple[str, ...] = ()


@dataclass
class Cluster:
    """The processes of a cluster; `address` is what --cluster takes."""

    address: str
    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self, host: Host) -> subprocess.Popen[bytes]:
        """One more worker, under a nanny as `dask worker` starts it."""
        name = f"w{len(self.workers)}"
        options = ["--nthreads", "1", "--no-dashboard", "--name", name, "--host", host.address]
        command = [*host.prefix, sys.executable, "-m", "distributed.cli.dask_worker", self.address, *options]
        command += ["--local-directory", str(self.folder / name)]
        worker = _started(command, self.folder / f"{name}.log")
        self.workers.append(worker)
        return worker


@contextmanager
def cluster(folder: Path, hosts: Sequence[Host] = (Host(), Host()), at: str = LOOPBACK) -> Iterator[Cluster]:
    """A scheduler at an address, with a worker on each of the hosts that has joined it."""
    from distributed import Client

    file = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", at, "--port", "0"]
    command += ["--no-dashboard", "--scheduler-file", str(file)]
    scheduler = _started(command, folder / "scheduler.log")
    made = Cluster("", folder, scheduler)
    try:
        _wait_for(file)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            made.address = client.scheduler.address
            for host in hosts:
                made.add_worker(host)
            if hosts:
                client.wait_for_workers(len(hosts), timeout=60)
        yield made
    finally:
        for process in [*made.workers, scheduler]:
            os.killpg(process.pid, signal.SIGTERM)
        for process in [*made.workers, scheduler]:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _started(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """In a group of its own, so that a nanny ends with its worker."""
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)


def _wait_for(file: Path) -> None:
    ends = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert time.monotonic() < ends, "the scheduler did not start"
        time.sleep(0.1)
