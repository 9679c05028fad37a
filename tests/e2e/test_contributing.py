"""docs/CONTRIBUTING.md, followed as it stands: a source is added and crawled, and the family it shows is read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from test_docs import blocks

import crawler.checks.fixtures
import crawler.families
from crawler.families import detect, families
from crawler.page import Page
from sample.make import country
from sample.server import Server

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "CONTRIBUTING.md").read_text("utf-8")


def test_a_family_as_it_is_taught_is_detected_and_gives_the_golden_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (code,), (markup,), (golden,) = (blocks(TEXT, language) for language in ("python", "html", "json"))
    module = ModuleType("crawler.families.yunshui", None)
    exec(code, module.__dict__)
    taught = {**families(), "yunshui": module}
    for place in (crawler.families, crawler.checks.fixtures):
        monkeypatch.setattr(place, "families", lambda: taught)
    page = Page("http://www.example.gov.cn/nb/", markup.encode(), "text/html")
    assert detect(page)[0] == "yunshui"
    assert crawler.checks.fixtures.reading(page, "yunshui") == json.loads(golden)


def shell(lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Lines of the document as a shell runs them in a fresh folder, with the programs of this environment."""
    lines = lines.replace("$PWD/.venv/bin", str(Path(sys.executable).parent))
    lines = re.sub(
        r'make new-source URL="\$URL" SOURCE="(.*)"', r'python -m crawler.checks.fixtures "$URL" \1', lines
    )
    return subprocess.run(
        ["sh", "-e", "-c", lines],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_source_as_it_is_taught_is_added_crawled_and_given_to_everybody(tmp_path: Path) -> None:
    (taught,) = [block for block in blocks(TEXT, "sh") if "nianbao sources add" in block]
    (given,) = [block for block in blocks(TEXT, "sh") if block.startswith("make new-source")]
    with Server(country(bodies=4, years=range(2023, 2026))) as server:
        lines = taught.replace(":8700", f":{server.port}")
        done = shell(lines, tmp_path)
        assert done.returncode == 0, done.stderr
        assert "0 reports in" not in done.stdout
        assert "it links to 3 addresses" in done.stdout
        export, new = lines.splitlines()[0], given.splitlines()[0]
        done = shell(f"{export}\n{new}", tmp_path)
    assert done.returncode == 0, done.stderr
    (golden,) = (tmp_path / "tests" / "data" / "lists").glob("*.json")
    assert json.loads(golden.read_text("utf-8"))["result"] is None


def test_a_generation_as_it_is_taught_is_printed_and_read(tmp_path: Path) -> None:
    (taught,) = [block for block in blocks(TEXT, "sh") if "NIANBAO_FORMS" in block]
    (tmp_path / "parsers").symlink_to(ROOT / "parsers")
    path = f'PATH="{Path(sys.executable).parent}:$PATH"\n'
    *steps, parsing = taught.replace("--bodies 3", "--bodies 1").rstrip().splitlines()
    done = shell(path + "\n".join([*steps, parsing]), tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert set(told["generations"].values()) == {"G2027"}
    assert (told["warnings"], told["extra_rows"]) == ([], [])
    assert all(identity["holds"] for identity in told["identities"])
    figures = {figure["code"]: figure for figure in told["figures"]}
    truth = json.loads(next((tmp_path / "data" / "reports").glob("*.json")).read_text("utf-8"))
    assert figures["t3_unable_archived__total"]["proof"] == "proven"
    assert "t3_unable_archived__total" in json.dumps(truth)
