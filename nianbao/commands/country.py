"""`nianbao sources survey`, `sources coverage` and `sources export`: the country, division by division."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nianbao.front import terminal
from nianbao.front.exits import Exit
from nianbao.front.options import (
    ARCHIVE,
    CORES,
    PUBLIC,
    AllowPrivate,
    Db,
    Delay,
    Jobs,
    Json,
    Out,
    PartOption,
    Registry,
    Until,
    Vantage,
    Wanted,
)

Level = Literal["province", "city", "county", "zone"]
ProvinceOption = Annotated[
    str | None, typer.Option("--province", help="Only this province: 河南省, or its code 410000.")
]
LevelOption = Annotated[Level | None, typer.Option("--level", help="Only divisions of this level.")]


def sources_coverage(
    province: ProvinceOption = None,
    level: LevelOption = None,
    registry: Registry = None,
    db: Db = ARCHIVE,
    out: Out = PUBLIC,
    json: Json = False,
) -> Exit:
    """Which divisions have a source, and what it turned out to be, by province and level.

    Where something is published, also the share of the requests reported by areas behind which reports are held.

    Example: [bold]nianbao sources coverage --province 河南省[/bold]
    """
    from archive.state.standings import coverage
    from nianbao.asking import country

    found = country.standing(db, registry, province, out)
    if json:
        terminal.show_json(coverage(found, level))
    else:
        country.show_coverage(found, level)
    return Exit.OK


def sources_survey(
    province: ProvinceOption = None,
    level: LevelOption = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many sources.")] = None,
    until: Until = None,
    candidates: Annotated[
        bool, typer.Option("--candidates", help="Also ask candidates, which no crawl asks.")
    ] = False,
    registry: Registry = None,
    delay: Delay = None,
    allow_private: AllowPrivate = False,
    part: PartOption = None,
    vantage: Vantage = "",
    jobs: Jobs = CORES,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Ask sources what they are: home page, way to the column, first list, two reports; the best evidence first.

    Goes on where it was stopped; afterwards it asks only what is due. It ends in a report of one page: what answers,
    what a person has to look at, and why. Exit code 1: something is left, for --until or for a failure; run it again.

    Example: [bold]nianbao sources survey --province 河南省 --limit 50[/bold]
    """
    from nianbao.asking import surveying

    wanted = Wanted(None, None, registry, delay, "due", allow_private, part, vantage)
    asked = surveying.Asked(db, wanted, until, country_of(province), level, limit, candidates)
    done = surveying.survey(asked, jobs)
    if json:
        terminal.show_json(surveying.as_json(done))
    else:
        surveying.show(done)
    return surveying.code_of(done)


def country_of(province: str | None) -> str:
    """The first digits of the divisions that are wanted."""
    from nianbao.asking.country import province_of

    return province_of(province) or ""


def sources_export(
    registry: Registry = None,
    out: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="The file to write, instead of printing.")
    ] = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """Write the columns that two reports verified as rows of a registry, for a person to look at and commit.

    Example: [bold]nianbao sources export --out verified.csv[/bold]
    """
    from nianbao.asking import country

    rows = country.exports(db, registry)
    if out is not None:
        out.write_text(country.as_csv(rows), "utf-8")
        terminal.complain(f"{len(rows)} rows written to {out}")
    if json:
        terminal.show_json([row.row() for row in rows])
    elif out is None:
        for line in country.as_csv(rows).splitlines():
            terminal.say(line)
    return Exit.OK


def plan(
    hours: Annotated[float, typer.Option("--hours", min=0.1, help="Hours of a night.")] = 8.0,
    rate: Annotated[
        float, typer.Option("--rate", min=0.01, help="Requests a second that this machine asks and keeps.")
    ] = 100.0,
    delay: Delay = None,
    registry: Registry = None,
    db: Db = ARCHIVE,
    json: Json = False,
) -> Exit:
    """How many nights a first harvest takes, or what is left of it, by province: registry, archive, politeness.

    Example: [bold]nianbao plan --hours 6[/bold]
    """
    from crawler.settings import DEFAULT_DELAY
    from nianbao.asking import planning

    found = planning.plan(db, registry, hours, DEFAULT_DELAY if delay is None else delay, rate)
    if json:
        terminal.show_json(planning.as_json(found))
    else:
        planning.show(found, hours)
    return Exit.OK


def offer(app: typer.Typer, sources: typer.Typer) -> None:
    """Puts the commands of this module on the command line."""
    app.command()(plan)
    sources.command("survey")(sources_survey)
    sources.command("coverage")(sources_coverage)
    sources.command("export")(sources_export)
