"""The options that several commands take, and where things lie when nothing is said."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

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
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="How many processes read.")]
SourceId = Annotated[str | None, typer.Option("--source", help="Only this source of the registry.")]
Host = Annotated[str | None, typer.Option("--host", help="Only this host.")]
Registry = Annotated[
    Path | None, typer.Option("--registry", help="A registry in CSV, instead of the packaged one.")
]
Delay = Annotated[
    float | None, typer.Option("--delay", min=0, help="Seconds between two requests to one host, at least.")
]
RecheckOption = Annotated[
    Recheck, typer.Option("--recheck", help="Known documents to ask for again: those due, or all.")
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Allow private and loopback addresses: for tests only.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="Ask nothing new from then on: HH:MM or ISO 8601."),
]
BudgetMinutes = Annotated[
    float | None, typer.Option("--budget-minutes", min=0, help="Ask nothing new after so many minutes.")
]
BudgetRequests = Annotated[
    int | None, typer.Option("--budget-requests", min=0, help="The most requests in all.")
]
BudgetBytes = Annotated[
    str | None, typer.Option("--budget-bytes", metavar="SIZE", help="The most bytes in all, such as 20G.")
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
OnlyQueued = Annotated[
    bool, typer.Option("--only-queued", help="Ask only for what is queued already; begin no source anew.")
]
BodyName = Annotated[str, typer.Argument(metavar="BODY", help="A body's name, a part of it, or its id.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", help="The year that the report covers.")]
