"""The command line. Every command loads what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from nianbao import sourcing, terminal
from nianbao.exits import CommandError, Exit, code_of

app = typer.Typer(
    name="nianbao",
    help="The archive of China's 政府信息公开工作年度报告: find, keep, read, prove, publish.",
    epilog="Begin with: nianbao demo. How commands end: docs/exit-codes.md.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
sources_app = typer.Typer(help="The registry: where reports are looked for.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")


Recheck = Literal["due", "all"]


Db = Annotated[Path, typer.Option("--db", envvar="NIANBAO_DB", help="The archive file.", show_default=True)]
Out = Annotated[Path, typer.Option("--out", help="The folder of the publication.")]
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
BodyName = Annotated[str, typer.Argument(metavar="BODY", help="A body's name, a part of it, or its id.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", help="The year that the report covers.")]

ARCHIVE = Path("data/archive.db")
PUBLIC = Path("data/public")
DEMO = Path("data/demo")
CORES = os.cpu_count() or 1


@app.command()
def demo(
    out: Out = DEMO / "public",
    db: Db = DEMO / "archive.db",
    browse: Annotated[bool, typer.Option("--browse", help="Serve what was found until interrupted.")] = False,
    port: Annotated[int, typer.Option("--port", help="The port of --browse.")] = 8001,
    json: Json = False,
) -> Exit:
    """Start the sample country, crawl it, read it, publish it, and say where to look.

    Takes two nights the first time, so that a revised report shows. A second demo says that nothing changed.

    Example: [bold]nianbao demo --browse[/bold]
    """
    from nianbao import demo as room

    shown = room.demo(db, out)
    if json:
        terminal.show_json(shown.as_json())
    else:
        room.show(shown, out)
    return _serve(out, port) if browse else Exit.OK


@app.command()
def crawl(
    source: SourceId = None,
    host: Host = None,
    registry: Registry = None,
    delay: Delay = None,
    recheck: RecheckOption = "due",
    allow_private: AllowPrivate = False,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Find reports and bring them home. Goes on where it was stopped; the exit code says how it ended.

    Example: [bold]nianbao crawl --source wuhan --delay 2[/bold]
    """
    from nianbao import crawling

    result = crawling.crawl(db, registry, source, host, delay, recheck, allow_private)
    if json:
        terminal.show_json(crawling.as_json(result))
    else:
        crawling.show(result)
    return crawling.code_of(result)


