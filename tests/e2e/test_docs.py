"""The README and the documents are true: commands run, options exist, tables are complete, units load."""

from __future__ import annotations

import re
import shlex
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from archive.publication.datapackage import NAME as PACKAGE
from archive.publication.downloads import downloads
from archive.publication.swap import CHECKSUMS
from archive.publish import DATABASE
from nianbao.cli import app
from nianbao.front.exits import Exit
from nianbao.monitors import MONITORS
from parsers import rulebook

ROOT = Path(__file__).parents[2]
PALETTE = 3
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    command = command or typer.main.get_command(app)
    if not hasattr(command, "commands"):
        yield words, command
        return
    for name, below in command.commands.items():
        yield from commands(below, (*words, name))


COMMANDS = dict(commands())


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def named() -> list[tuple[Path, list[str]]]:
    """Every call of nianbao in a document: in a console block, a unit, a crontab, or between backticks."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text("utf-8").replace("\\\n", " ")
        calls = re.findall(r"(?:^\$ |`|\.venv/bin/)(nianbao [^`\n|>]+)", text, re.M)
        found += [(path, shlex.split(call)[1:]) for call in calls]
    return found


@pytest.mark.parametrize(
    ("path", "words"), named(), ids=lambda value: " ".join(value) if isinstance(value, list) else value.name
)
def test_every_command_and_option_that_is_named_exists(path: Path, words: list[str]) -> None:
    lead = tuple(word for word in words[:2] if word.isalpha())
    key = next((lead[:n] for n in (2, 1) if lead[:n] in COMMANDS), None)
    assert key is not None, f"{path.name} names `nianbao {' '.join(words)}`"
    parameters = COMMANDS[key].params
    options = {option for one in parameters for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_in_the_readme_and_teaches(words: tuple[str, ...]) -> None:
    call = f"nianbao {' '.join(words)}"
    assert f"`{call}`" in (ROOT / "README.md").read_text("utf-8")
    assert f"Example: [bold]{call}" in " ".join((COMMANDS[words].help or "").split())
    for parameter in COMMANDS[words].params:
        assert parameter.help, f"{call}: {parameter.name} has no help"


def test_every_command_that_prints_has_json() -> None:
    without = {
        words[0] for words, command in COMMANDS.items() if "json" not in {p.name for p in command.params}
    }
    assert without == {"browse"}


def test_every_command_that_needs_an_archive_takes_its_path() -> None:
    without = {
        words[0] for words, command in COMMANDS.items() if "db" not in {p.name for p in command.params}
    }
    assert without == {"browse", "check", "parse", "quality", "sources"}


def test_the_exit_codes_are_those_of_the_document() -> None:
    text = (ROOT / "docs" / "exit-codes.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (\w+) \|", text, re.M)
    assert [(int(code), name) for code, name in rows] == [(code.value, code.name) for code in Exit]


def test_the_monitors_are_those_of_the_document() -> None:
    text = (ROOT / "docs" / "night.md").read_text("utf-8")
    table = text.partition("| monitor |")[2].partition("\n\n")[0]
    assert len(re.findall(r"^\| [a-z]", table, re.M)) == len(MONITORS)


def test_links_between_documents_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_document_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        reached.add(path)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", path.read_text("utf-8")):
            found = (path.parent / target).resolve()
            below = found.glob("*.md") if found.is_dir() else [found] if found.suffix == ".md" else []
            waiting += [each for each in below if each not in reached]
    assert {path.name for path in DOCUMENTS} == {path.name for path in reached}


def test_the_readme_shows_a_picture() -> None:
    assert "docs/picture.png" in (ROOT / "README.md").read_text("utf-8").partition("\n## ")[0]
    data = (ROOT / "docs" / "picture.png").read_bytes()
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    assert (data[:8], width, colour) == (b"\x89PNG\r\n\x1a\n", 1100, PALETTE)
    assert len(data) < 200_000
    assert height > 1000
    assert depth == 8


def test_the_licence_is_told_the_same_everywhere() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) ")
    assert "The Nianbao maintainers" in text
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in text
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert "CC0" in (ROOT / "README.md").read_text("utf-8")


def test_the_rules_are_those_of_the_document() -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert text == rulebook.document(), "python -m parsers.rulebook > docs/rules.md"


def test_every_published_file_is_in_the_document() -> None:
    text = (ROOT / "docs" / "data.md").read_text("utf-8")
    for name in (DATABASE, CHECKSUMS, PACKAGE, *(download.csv for download in downloads())):
        assert f"`{name}`" in text


def test_the_make_targets_are_there() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in ("setup", "demo", "test", "check", "crawl", "night", "browse", "bench"):
        assert re.search(rf"^{target}:", text, re.M), target
    named = set(re.findall(r"`?make (\w+)`?$|^make (\w+)$", (ROOT / "README.md").read_text("utf-8"), re.M))
    assert all(re.search(rf"^{a or b}:", text, re.M) for a, b in named)


def test_constraints_are_plain_and_whole() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._!+-]+", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines}
    wanted = re.findall(r'^    "([A-Za-z0-9._-]+)', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= pinned


def test_the_root_holds_only_the_layout() -> None:
    allowed = {"crawler", "parsers", "archive", "web", "nianbao", "sample", "tests", "benchmarks", "docs"}
    allowed |= {"scrapy.cfg", "Makefile", "pyproject.toml", "constraints.txt", ".ci", ".gitignore"}
    allowed |= {"CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "SECURITY.md", ".github"}
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert {line.partition("/")[0] for line in done.stdout.splitlines()} <= allowed


def test_the_ci_script_is_a_shell_script() -> None:
    script = ROOT / ".ci" / "run"
    subprocess.run(["sh", "-n", script], check=True)
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text("utf-8")


def test_the_example_of_check_says_what_the_readme_shows(
    nianbao: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = (
        each for each in blocks((ROOT / "README.md").read_text("utf-8"), "text") if "nianbao check" in each
    )
    call, _, shown = block.partition("\n")
    ended = nianbao(*shlex.split(call)[2:])
    assert (ended.code, ended.out) == (Exit.WRONG, shown)


@pytest.mark.slow
def test_the_console_examples_run(
    nianbao: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks((ROOT / "README.md").read_text("utf-8"), "console"):
        for line in re.findall(r"^\$ nianbao (.+)$", block, re.M):
            ended = nianbao(*shlex.split(line))
            assert ended.code == 0, f"nianbao {line}: {ended.err}"
