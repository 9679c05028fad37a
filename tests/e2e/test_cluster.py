"""The cluster as it is in truth: a scheduler and workers in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from launching import Launched

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytest.importorskip("obstore", reason="the extra `cluster` is not installed")

from archive.derived.derive import Task
from archive.releases.manifest import releases
from archive.store import Archive
from benchmarks.clusters import Cluster, Host, cluster
from crawler.engine.parts import Part
from nianbao.cluster import PACE, connected
from nianbao.cluster import read as reading
from nianbao.cluster import shards as places
from nianbao.front.exits import Exit
from sample.make import country
from sample.server import Server

BODIES, YEARS = 4, range(2023, 2026)


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    """A bucket of a server like S3; what the workers need to know of it is in the environment."""
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT", f"http://{host}:{port}")
        patch.setenv("AWS_ALLOW_HTTP", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", "a")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        patch.setenv("AWS_REGION", "us-east-1")
        urlopen(Request(f"http://{host}:{port}/bucket", method="PUT")).close()
        yield "s3://bucket"
    running.stop()


@pytest.fixture(scope="module")
def pair(storage: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(country(bodies=BODIES, years=YEARS), noise=False) as server:
        yield server


@pytest.fixture(scope="module")
def registry(served: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "registry.csv"
    path.write_text(served.registry_csv(), "utf-8")
    return path


@pytest.fixture(scope="module")
def alone(registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one machine makes of the country."""
    db = tmp_path_factory.mktemp("alone") / "archive.db"
    assert nianbao("crawl", "--db", db, *crawls(registry))[0] == Exit.OK
    assert nianbao("read", "--db", db)[0] == Exit.OK
    return db


def crawls(registry: Path, delay: str = "0.01") -> list[str]:
    return ["--registry", str(registry), "--allow-private", "--delay", delay]


def started(*words: object) -> Launched:
    command = [sys.executable, "-m", "nianbao", *map(str, words), "--json"]
    return Launched(command)


def nianbao(*words: object) -> tuple[int, Any, str]:
    process = started(*words)
    out, err = process.communicate(timeout=180)
    return process.returncode, json.loads(out) if out else None, err


def captured(db: Path) -> list[tuple[object, ...]]:
    sql = "select url, sha256, kind from capture order by url, sha256"
    with Archive.read_only(db) as archive:
        return [tuple(row) for row in archive.db.execute(sql)]


def figures(db: Path) -> list[tuple[object, ...]]:
    sql = "select body, year, scope, version, code, value, state, raw, proof from v_figures order by 1, 2, 3, 4, 5"
    with Archive.read_only(db) as archive:
        return [tuple(row) for row in archive.db.execute(sql)]


