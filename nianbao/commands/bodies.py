"""`nianbao bodies`: who is who over the years, and what a person says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Annotated

import typer

from nianbao.front import terminal
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import ARCHIVE, Db, Json

app = typer.Typer(
    help="Who is who over the years: names, lives, what was joined or divided.", no_args_is_help=True
)
One = Annotated[str, typer.Argument(metavar="BODY", help="The name of a body, a part of it, or its id.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="Another body.")]
Note = Annotated[str, typer.Option("--note", help="Why, in a few words.")]


def bodies_list(
    division: Annotated[str, typer.Option("--division", help="Only codes that begin so.")] = "",
    candidates: Annotated[
        bool, typer.Option("--candidates", help="Pairs that may be one authority, with what speaks for it.")
    ] = False,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """List the bodies with their units, or the pairs that a person should look at.

    Example: [bold]nianbao bodies list --division 4107 --candidates[/bold]
    """
    from archive.lineage import joins, lines
    from archive.store import Archive

    with Archive.read_only(db) as archive:
        known = [each for each in lines.known(archive.db) if each.division.startswith(division)]
        found = lines.load(archive.db)
    if candidates:
        pairs = [each.as_json() for each in joins.candidates(known, found)]
        rows = [(p["one"], p["other"], f"{p['alike']:.0f}", p["evidence"]) for p in pairs]
        return _show(pairs, f"{len(pairs)} pairs", ("one", "other", "alike", "evidence"), rows, json)
    said = [
        {"id": each.id, "body": each.name, "division": each.division, "unit": found.units[each.id],
         "unit_2025": found.units_2025[each.id], "first": each.first, "last": each.last}
        for each in known
    ]  # fmt: skip
    return _show(
        said,
        f"{len(said)} bodies",
        tuple(said[0]) if said else ("id",),
        [tuple(s.values()) for s in said],
        json,
    )


def history(body: One, db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Show the whole line of a body: what it was, what it became, what was joined to it or taken from it.

    Example: [bold]nianbao bodies history 密云区人民政府[/bold]
    """
    from archive.lineage import lines
    from archive.store import Archive
    from nianbao.asking.history import body_of

    with Archive.read_only(db) as archive:
        asked = body_of(archive.db, body)["id"]
        known = {each.id: each for each in lines.known(archive.db)}
        found = lines.load(archive.db)
    members = [each for each in known if found.units[each] == found.units[asked]]
    edges = [edge for edge in found.edges if {edge.one, edge.other} & set(members)]
    said = [
        {"from": known[edge.one].name, "to": known[edge.other].name, "kind": edge.kind.value, "year": edge.year,
         "date": edge.date, "law": edge.law}
        for edge in edges
    ]  # fmt: skip
    lives = [
        {"id": each, "body": known[each].name, "from": found.lives[each].first, "to": found.lives[each].last,
         "reports": [known[each].first, known[each].last], "why": found.lives[each].why}
        for each in members
    ]  # fmt: skip
    if json:
        terminal.show_json(
            {"unit": found.units[asked], "unit_2025": found.units_2025[asked], "bodies": lives, "edges": said}
        )
        return Exit.OK
    columns = ("id", "body", "from", "to", "reports", "why")
    terminal.show_table(
        f"Unit {found.units[asked]}", columns, [tuple(map(str, each.values())) for each in lives]
    )
    terminal.show_table(
        "What happened", ("from", "to", "kind", "year", "date", "law"), [tuple(s.values()) for s in said]
    )
    return Exit.OK


def join(body: One, other: Other, note: Note = "", db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Say that two bodies are one authority: one unit from the next publication on, kept over every rebuild.

    Example: [bold]nianbao bodies join 获嘉县教育局 获嘉县教育体育局 --note "2019年机构改革"[/bold]
    """
    return _decide(body, other, note, db, json, joined=True)


def part(body: One, other: Other, note: Note = "", db: Db = ARCHIVE, json: Json = False) -> Exit:
    """Say that two bodies are not one authority, whatever their names look like.

    Example: [bold]nianbao bodies part 获嘉县住建局 获嘉县住房和城乡建设局[/bold]
    """
    return _decide(body, other, note, db, json, joined=False)


def _decide(body: str, other: str, note: str, db: Db, json: bool, *, joined: bool) -> Exit:
    from archive.lineage import joins
    from archive.store import Archive
    from nianbao.asking.history import body_of

    with Archive.open(db, create=False) as archive:
        one, two = _two(archive.db, body_of(archive.db, body), body_of(archive.db, other))
        identifier = joins.decide(archive, one["id"], two["id"], joined=joined, note=note)
    verdict = "joined" if joined else "parted"
    said = {"id": identifier, "bodies": [one["name"], two["name"]], "verdict": verdict, "note": note}
    if json:
        terminal.show_json(said)
    else:
        terminal.say(f"{identifier} {one['name']}, {two['name']}: {verdict}")
    return Exit.OK


def _two(db: sqlite3.Connection, one: sqlite3.Row, other: sqlite3.Row) -> tuple[sqlite3.Row, sqlite3.Row]:
    if one["id"] == other["id"]:
        raise CommandError(f"both names stand for {one['name']}; name two bodies", Exit.USAGE)
    return one, other


def _show(
    said: object, title: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]], json: bool
) -> Exit:
    if json:
        terminal.show_json(said)
    else:
        terminal.show_table(title, columns, rows)
    return Exit.OK


def offer(parent: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command("list")(bodies_list)
    app.command()(history)
    app.command()(join)
    app.command()(part)
    parent.add_typer(app, name="bodies")
