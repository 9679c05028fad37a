"""The standing adversary: a room registers its rigs by being there, and a rig that breaks has not held."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import attacks
from benchmarks.attacks import Outcome, Rig
from benchmarks.attacks.apart import run_apart
from benchmarks.attacks.merge import Hostile, attacked, hostile_archives
from benchmarks.attacks.site import strangers


def test_a_rig_is_of_the_room_that_its_module_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attacks, "RIGS", [])

    @attacks.rig("a door")
    def attack(_folder: Path) -> Iterator[Outcome]:
        yield Outcome("knocks", held=True)

    assert [(each.room, each.name) for each in attacks.RIGS] == [("test_attacks", "a door")]


def broken(_folder: Path) -> Iterator[Outcome]:
    yield Outcome("knocks", held=True)
    raise ValueError("the door is gone")


def test_a_rig_that_breaks_has_not_held(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(attacks, "rigs", lambda: [Rig("here", "a door", broken)])
    assert not attacks.run()
    printed = capsys.readouterr().out
    assert "ValueError: the door is gone  BROKEN" in printed
    assert "1 ✗" in printed


def test_what_nothing_attacked_has_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attacks, "rigs", list)
    assert not attacks.run()


@pytest.mark.parametrize(
    ("code", "held"),
    [
        ("pass", True),
        ("raise SystemExit(7)", False),
        ("1 / 0", False),
        ("import time; time.sleep(60)", False),
    ],
)
def test_a_command_has_held_when_it_ended_by_itself_as_documented(code: str, held: bool) -> None:
    ended = run_apart([sys.executable, "-c", code], seconds=60 if held else 3)
    assert ended.outcome("runs").held is held


def test_what_a_command_started_ends_with_it() -> None:
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid)"
    ended = run_apart([sys.executable, "-c", code])
    state = Path(f"/proc/{int(ended.out)}/stat")
    for _ in range(100):
        if not state.exists() or " Z " in state.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(state.read_text())


@pytest.mark.parametrize("hostile", hostile_archives(), ids=lambda hostile: hostile.name)
def test_a_hostile_archive_changes_nothing_of_ours(hostile: Hostile, tmp_path: Path) -> None:
    outcome = attacked(hostile, tmp_path)
    assert outcome.held, outcome.said


def test_each_room_has_registered_its_rigs() -> None:
    assert {each.room for each in attacks.rigs()} >= {
        "crawling",
        "files",
        "merge",
        "patterns",
        "rot",
        "site",
    }


def test_what_strangers_ask_never_ends_the_site(tmp_path: Path) -> None:
    broken = [outcome for outcome in strangers(tmp_path) if not outcome.held]
    assert broken == []
