"""Crawls in a process of their own, because Scrapy's reactor starts only once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HEADER = "id,name,division,level,kind,entry,url,family,note\n"
_CODE = """
import json, resource, signal, sys
from dataclasses import asdict
from pathlib import Path
from crawler.run import CrawlOptions, crawl
options = json.loads(sys.argv[1])
limit = options.pop("limit", 0)
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for name in ("db", "registry"):
    options[name] = Path(options[name])
print(json.dumps(asdict(crawl(CrawlOptions(**options)))))
"""


def registry(path: Path, urls: Iterable[str], *, name: str = "某县人民政府", entry: str = "column") -> Path:
    """A registry of these URLs; the sources are s0, s1, …"""
    kept = f"{name},410724,county,government,{entry}"
    rows = [f"s{number},{kept},{url},,test\n" for number, url in enumerate(urls)]
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def start(db: Path, registry_path: Path, **options: Any) -> subprocess.Popen[str]:
    """Starts a crawl of loopback sites without delay; with `limit`, no file may grow beyond so many bytes."""
    values = {"db": str(db), "registry": str(registry_path), "delay": 0, "allow_private": True, **options}
    command = [sys.executable, "-c", _CODE, json.dumps(values)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def crawl(db: Path, registry_path: Path, **options: Any) -> dict[str, Any]:
    """Crawls to the end and gives the result."""
    process = start(db, registry_path, **options)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    result: dict[str, Any] = json.loads(out.splitlines()[-1])
    result["stderr"] = err
    return result
