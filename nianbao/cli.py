"""The command line. Every command loads what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from nianbao.commands import (
    bodies,
    checking,
    collecting,
    country,
    keeping,
    looking,
    measuring,
    nights,
    past,
    publishing,
    reading,
    reviewing,
    sourcing,
    warcs,
)
from nianbao.front import terminal
from nianbao.front.exits import Exit, code_of, told

app = typer.Typer(
    name="nianbao",
    help="The archive of China's 政府信息公开工作年度报告: find, keep, read, prove, publish.",
    epilog="Begin with: [bold]nianbao demo[/bold]. What a command takes: [bold]nianbao crawl --help[/bold]."
    " Exit code 0 says that all went well; the others are in docs/exit-codes.md.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from nianbao.cluster import version

        typer.echo(version())
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say the version and the parser's."
        ),
    ] = False,
) -> None:
    pass


sources_app = typer.Typer(help="The registry: where reports are looked for.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
collecting.offer(app, sources_app)
for group in (
    reading,
    checking,
    measuring,
    publishing,
    nights,
    looking,
    keeping,
    past,
    warcs,
    reviewing,
    bodies,
):
    group.offer(app)
sourcing.offer(app, sources_app)
country.offer(app, sources_app)


def main() -> int:
    """Runs one command; every error that we know is one line on stderr and an exit code."""
    from nianbao.crawl_process import end_with_parent
    from nianbao.front import stops

    end_with_parent()
    stops.listen()
    try:
        return _run()
    finally:
        stops.heeded()
        terminal.flush()


def _run() -> int:
    try:
        result = app(standalone_mode=False)
        if result == Exit.INTERRUPTED and not isinstance(result, Exit):
            # Typer has made a number out of the interrupt, and said nothing.
            raise KeyboardInterrupt
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
        place = getattr(error, "ctx", None)
        command = place.command_path if place else "nianbao"
        said = error.format_message().rstrip(".")
        if said:  # nothing, where the help was shown for want of a command
            terminal.complain(f"{said}; see {command} --help")
        return Exit.USAGE
    # Python wraps what is raised while it makes a class, a signal's Stopped too.
    if isinstance(error, Abort) or isinstance(error.__cause__, KeyboardInterrupt):
        error = KeyboardInterrupt()
    code = code_of(error)
    if code is None:
        raise error
    terminal.complain("interrupted; run it again, it goes on" if code is Exit.INTERRUPTED else told(error))
    return code
