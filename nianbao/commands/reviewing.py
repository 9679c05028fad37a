"""`nianbao review`: what a person says of findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import ARCHIVE, Db, Json

if TYPE_CHECKING:
    from archive.state.judging import Judged, Verdict

app = typer.Typer(
    help="What a person says of findings: it survives every re-read and rebuild.", invoke_without_command=True
)
Finding = Annotated[str, typer.Argument(metavar="ID", help="The id of a finding, or its first characters.")]
Note = Annotated[str | None, typer.Option("--note", help="Why, in a few words.")]
State = Literal["open", "confirmed", "dismissed", "gone", "all"]


@app.callback()
def review(context: typer.Context, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Lists the open findings when no command is given.

    Example: [bold]nianbao review dismiss 3f2a --note "the source prints it so"[/bold]
    """
    return Exit.OK if context.invoked_subcommand else review_list(db=db, json=json)


def review_list(
    body: Annotated[str, typer.Option("--body", help="Only bodies whose name contains this.")] = "",
    year: Annotated[int | None, typer.Option("--year", help="Only reports of this year.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="Only this kind of finding.")] = "",
    state: Annotated[State, typer.Option("--state", help="Only those that were judged so.")] = "open",
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """List findings with what was said of them; without options, those that nobody judged.

    Example: [bold]nianbao review list --kind carry_over_differs --state all[/bold]
    """
    from archive.state.judging import findings
    from archive.store import Archive

    with Archive.read_only(db) as archive:
        found = [
            each
            for each in findings(archive.db)
            if body in each.body
            and year in (None, each.year)
            and kind in ("", each.kind)
            and _is_in(each, state)
        ]
    if json:
        terminal.show_json([each.as_json() for each in found])
    else:
        columns = ("id", "body", "year", "kind", "message", "said")
        rows = [(e.id, e.body, e.year, e.kind, e.message, _said(e)) for e in found]
        terminal.show_table(f"{len(found)} findings", columns, rows)
    return Exit.OK


def _is_in(found: Judged, state: str) -> bool:
    return state == "all" or (state == "gone" if found.gone else found.verdict.value == state)


def _said(found: Judged) -> str:
    return ": ".join(filter(None, (found.verdict.value, found.note)))


def confirm(finding: Finding, note: Note = None, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Say that a finding is right.

    Example: [bold]nianbao review confirm 3f2a[/bold]
    """
    from archive.state.judging import Verdict

    return _judge(finding, Verdict.CONFIRMED, note, db, json)


def dismiss(finding: Finding, note: Note = None, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Say that a finding is none.

    Example: [bold]nianbao review dismiss 3f2a --note "two offices share one report"[/bold]
    """
    from archive.state.judging import Verdict

    return _judge(finding, Verdict.DISMISSED, note, db, json)


def note(
    finding: Finding,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The note; it replaces an earlier one.")],
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Write a note to a finding and leave its judgement as it is.

    Example: [bold]nianbao review note 3f2a "asked the office by telephone"[/bold]
    """
    return _judge(finding, None, text, db, json)


def absent(
    body: Annotated[str, typer.Argument(metavar="BODY", help="The name of a body, a part of it, or its id.")],
    year: Annotated[int, typer.Argument(metavar="YEAR", help="The year that the report would be about.")],
    note: Note = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Say that a body did not publish its report of a year: `not_published` from the next `nianbao read` on.

    Example: [bold]nianbao review absent 获嘉县水利局 2021 --note "merged into 农业农村局, by telephone"[/bold]
    """
    from archive.state.absences import declare
    from archive.store import Archive
    from nianbao.asking.history import body_of

    with Archive.open(db, create=False) as archive:
        found = body_of(archive.db, body)
        identifier = declare(archive, found["id"], found["name"], year, note or "", withdrawn=withdraw)
    said = {"id": identifier, "body": found["name"], "year": year, "note": note or "", "withdrawn": withdraw}
    if json:
        terminal.show_json(said)
    else:
        terminal.say(f"{identifier} {found['name']} {year}: {'taken back' if withdraw else 'not published'}")
    return Exit.OK


def _judge(finding: str, verdict: Verdict | None, note: str | None, db: Path, json: bool) -> Exit:
    from archive.state.judging import judge
    from archive.store import Archive

    with Archive.open(db, create=False) as archive:
        found = judge(archive, finding, verdict, note)
    if json:
        terminal.show_json(found.as_json())
    else:
        terminal.say(f"{found.id} {found.body} {found.year} {found.kind}: {_said(found)}")
    return Exit.OK


def offer(parent: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command("list")(review_list)
    app.command()(confirm)
    app.command()(dismiss)
    app.command()(note)
    app.command()(absent)
    parent.add_typer(app, name="review")
