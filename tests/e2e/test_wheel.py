"""The wheel has all that the demo needs: nothing is taken from the folder that it was built from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytest.importorskip("setuptools", minversion="77", reason="setuptools, of the extra `test`, is not installed")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel of the project puts into an environment."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    _copied(source)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [*build, "--wheel-dir", folder, source], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("nianbao-*.whl")
    with ZipFile(wheel) as file:
        file.extractall(folder / "installed")
    return folder / "installed"


def _copied(source: Path) -> None:
    """The files that git knows, as a fresh clone has them, with what is not committed yet."""
    known = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(known, capture_output=True)
    if listed.returncode:
        pytest.skip("this is no clone: git does not say which files are the project's")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())


def _in(unpacked: Path, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command of Python that finds our packages in the wheel alone."""
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240)


def test_the_wheel_runs_the_demo(unpacked: Path, tmp_path: Path) -> None:
    places = ("--db", tmp_path / "archive.db", "--out", tmp_path / "public")
    done = _in(unpacked, "-m", "nianbao", "demo", *places, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["sites"] > 0
    assert shown["published"]["figures"] > 1000
    assert (tmp_path / "public" / "nianbao.db").is_file()


@pytest.mark.parametrize("package", ["archive", "crawler", "nianbao", "parsers", "sample", "web"])
def test_each_package_is_the_wheels(unpacked: Path, tmp_path: Path, package: str) -> None:
    done = _in(unpacked, "-c", f"import {package}; print({package}.__file__)", cwd=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(unpacked), done.stderr


def test_tests_and_benchmarks_are_not_in_it(unpacked: Path) -> None:
    assert not {"tests", "benchmarks", "docs"} & {path.name for path in unpacked.iterdir()}
