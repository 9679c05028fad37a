"""`nianbao check`: what to mend in a report before it is published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nianbao.front import terminal
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import Json

if TYPE_CHECKING:
    from nianbao.check import Checked


def check(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Reports of any kind of file, or - for standard input."),
    ],
    last: Annotated[
        Path | None,
        typer.Option("--last", help="The body's report of the year before: what must follow from it, too."),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write an HTML file instead of text.")] = None,
    lang: Annotated[Literal["zh", "en"], typer.Option("--lang", help="The language of the words.")] = "zh",
    json: Json = False,
) -> Exit:
    """What an office should mend in its report before it publishes it. Nothing leaves the machine.

    Each problem has the number of its rule (docs/rules.md), its cells, both sums, the likely misprint and the place. The
    exit code is 0 when nothing is wrong (notes at most), 11 when there are warnings, 1 when there are errors.

    Example: [bold]nianbao check report.docx --last report-of-last-year.docx --html check.html[/bold]
    """
    from nianbao.asking import reading
    from nianbao.check import checked
    from nianbao.check.telling import lines, page
    from web.saying.speech import Speech

    if last and len(paths) > 1:
        raise CommandError("--last is the report before one FILE; give one FILE with it", Exit.USAGE)
    before = reading.parse_bytes(reading.bytes_of(str(last)), str(last), "") if last else None
    found = [
        one
        for path in paths
        for one in checked(path, reading.parse_bytes(reading.bytes_of(path), path, ""), before)
    ]
    t = Speech(lang)
    if html:
        reading.write(html, page(found, t), paths, "--html")
    if json:
        terminal.show_json([one.as_json() for one in found])
    elif html:
        terminal.say(str(html))
    else:
        for number, one in enumerate(found):
            for line in [*([""] if number else []), *lines(one, t)]:
                terminal.say(line)
    return _ended(found)


def _ended(found: list[Checked]) -> Exit:
    """By the gravest problem; a file without a report is one."""
    if any(one.counts["error"] or not one.report.is_report for one in found):
        return Exit.WRONG
    return Exit.DOUBTFUL if any(one.counts["warning"] for one in found) else Exit.OK


def offer(app: typer.Typer) -> None:
    """Puts the command on the command line."""
    app.command()(check)