@app.command()
def read(
    everything: Annotated[
        bool, typer.Option("--all", help="Read every capture again and derive everything anew.")
    ] = False,
    jobs: Jobs = CORES,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Read the captures that this version of the parser has not read: versions, figures, findings.

    Example: [bold]nianbao read --jobs 4[/bold]
    """
    from nianbao import steps

    result = steps.read(db, everything=everything, jobs=jobs)
    if json:
        terminal.show_json(asdict(result))
    else:
        for name, count in asdict(result).items():
            terminal.say(f"{name.replace('_', ' ')}: {count}")
    return Exit.OK


@app.command()
def parse(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file of any kind, or - for standard input.")],
    url: Annotated[str, typer.Option("--url", help="Where the file came from: evidence for its title.")] = "",
    show: Annotated[
        bool, typer.Option("--show", help="Write an HTML file: the source with each figure marked in it.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file of --show, instead of NAME.show.html here.")
    ] = None,
    json: Json = False,
) -> Exit:
    """Read one file, without an archive, and print what would be kept of it.

    Example: [bold]nianbao parse report.pdf --json[/bold]

    To check the reading by eye, [bold]nianbao parse report.pdf --show[/bold] writes report.pdf.show.html and prints
    its path: the pages with every cell coloured by its proof, and beside them the figures, each a link to its cell.
    """
    from nianbao import reading

    if out and not show:
        raise CommandError("--out names the file of --show; give --show too", Exit.USAGE)
    data = reading.bytes_of(path)
    drawn = {"show": str(reading.draw(data, path, url, out))} if show else {}
    if json:
        terminal.show_json({**reading.parse_bytes(data, url).as_json(), **drawn})
    elif show:
        terminal.say(drawn["show"])
    else:
        reading.show_report(reading.parse_bytes(data, url))
    return Exit.OK


@app.command()
def publish(out: Out = PUBLIC, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Make the read-only database, Parquet, CSV, data package and checksums, complete or not at all.

    Example: [bold]nianbao publish --out /srv/nianbao[/bold]
    """
    from nianbao import steps

    done = steps.publish(db, out)
    if json:
        terminal.show_json({**asdict(done), "path": str(done.path)})
    else:
        counts = f"{done.reports} reports in {done.versions} versions, {done.figures} figures"
        terminal.say(
            f"{done.path}: {counts}, {done.findings} findings; {done.files} files, {done.bytes} bytes"
        )
    return Exit.OK


@app.command()
def browse(
    out: Out = PUBLIC,
    port: Annotated[int, typer.Option("--port", help="The port to listen at.")] = 8001,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
) -> Exit:
    """Serve a publication with Datasette until interrupted.

    Example: [bold]nianbao browse --out data/demo/public[/bold]
    """
    return _serve(out, port, host)


@app.command()
def night(
    source: SourceId = None,
    host: Host = None,
    registry: Registry = None,
    delay: Delay = None,
    recheck: RecheckOption = "due",
    allow_private: AllowPrivate = False,
    out: Out = PUBLIC,
    jobs: Jobs = CORES,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Crawl, read, look for what is wrong, publish if nothing speaks against it, and report.

    Only one night runs at a time. Exit code 0 says that nothing is wrong; cron and systemd can rely on it.

    Example: [bold]nianbao night --db /var/lib/nianbao/archive.db --out /srv/nianbao[/bold]
    """
    from nianbao import crawling
    from nianbao import night as room

    options = crawling.as_options(registry, source, host, delay, recheck, allow_private)
    morning = room.night(db, out, options, jobs)
    if json:
        terminal.show_json(morning.as_json())
    else:
        room.show(morning)
    return morning.code


@app.command()
def status(db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Show what the archive holds: fetches by outcome, the queue, what is missing, the last night.

    Example: [bold]nianbao status --db data/demo/archive.db[/bold]
    """
    from archive.store import Archive
    from nianbao import status as room

    with Archive.open(db, create=False) as archive:
        found = room.status(archive.db)
    if json:
        terminal.show_json(found)
    else:
        room.show(found)
    return Exit.OK


@app.command()
def history(body: BodyName, year: Year, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Show the versions of a report: when each was seen, and what changed.

    Example: [bold]nianbao history 获嘉县人民政府办公室 2022[/bold]
    """
    from archive.store import Archive
    from nianbao import history as room

    with Archive.read_only(db) as archive:
        found = room.history(archive.db, body, year)
    if json:
        terminal.show_json(found)
    else:
        room.show_history(found)
    return Exit.OK


@app.command()
def diff(
    body: BodyName,
    year: Year,
    v1: Annotated[int | None, typer.Argument(metavar="V1", help="The older version.")] = None,
    v2: Annotated[int | None, typer.Argument(metavar="V2", help="The newer version.")] = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Show what changed between two versions of a report (the last two, if none is named).

    Example: [bold]nianbao diff 获嘉县人民政府办公室 2022 1 2[/bold]
    """
    from archive.store import Archive
    from nianbao import history as room

    if (v1 is None) != (v2 is None):
        raise CommandError("diff takes two versions or none; name both V1 and V2", Exit.USAGE)
    with Archive.read_only(db) as archive:
        found = room.diff(archive.db, body, year, v1, v2)
    if json:
        terminal.show_json(found)
    else:
        room.show_diff(found)
    return Exit.OK


@app.command()
def verify(db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Check the whole archive: every blob against its SHA-256, the file, and that no answer is lost.

    Example: [bold]nianbao verify --db data/demo/archive.db[/bold]
    """
    from archive.store import Archive

    with Archive.read_only(db) as archive:
        problems = list(archive.verify())
        (blobs,) = archive.db.execute("select count(*) from blob").fetchone()
    if json:
        terminal.show_json({"blobs": blobs, "problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            terminal.say(f"{problem.where}: {problem.what}")
        terminal.say(f"{blobs} blobs checked, {len(problems)} problems")
    return Exit.DAMAGED if problems else Exit.OK


@sources_app.command("list")
def sources_list(registry: Registry = None, json: Json = False) -> Exit:
    """List the sources of a registry.

    Example: [bold]nianbao sources list --registry my.csv[/bold]
    """
    from nianbao import crawling

    found = crawling.sources(registry)
    if json:
        terminal.show_json(found)
    else:
        columns = ("id", "name", "division", "entry", "family", "url")
        rows = [tuple(row[column] for column in columns) for row in found]
        terminal.show_table(f"{len(found)} sources", columns, rows)
    return Exit.OK


sourcing.offer(app, sources_app)


def _serve(out: Path, port: int, host: str = "127.0.0.1") -> Exit:
    from archive.browse import listen, serve

    listen(host, port).close()
    if (out / "nianbao.db").is_file():
        terminal.say(f"http://{host}:{port}/ shows {out}; stop with Ctrl-C")
    serve(out, port, host)
    return Exit.OK


def main() -> int:
    """Runs one command; every error that we know is one line on stderr and an exit code."""
    from nianbao.steps import end_with_parent

    end_with_parent()
    try:
        result = app(standalone_mode=False)
        return int(result or 0)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.OK
    except BaseException as error:
        return _complained(error)


def _complained(error: BaseException) -> int:
    """The exit code of an error that we can explain; any other one goes on."""
    from typer.exceptions import Abort, TyperException

    if isinstance(error, TyperException):
        terminal.complain(f"{error.format_message().rstrip('.')}; see nianbao --help")
        return Exit.USAGE
    if isinstance(error, Abort):
        error = KeyboardInterrupt()
    code = code_of(error)
    if code is None:
        raise error
    terminal.complain("interrupted; run it again, it goes on" if code is Exit.INTERRUPTED else str(error))
    return code
