"""`nianbao read` and `nianbao parse`: bytes to figures."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nianbao.front import terminal
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import ARCHIVE, CORES, Cluster, Db, Jobs, Json

if TYPE_CHECKING:
    from archive.derived.derive import ReadResult


def read(
    everything: Annotated[
        bool, typer.Option("--all", help="Read every capture again; what is read otherwise is derived anew.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Where to write what a newer parser reads otherwise, as CSV."),
    ] = None,
    jobs: Jobs = CORES,
    cluster: Cluster = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Read the captures that this version of the parser has not read: versions, figures, findings.

    A newer parser makes no new version: what it reads otherwise is written as CSV beside the archive, with the capture,
    the cell, both readings and both parsers. A reading that was stopped goes on when it is run again.

    Example: [bold]nianbao read --all --jobs 4[/bold]
    """
    from nianbao import steps

    done = steps.reread(db, everything=everything, jobs=jobs, cluster=cluster, report=report)
    if json:
        terminal.show_json(done.as_json())
    else:
        _say_counts(done.result)
        if done.report is not None:
            terminal.say(f"read otherwise by the parser: {done.changed}; see {done.report}")
    return Exit.OK


def rebuild(jobs: Jobs = CORES, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Make everything that is derived anew from the captures. Nothing changes until all is done, in one transaction.

    What was captured, and what persons judged, is not touched. A rebuild that was stopped goes on when it is run again.

    Example: [bold]nianbao rebuild --db data/archive.db[/bold]
    """
    from nianbao import steps

    result = steps.rebuild(db, jobs=jobs)
    if json:
        terminal.show_json(asdict(result))
    else:
        _say_counts(result)
    return Exit.OK


def _say_counts(result: ReadResult) -> None:
    for name, count in asdict(result).items():
        terminal.say(f"{name.replace('_', ' ')}: {count}")


def parse(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file of any kind, or - for standard input.")],
    url: Annotated[str, typer.Option("--url", help="Where the file came from: evidence for its title.")] = "",
    show: Annotated[
        bool, typer.Option("--show", help="Write an HTML file: the source with each figure marked in it.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file of --show, instead of NAME.show.html here.")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", help="A folder with other forms than the packaged ones.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the figures as CSV, one a line, instead of the tables.")
    ] = False,
    trace: Annotated[
        bool,
        typer.Option("--trace", help="Print what each stage of the reading saw, kept and doubted, instead."),
    ] = False,
    lang: Annotated[
        Literal["zh", "en"], typer.Option("--lang", help="The language of titles, findings and remarks.")
    ] = "en",
    json: Json = False,
) -> Exit:
    """Read one file, without an archive, and print what would be kept of it: the tables as the form has them.

    Example: [bold]nianbao parse report.pdf --json[/bold]

    Why a cell is empty, [bold]nianbao parse report.pdf --trace[/bold] says stage by stage (docs/reading-a-table.md).

    To check the reading by eye, [bold]nianbao parse report.pdf --show[/bold] writes report.pdf.show.html and prints
    its path: the pages with every cell coloured by its proof, and beside them the figures, each a link to its cell.
    """
    from nianbao.asking import printing, reading

    if out and not show:
        raise CommandError("--out names the file of --show; give --show too", Exit.USAGE)
    if as_csv + trace + (json or show) > 1:
        raise CommandError(
            "--csv and --trace print another thing than --json or --show: give one", Exit.USAGE
        )
    data = reading.bytes_of(path)
    drawn = {"show": str(reading.draw(data, path, url, out, forms))} if show else {}
    if trace:
        terminal.say(reading.trace_bytes(data, path, url, forms))
    elif show and not json:
        terminal.say(drawn["show"])
    else:
        report = reading.parse_bytes(data, path, url, forms)
        if json:
            terminal.show_json({**report.as_json(), **drawn})
        elif as_csv:
            terminal.say(printing.as_csv(report, forms).rstrip("\n"))
        else:
            printing.show_report(report, lang, forms)
    return Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(read)
    app.command()(rebuild)
    app.command()(parse)
