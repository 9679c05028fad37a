"""The survey of made sites from their home pages alone: is the column found, is it the right one, are reports read."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.corpus.skins import Server, make

FOUND = 0.97
"""The share of sites whose column has to be found."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey of made sites came to: sites, columns found, wrong ones, verified, requests, seconds."""

    sites: int
    found: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    verified: int
    requests: int
    seconds: float


def survey(seed: int, sites: int, folder: Path) -> Surveyed:
    """Surveys the made sites of a seed in a process of its own."""
    country, began = make(seed, sites), time.monotonic()
    registry, db = folder / "registry.csv", folder / "survey.db"
    with Server(country) as server:
        registry.write_text(country.registry(server.port, "portal"), "utf-8")
        words = ["--registry", str(registry), "--db", str(db), "--allow-private", "--delay", "0", "--json"]
        command = [sys.executable, "-m", "nianbao", "sources", "survey", *words]
        done = json.loads(subprocess.run(command, capture_output=True, check=False, text=True).stdout)
    with closing(sqlite3.connect(db)) as archive:
        columns = archive.execute("select portal_id, url from found_source").fetchall()
    met = {each["source_id"]: each for each in done["sources"]}
    right = {site.key: {path for path, _name in site.columns} for site in country.sites}
    wrong = tuple(url for key, url in columns if "/" + url.split("/", 3)[3] not in right[key])
    good = ("column found", "verified")
    missed = tuple(f"{site.key}: {met.get(site.key)}" for site in country.sites
                   if met.get(site.key, {}).get("state") not in good)  # fmt: skip
    verified = sum(each["state"] == "verified" for each in met.values())
    found, seconds = len(country.sites) - len(missed), time.monotonic() - began
    return Surveyed(len(country.sites), found, wrong, missed, verified, done["crawl"]["requests"], seconds)


def run(seed: int, sites: int, details: int = 0) -> bool:
    """Prints the table of one seed; whether the bars are reached."""
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as folder:
        done = survey(seed, sites, Path(folder))
    table = Table(f"seed {seed}, {done.sites} sites", "measured", "bar")
    table.add_row("column found", f"{done.found} of {done.sites}", f">= {FOUND:.0%}")
    table.add_row("wrong columns", str(len(done.wrong)), "0")
    table.add_row("verified by two reports", str(done.verified), "")
    table.add_row("requests a site", f"{done.requests / done.sites:.1f}", "")
    table.add_row("seconds", f"{done.seconds:.0f}", "")
    console.print(table)
    for note in (*done.wrong, *done.missed)[:details]:
        console.print(f"  {note}")
    return done.found >= FOUND * done.sites and not done.wrong
