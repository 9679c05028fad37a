"""The options that several commands take, one by one and in groups, and where things lie when nothing is said."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

ARCHIVE = Path("data/archive.db")
PUBLIC = Path("data/public")
DEMO = Path("data/demo")
CORES = os.cpu_count() or 1

Recheck = Literal["due", "all"]

Db = Annotated[Path, typer.Option("--db", envvar="NIANBAO_DB", help="The archive file.", show_default=True)]
Out = Annotated[Path, typer.Option("--out", file_okay=False, help="The folder of the publication.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen at.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="How many processes read at once.")]
SourceId = Annotated[
    str | None, typer.Option("--source", help="Only this source of the registry, by its id.")
]
Host = Annotated[str | None, typer.Option("--host", help="Only this host: www.example.gov.cn.")]
Registry = Annotated[
    Path | None,
    typer.Option("--registry", help="A registry in CSV (docs/add-a-source.md), instead of the packaged one."),
]
Delay = Annotated[
    float | None,
    typer.Option(
        "--delay", min=0, help="Seconds between two requests to one host, at least: 3 if it is not given."
    ),
]
RecheckOption = Annotated[
    Recheck, typer.Option("--recheck", help="Known documents to ask for again: those due, or all.")
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Allow private and loopback addresses: for tests only.")
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="TIME",
        help="Ask nothing new from then on: HH:MM or ISO 8601. A night is done by then.",
    ),
]
BudgetMinutes = Annotated[
    float | None, typer.Option("--budget-minutes", min=0, help="Ask nothing new after so many minutes.")
]
BudgetRequests = Annotated[
    int | None, typer.Option("--budget-requests", min=0, help="The most requests in all.")
]
BudgetBytes = Annotated[
    str | None,
    typer.Option("--budget-bytes", metavar="SIZE", help="The most bytes in all: 500M, 20G (M is a million)."),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", envvar="NIANBAO_SETTINGS", help="Settings in TOML (docs/night.md)."),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="ADDR", help="Work on the Dask cluster of this scheduler: tcp://host:8786."
    ),
]
Shards = Annotated[
    str | None,
    typer.Option(
        "--shards",
        metavar="PLACE",
        help="With --cluster: a folder that all machines see, or a URL such as s3://bucket/prefix."
        " Otherwise the folder shards beside the archive.",
    ),
]
Parts = Annotated[
    int, typer.Option("--parts", min=1, help="With --cluster: into how many parts all hosts are divided.")
]
PartOption = Annotated[
    str | None,
    typer.Option("--part", metavar="N/OF", help="Only the hosts of this part: 1/4 to 4/4 are all hosts."),
]
Vantage = Annotated[
    str,
    typer.Option(
        "--vantage",
        metavar="NAME",
        envvar="NIANBAO_VANTAGE",
        help="The place from which is asked, by a name: kept with the run, so that what is blocked from here and"
        " had elsewhere can be told apart.",
    ),
]
OnlyQueued = Annotated[
    bool, typer.Option("--only-queued", help="Ask only for what is queued already; begin no source anew.")
]
BodyName = Annotated[str, typer.Argument(metavar="BODY", help="A body's name, a part of it, or its id.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", help="The year that the report covers.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a crawl is to ask for, and how."""

    source: SourceId = None
    host: Host = None
    registry: Registry = None
    delay: Delay = None
    recheck: RecheckOption = "due"
    allow_private: AllowPrivate = False
    part: PartOption = None
    vantage: Vantage = ""

    def words(self) -> list[str]:
        """The same on the command line of `nianbao crawl`."""
        named = {
            "--registry": self.registry,
            "--source": self.source,
            "--host": self.host,
            "--delay": self.delay,
            "--part": self.part,
            "--vantage": self.vantage or None,
        }
        return [
            *words(named),
            "--recheck",
            self.recheck,
            *(["--allow-private"] if self.allow_private else []),
        ]


@dataclass(frozen=True, slots=True)
class Spending:
    """What a crawl or a night may use."""

    until: Until = None
    budget_minutes: BudgetMinutes = None
    budget_requests: BudgetRequests = None
    budget_bytes: BudgetBytes = None


def words(named: dict[str, Any]) -> list[str]:
    """Options that have a value, as they stand on a command line."""
    return [str(word) for name, value in named.items() if value is not None for word in (name, value)]


def grouped(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that takes groups of options, such as `Wanted`, for the command line: there each option stands alone."""
    signature = inspect.signature(command, eval_str=True)
    groups: dict[str, Any] = {
        name: each.annotation for name, each in signature.parameters.items() if is_dataclass(each.annotation)
    }

    @wraps(command)
    def taking(**given: Any) -> Any:
        for name, group in groups.items():
            given[name] = group(**{each.name: given.pop(each.name) for each in fields(group)})
        return command(**given)

    single = [
        option
        for name, each in signature.parameters.items()
        for option in (_options(groups[name]) if name in groups else (each,))
    ]
    taking.__signature__ = signature.replace(parameters=single)  # type: ignore[attr-defined]
    return taking


def _options(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [
        inspect.Parameter(each.name, kind, default=each.default, annotation=hints[each.name])
        for each in fields(group)
    ]
