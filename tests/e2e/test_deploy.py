"""What docs/deploy says works: units load, nginx keeps and limits, the container has what it needs, upgrades go on."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path for path in DEPLOY.glob("nianbao-*") if path.suffix in (".service", ".timer", ".path"))
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def test_every_file_is_explained() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    for path in DEPLOY.iterdir():
        assert path.name == "README.md" or f"]({path.name})" in text


def test_the_units_load(tmp_path: Path) -> None:
    assert {unit.name for unit in UNITS} >= {
        "nianbao-night.service",
        "nianbao-night.timer",
        "nianbao-browse.service",
    }
    for unit in UNITS:
        # The program and its user are not on this machine; all else has to be right.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text("utf-8"), flags=re.M)
        (tmp_path / unit.name).write_text(text)
        assert re.findall(r"^\[(\w+)\]", text, re.M)[0] == "Unit"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "nianbao-" not in done.stderr, done.stderr


def test_the_timer_has_a_time() -> None:
    text = (DEPLOY / "nianbao-night.timer").read_text("utf-8")
    (calendar,) = re.findall(r"^OnCalendar=(.*)$", text, re.M)
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, check=True)


def test_commands_of_units_and_crontab_exist() -> None:
    from test_docs import COMMANDS

    lines = [line for unit in UNITS for line in unit.read_text("utf-8").splitlines()]
    lines += (DEPLOY / "crontab").read_text("utf-8").splitlines()
    calls = [found[1] for line in lines if (found := re.search(r"\.venv/bin/nianbao ([^>|]+)", line))]
    assert len(calls) == 3
    for call in calls:
        words = shlex.split(call)
        options = {option for parameter in COMMANDS[words[0],].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options


def test_the_crontab_line_has_its_fields() -> None:
    (line,) = [line for line in (DEPLOY / "crontab").read_text("utf-8").splitlines() if line[0] != "#"]
    fields = line.split(maxsplit=5)
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields[:5])
    subprocess.run(["sh", "-n", "-c", fields[5]], check=True)


def test_the_log_is_rotated(tmp_path: Path) -> None:
    text = (DEPLOY / "logrotate.conf").read_text("utf-8")
    (log,) = re.findall(r"^(/\S+) \{", text, re.M)
    assert f"> {log}" in (DEPLOY / "crontab").read_text("utf-8")
    program = shutil.which("logrotate", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("there is no logrotate here")
    here = tmp_path / "night.log"
    here.write_text("a night\n")
    config = tmp_path / "logrotate.conf"
    config.write_text(text.replace(log, str(here)).replace("    su nianbao nianbao\n", ""))
    subprocess.run([program, "-f", "-s", tmp_path / "state", config], check=True)
    assert (tmp_path / "night.log.1").read_text() == "a night\n"


def test_shell_blocks_are_shell() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    assert len(blocks) == 3
    for block in blocks:
        subprocess.run(["sh", "-n", "-c", block], check=True)
        for path in re.findall(r"/srv/nianbao/app/(docs/deploy/[\w.*-]+)", block):
            assert list(ROOT.glob(path)), path
        for target in re.findall(r"^make -C /srv/nianbao/app (\S+)", block, re.M):
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.M)


def test_nobody_else_may_read_what_holds_secrets() -> None:
    """Neither the file of the environment nor the settings, in which a password may stand."""
    text = (DEPLOY / "README.md").read_text("utf-8")
    modes = re.findall(r"^install -m (\d+) -o nianbao /dev/null (\S+)", text, re.M)
    made = {path: mode for mode, path in modes}
    assert made == {"/srv/nianbao/secrets": "600", "/srv/nianbao/nianbao.toml": "600"}
    units = "".join(unit.read_text("utf-8") for unit in UNITS)
    assert all(path in units for path in made)


# --- the container ---


def instructions() -> list[tuple[str, str]]:
    """The instructions of the container file, continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_container_follows_the_make_targets_and_copies_what_is_there(tmp_path: Path) -> None:
    known = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in instructions()} == known
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = [
        target
        for word, rest in instructions()
        for target in re.findall(r"\bmake (\w+)$", rest)
        if word == "RUN"
    ]
    assert targets == ["setup"]
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)
    for word, rest in instructions():
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                assert (ROOT / source).exists(), source
                place = tmp_path / target / (source if target == "./" else "")
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, place)
    # What was copied is enough for the target and for the program.
    done = subprocess.run(["make", "-n", "setup"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code = "import nianbao.cli, nianbao.nightly.night, sample.make, archive.publish, crawler.run, pathlib; print(nianbao.cli.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.stdout.startswith(str(tmp_path)), done.stderr


def test_the_container_installs_what_a_bare_machine_needs() -> None:
    (packages,) = [rest for word, rest in instructions() if word == "RUN" and "apt-get install" in rest]
    needed = re.findall(r"^need (\S+)", (ROOT / ".ci" / "run").read_text("utf-8"), re.M)
    only_tests = {"chromium", "poppler-utils", "poppler-data"}
    assert set(needed) - only_tests <= set(packages.split())


# --- nginx ---


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port: int = taken.getsockname()[1]
        return port


def ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str]]:
    """The status and the headers of an answer of nginx."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    request.add_header("Host", "nianbao.example.org")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens at {port}")


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """nginx as it is configured, in front of a publication; its port and the process behind it."""
    if NGINX is None:
        pytest.skip("there is no nginx here; apt-get install nginx-light")
    from published import make_archive

    from archive.publish import publish

    folder = tmp_path_factory.mktemp("front")
    publish(make_archive(folder / "archive.db"), folder / "public")
    port, behind = free_port(), free_port()
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
        "127.0.0.1:8001", f"127.0.0.1:{behind}"
    )
    (folder / "site.conf").write_text(site.replace("/var/cache/nginx", str(folder / "cache")))
    (folder / "cache").mkdir()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = f"{user}pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
    (folder / "nginx.conf").write_text(main)
    command = [
        sys.executable,
        "-m",
        "nianbao",
        "browse",
        "--out",
        str(folder / "public"),
        "--port",
        str(behind),
    ]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as browse,
        subprocess.Popen(
            [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as nginx,
    ):
        try:
            wait_for(behind, browse)
            wait_for(port, nginx)
            yield port, browse
        finally:
            nginx.terminate()
            browse.terminate()


@pytest.mark.slow
def test_nginx_keeps_limits_and_only_reads(front: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, browse = front
    status, headers = ask(port, "/")
    assert (status, headers["X-Cache"]) == (200, "MISS")
    assert "content-security-policy" in {name.lower() for name in headers}
    assert ask(port, "/")[1]["X-Cache"] == "HIT"
    assert ask(port, "/", "POST")[0] == 405
    assert ask(port, "/nothing-here")[0] == 404
    assert ask(port, "/downloads/SHA256SUMS")[0] == 200
    statuses = [ask(port, f"/nianbao.json?sql=select+{number}")[0] for number in range(12)]
    assert statuses[0] == 200
    assert 429 in statuses
    # What is kept is shown while the publication is away.
    browse.terminate()
    browse.wait(30)
    assert ask(port, "/")[0] == 200


# --- upgrade and rollback ---


def test_an_older_archive_is_taken_along_and_can_be_taken_back(
    nianbao: Callable[..., Any], archive_path: Path
) -> None:
    from archive.database.schema import migrations

    block = re.findall(r"^```sh\n(.*?)^```", (DEPLOY / "README.md").read_text("utf-8"), re.M | re.S)[1]
    copied = archive_path.with_name("archive-before.db")
    assert "nianbao backup /srv/nianbao/data/archive-before.db --db /srv/nianbao/data/archive.db" in block
    assert nianbao("backup", copied, "--db", archive_path).code == 0
    # A newer program knows one migration more.
    known = list(migrations._migrations)

    @migrations()
    def m999_newer(db: Any) -> None:
        """Something new."""
        db.execute("create table newer (id text)")

    try:
        assert nianbao("status", "--db", archive_path).code == 0
        assert nianbao("verify", "--db", archive_path).code == 0
        with closing(sqlite3.connect(archive_path)) as db:
            assert db.execute("select count(*) from newer").fetchone() == (0,)
    finally:
        migrations._migrations[:] = known
    for suffix in ("-wal", "-shm"):
        archive_path.with_name(archive_path.name + suffix).unlink(missing_ok=True)
    copied.replace(archive_path)
    assert nianbao("verify", "--db", archive_path).code == 0
    assert nianbao("history", "获嘉县人民政府", 2022, "--db", archive_path).code == 0
