"""What a process loads when it starts, and what it finds compiled."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.sandbox import engine


def test_the_sandbox_keeps_what_it_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []
    monkeypatch.setattr(engine._wasmtime, "_SHARED_ENGINE", None)
    monkeypatch.setattr(engine.Config, "cache", property(fset=lambda self, value: made.append(value)))
    engine._keep_what_is_compiled()
    assert made == [True]
    assert engine._wasmtime._SHARED_ENGINE is not None


def test_the_sandbox_works_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: object, value: bool) -> None:
        raise engine.WasmtimeError("there is no folder for it")

    monkeypatch.setattr(engine._wasmtime, "_SHARED_ENGINE", None)
    monkeypatch.setattr(engine.Config, "cache", property(fset=refused))
    engine._keep_what_is_compiled()
    assert engine._wasmtime._SHARED_ENGINE is None  # quickjs-rs makes its own


def test_what_asks_no_site_does_not_wait_for_scrapy() -> None:
    code = "import sys, nianbao.nightly.night, nianbao.monitors, archive.publish, nianbao.cli; sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