def published(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_two_workers_bring_home_read_and_publish_what_one_machine_does(
    pair: Cluster, served: Server, registry: Path, alone: Path, tmp_path: Path
) -> None:
    before, db = len(served.log), tmp_path / "archive.db"
    code, found, errors = nianbao(
        "crawl", "--db", db, "--cluster", pair.address, "--parts", 3, *crawls(registry)
    )
    assert (code, found["outcome"], found["left"]) == (Exit.OK, "ok", 0), errors
    assert captured(db) == captured(alone)
    hits = sorted(served.log[before:], key=lambda hit: (hit.host, hit.started))
    assert [
        (one.host, one.path)
        for one, two in pairwise(hits)
        if one.host == two.host and two.started < one.ended
    ] == []
    code, _, errors = nianbao("read", "--db", db, "--cluster", pair.address)
    assert code == Exit.OK, errors
    assert figures(db) == figures(alone) != []
    for place, cluster_option in (("there", ["--cluster", pair.address]), ("here", [])):
        where = ("--out", tmp_path / place, "--releases", tmp_path / f"releases of {place}")
        assert nianbao("publish", "--db", db, *where, *cluster_option)[0] == Exit.OK
        assert releases(tmp_path / f"releases of {place}")
    assert published(tmp_path / "there") == published(tmp_path / "here") != {}
    code, again, _ = nianbao(
        "crawl", "--db", db, "--cluster", pair.address, "--parts", 3, "--recheck", "all", *crawls(registry)
    )
    assert (code, again["new_captures"]) == (Exit.OK, 0)


def test_a_worker_that_is_killed_loses_nothing_and_its_hosts_are_taken_over(
    pair: Cluster, served: Server, registry: Path, alone: Path, tmp_path: Path
) -> None:
    before, db = len(served.log), tmp_path / "archive.db"
    with cluster(tmp_path) as own:
        crawl = started("crawl", "--db", db, "--cluster", own.address, "--parts", 2, *crawls(registry, "0.1"))
        while len(served.log) < before + 12:
            assert crawl.poll() is None
            time.sleep(0.05)
        os.killpg(own.workers[0].pid, signal.SIGKILL)
        out, errors = crawl.communicate(timeout=180)
    assert (crawl.returncode, json.loads(out)["left"]) == (Exit.OK, 0), errors
    assert captured(db) == captured(alone)
    asked = [(hit.host, hit.path) for hit in served.log[before:] if hit.status == 200]
    again = Counter(host for (host, _), times in Counter(asked).items() for _ in range(1, times))
    assert len(again) < len({host for host, _ in asked})  # the other worker's hosts are asked nothing again
    assert max(again.values(), default=0) <= 2  # robots.txt, and what was in the killed hands


def test_each_run_of_reading_sees_the_archive_anew() -> None:
    first = reading._pool("one", str, timedelta(seconds=1))
    assert reading._pool("one", str, timedelta(seconds=1)) is first
    assert reading._pool("two", str, timedelta(seconds=1)) is not first


@pytest.mark.parametrize("number", [0, 1, 9, 100, 5000])
def test_batches_are_smaller_towards_the_end_and_leave_nothing_out(number: int) -> None:
    items = [Task(str(n), "", "") for n in range(number)]
    given = list(reading.batches(items, ahead=4))
    assert [task for batch in given for task in batch] == items
    sizes = [len(batch) for batch in given]
    assert sizes[:-1] == sorted(sizes[:-1], reverse=True)
    assert all(size <= reading.BATCH for size in sizes)
    assert sizes[-4:] < [reading.BATCH] * 4


def test_processes_of_dask_look_at_themselves_more_seldom_while_they_work_for_us(pair: Cluster) -> None:
    def paces_of(dask_worker: Any = None, dask_scheduler: Any = None) -> list[float]:
        callbacks = (dask_worker or dask_scheduler).periodic_callbacks
        return [callbacks[name].callback_time for name in ("profile", "tick") if name in callbacks]

    with connected(pair.address) as client:
        paces = [
            *client.run(paces_of).values(),
            *client.run(paces_of, nanny=True).values(),
            client.run_on_scheduler(paces_of),
        ]
    assert len(paces) == 5
    assert {pace for found in paces for pace in found} == {PACE}


def test_shards_lie_on_storage_like_s3(
    storage: str, pair: Cluster, registry: Path, alone: Path, tmp_path: Path
) -> None:
    place = ["--cluster", pair.address, "--shards", f"{storage}/shards", "--parts", 2]
    code, _, errors = nianbao("crawl", "--db", tmp_path / "a.db", *place, *crawls(registry))
    assert code == Exit.OK, errors
    assert captured(tmp_path / "a.db") == captured(alone)


def test_a_lease_that_is_not_renewed_is_taken_over(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LEASE", 1.0)
    shards = places.shards_at(f"{storage}/leases")
    part = Part(1, 1)
    lost = shards.opened(part)
    shard = lost.__enter__()
    with shards.opened(part):
        pass
    with pytest.raises(places.LeaseLost):
        shard.keep()


@pytest.fixture
def machines() -> Iterator[list[Host]]:
    """Two hosts of their own on this machine: network namespaces, each with a cable to us."""
    if shutil.which("ip") is None:
        pytest.skip("there is no `ip` (iproute2) to make network namespaces")
    hosts = [Host(f"10.213.{n}.2", ("ip", "netns", "exec", f"nianbao-test-{n}")) for n in (1, 2)]
    try:
        for number, host in enumerate(hosts, 1):
            space, cable = host.prefix[-1], f"nbtest{number}"
            _ip(f"netns add {space}")
            _ip(f"link add {cable} type veth peer name eth0 netns {space}")
            _ip(f"addr add 10.213.{number}.1/24 dev {cable}")
            _ip(f"link set {cable} up")
            _ip(f"-n {space} addr add {host.address}/24 dev eth0")
            _ip(f"-n {space} link set lo up")
            _ip(f"-n {space} link set eth0 up")
            _ip(f"-n {space} route add default via 10.213.{number}.1")
        yield hosts
    finally:
        for host in hosts:
            subprocess.run(["ip", "netns", "del", host.prefix[-1]], capture_output=True)


def _ip(words: str) -> None:
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine allows no network namespaces: ip {words}: {done.stderr.strip()}")


def test_workers_on_other_hosts_read(machines: list[Host], alone: Path, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    shutil.copyfile(alone, db)
    with cluster(tmp_path, machines, at="10.213.1.1") as own:
        code, read, errors = nianbao("read", "--all", "--db", db, "--cluster", own.address)
    assert code == Exit.OK, errors
    assert read["read"] > 0
    assert figures(db) == figures(alone)


def test_what_is_missing_is_said_with_its_remedy(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    Archive.open(db).close()
    code, _, errors = nianbao("read", "--db", db, "--cluster", "tcp://127.0.0.1:9")
    assert code == Exit.CONFIGURATION
    assert "no Dask scheduler answers" in errors
    with cluster(tmp_path, hosts=()) as empty:
        code, _, errors = nianbao("read", "--db", db, "--cluster", empty.address)
    assert code == Exit.CONFIGURATION
    assert f"dask worker {empty.address}" in errors
