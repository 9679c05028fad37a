"""`nianbao publish`, `browse` and `demo`: what readers get."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from nianbao.front import terminal
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import ARCHIVE, DEMO, PUBLIC, Cluster, Db, Json, Out, Port


def demo(
    out: Out = DEMO / "public",
    db: Db = DEMO / "archive.db",
    browse: Annotated[bool, typer.Option("--browse", help="Serve what was found until interrupted.")] = False,
    port: Port = 8001,
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


def publish(
    out: Out = PUBLIC,
    force: Annotated[
        str,
        typer.Option("--force", metavar="REASON", help="Publish what the gates hold back, and record why."),
    ] = "",
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin the CSV files with the mark by which Excel knows UTF-8.")
    ] = False,
    releases: Annotated[
        Path | None,
        typer.Option(
            "--releases",
            file_okay=False,
            help="Where every release is kept, to be read again by its day.",
            show_default="releases, beside --out",
        ),
    ] = None,
    cluster: Cluster = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Make the read-only database, Parquet, CSV, data package and checksums, complete or not at all.

    A draft that does not pass the gates (docs/data.md) is held back with exit code 1, and the last release stays.

    Example: [bold]nianbao publish --out /srv/nianbao[/bold]
    """
    from archive.publish import HeldBack
    from nianbao import steps

    try:
        done = steps.publish(db, out, force, bom, cluster=cluster, releases=releases)
    except HeldBack as held:
        if not json:
            raise
        terminal.show_json({"held": True, **held.verdict.as_json()})
        return Exit.WRONG
    if json:
        terminal.show_json({**asdict(done), "path": str(done.path)})
    else:
        counts = f"{done.reports} reports in {done.versions} versions, {done.figures} figures"
        terminal.say(
            f"{done.path}: {counts}, {done.findings} findings; {done.files} files, {done.bytes} bytes"
        )
        terminal.say(
            f"not kept as a release: {done.unkept}" if done.unkept else f"kept as release {done.release}"
        )
        if done.forced:
            terminal.say(f"published all the same, though it did not pass: {', '.join(done.forced)}")
    return Exit.OK


def browse(
    out: Out = PUBLIC,
    port: Port = 8001,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    url: Annotated[
        str, typer.Option("--url", help="Where readers find the site: it begins what is cited and fed.")
    ] = "",
) -> Exit:
    """Serve a publication with Datasette until interrupted.

    Example: [bold]nianbao browse --out data/demo/public[/bold]
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
        raise CommandError(f"--url {url} is no http(s)://HOST; give it without a path", Exit.USAGE)
    return _serve(out, port, host, url)


def _serve(out: Path, port: int, host: str = "127.0.0.1", url: str = "") -> Exit:
    from web import listen, serve

    listen(host, port).close()
    if (out / "nianbao.db").is_file():
        terminal.say(f"http://{host}:{port}/ shows {out}; stop with Ctrl-C")
    serve(out, port, host, url)
    return Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(demo)
    app.command()(publish)
    app.command()(browse)
