"""Crawls in a process of their own, because Scrapy's reactor starts only once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import launching
from launching import Process, start_as

HEADER = "id,name,division,level,kind,entry,url,family,note\n"
_CODE = """
import json, resource, signal, socket, sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
options = json.loads(sys.argv[1])
names, real = options.pop("names", {}), socket.getaddrinfo
def lookup(host, port, *more, **named):
    known = names.get(host)
    return real(known.pop(0) if known and len(known) > 1 else known[0] if known else host, port, *more, **named)
from twisted.internet._resolver import GAIResolver
GAIResolver.__init__.__defaults__ = (None, lookup)  # it took Python's when it was loaded
from crawler.run import CrawlOptions, crawl
for place, value in options.pop("patch", {}).items():
    module, _dot, name = place.rpartition(".")
    setattr(import_module(module), name, value)
raises = options.pop("raises", 0)
if raises:
    import crawler.spiders.reports
    crawler.spiders.reports.prepare = lambda: signal.raise_signal(raises)
limit = options.pop("limit", 0)
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for name in ("db", "registry"):
    options[name] = Path(options[name])
timeout, today = options.pop("timeout", 0), options.pop("today", None)
if timeout:
    import crawler.settings
    crawler.settings.DOWNLOAD_TIMEOUT = timeout
if today is not None:
    import crawler.verdicts.recheck
    # A day on which the audit takes the documents whose turn it is then.
    crawler.verdicts.recheck.AUDIT = 3
result = asdict(crawl(CrawlOptions(**options)))
status = Path("/proc/self/status").read_text()  # ru_maxrss would count the test runner it was forked from
result["megabytes"] = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps(result))
"""


def registry(path: Path, urls: Iterable[str], *, name: str = "某县人民政府", entry: str = "column") -> Path:
    """A registry of these URLs; the sources are s0, s1, …"""
    kept = f"{name},410724,county,government,{entry}"
    rows = [f"s{number},{kept},{url},,test\n" for number, url in enumerate(urls)]
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def start(db: Path, registry_path: Path, **options: Any) -> Process:
    """Starts a crawl of loopback sites without delay.

    With `limit`, no file may grow beyond so many bytes; `timeout` bounds an answer, `today` audits every third
    document, `raises` is a signal that comes while the spider is made, and `environment` adds to the process's own. `patch` sets names of modules, and `names` are the
    addresses that a name has, one look-up after the other.
    """
    values = {"db": str(db), "registry": str(registry_path), "delay": 0, "allow_private": True, **options}
    environment = {**os.environ, **values.pop("environment", {})}
    command = [sys.executable, "-c", _CODE, json.dumps(values)]
    return start_as(command, environment)


def crawl(db: Path, registry_path: Path, **options: Any) -> dict[str, Any]:
    """Crawls to the end and gives the result."""
    process = start(db, registry_path, **options)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    result: dict[str, Any] = json.loads(out.splitlines()[-1])
    result["stderr"] = err
    return result


def command(db: Path, registry_path: Path, *options: object) -> dict[str, Any]:
    """`nianbao crawl --json` of loopback sites without delay, to its end; its result."""
    words = ["--db", db, "--registry", registry_path, "--allow-private", "--delay", 0, "--json", *options]
    called = [sys.executable, "-m", "nianbao", "crawl", *map(str, words)]
    done = launching.run(called)
    assert done.returncode in (0, 1), done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
