"""Runs a page's scripts in QuickJS within WebAssembly, before a page of plain elements that draws nothing.

The sandbox reaches nothing: no network, no files, no clock, no chance, none of our objects. A request that a browser
would send is noted instead. What comes back is text that a hostile page may have made: `acts` believes none of it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from importlib.resources import files
from time import thread_time
from typing import Any

from quickjs_rs import QuickJSError, Runtime, Snapshot, _wasmtime
from wasmtime import Config, Engine, Trap, WasmtimeError

from crawler.net.deadline import held_back

_PARTS = ("dom.js", "window.js", "jquery.js", "drive.js")
SECONDS = 1.0
"""Of processor that all scripts of a page may take; honest ones take milliseconds."""
PATIENCE = 30.0
"""Seconds on the wall after which they end whatever they took."""
MEMORY = 24 * 1024 * 1024
"""Bytes that they may hold."""
LONGEST = 4 * 1024 * 1024
"""Characters of an answer of the sandbox that are read."""


def _keep_what_is_compiled() -> None:
    """Keeps QuickJS on disk as it was compiled (in the user's cache, by wasmtime's own rules).

    Without, each process compiles it again, which takes a second of the processor. Where there is no folder that can
    be written, nothing is kept. quickjs-rs has no option for it: its engine is made here, before it makes one.
    """
    config = Config()
    with suppress(WasmtimeError):
        config.cache = True
        _wasmtime._SHARED_ENGINE = Engine(config)


def _program() -> str:
    folder = files("crawler.sandbox")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in _PARTS)


def run(given: dict[str, Any]) -> dict[str, Any]:
    """What the scripts of a page did, as `drive.js` tells it; empty when they broke out of their bounds.

    `given`: `url`, `tree` as [tag, attributes, children, place], `scripts`, `handlers`, and the places of the
    elements to click: `turns` (of a pager) and `rows`; `last` is the number of pages, 0 when it is not known.
    """
    with held_back() as left:
        return _run(given, left)


def _run(given: dict[str, Any], left: float) -> dict[str, Any]:
    prepared = _prepared()
    try:
        with _bounded(min(SECONDS, left)) as runtime:
            context = runtime.new_context(timeout=PATIENCE)
            runtime.restore_snapshot(prepared, context)
            text = context.eval(f"drive({json.dumps(given)})")
    except (QuickJSError, Trap, WasmtimeError):
        return {}
    return _result(text)


@cache
def _prepared() -> Snapshot:
    """The memory of an engine that knows what `drive` is: made once in a process."""
    _keep_what_is_compiled()
    with Runtime(memory_limit=MEMORY) as runtime:
        context = runtime.new_context(timeout=PATIENCE)
        context.eval(f"globalThis.drive = function (input) {{\ndelete globalThis.drive;\n{_program()}\n}}; 0")
        return runtime.create_snapshot(context)


def prepare() -> None:
    """Makes ready what the first page would have to wait for."""
    _prepared()


def _bounded(seconds: float) -> Runtime:
    """An engine that stops when its scripts have had so many seconds of this thread's processor."""
    runtime = Runtime(memory_limit=MEMORY)
    end = thread_time() + seconds
    # Its own bound is a clock on the wall, which runs faster on a machine that has much else to do.
    runtime._engine_rt.set_interrupt_handler(lambda: thread_time() > end)
    return runtime


def _result(text: object) -> dict[str, Any]:
    if not isinstance(text, str) or len(text) > LONGEST:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
