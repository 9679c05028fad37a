"""Makes the country: bodies on sites, a chain of years for each body, and the cases that tests look for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from random import Random

from sample import paths, sums
from sample.figures import Figures, opening_stock, year_figures
from sample.lookalikes import forbidden, look_alikes
from sample.places import EVERY, PER_SITE, Body, Kind, Nesting, Site, make_bodies, make_every_site, make_sites
from sample.prose import opening, tell
from sample.sums import Drawn
from sample.truth import Country, Form, Gap, Text, Truth

BARE_TITLE = "政府信息公开工作年度报告"
SKINS = 3

YEARS = range(2019, 2026)
"""What the reports of the country are about, if nothing else is said."""


def country(seed: int = 1, bodies: int = 12, years: Sequence[int] = YEARS) -> Country:
    """Make the country of `seed`: the same seed and sizes give the same country, to the byte."""
    sites = make_sites(max(min(4, bodies), -(-bodies // PER_SITE)))
    return _country(seed, sites, bodies, tuple(years))


def every_family(seed: int = 1, bodies: int = 3 * EVERY, years: Sequence[int] = range(2021, 2026)) -> Country:
    """Make a country that has a site for each dialect of each CMS family, for testing crawls."""
    return _country(seed, make_every_site(), bodies, tuple(years))


def _country(seed: int, sites: tuple[Site, ...], bodies: int, span: tuple[int, ...]) -> Country:
    if not span or list(span) != list(range(span[0], span[-1] + 1)):
        raise ValueError(f"years must follow one another, not {span}")
    of_site = {site: make_bodies(site, len(range(site.index, bodies, len(sites)))) for site in sites}
    drawn = {site: [_drawn(seed, site, body, span) for body in of_site[site]] for site in sites}
    sums.areas_sum_up(drawn)
    gaps = tuple(gap for site in sites for gap in _gaps(site, of_site[site], span))
    missing = {(gap.body, gap.year) for gap in gaps}
    reports = [
        report
        for site in sites
        for body in drawn[site]
        for report in _reports(site, body, span)
        if (body.body, report.year) not in missing
    ]
    return Country(
        seed=seed,
        years=span,
        sites=sites,
        bodies=tuple(body for site in sites for body in of_site[site]),
        reports=_with_revision(tuple(reports)),
        look_alikes=tuple(item for site in sites for item in look_alikes(site, of_site[site], span)),
        forbidden=tuple(item for site in sites for item in forbidden(site, of_site[site], span)),
        gaps=gaps,
        revised_on=date(span[-1] + 1, 4, 29),
    )


def _gaps(site: Site, bodies: tuple[Body, ...], years: tuple[int, ...]) -> Iterator[Gap]:
    """On the third of each four sites, the last body left out the second year."""
    if site.case == 2 and len(bodies) > 1 and len(years) > 2:
        yield Gap(bodies[-1], years[1])


def _drawn(seed: int, site: Site, body: Body, years: tuple[int, ...]) -> Drawn:
    """The figures of a body in all years, before anything is misprinted."""
    random = Random(f"{seed} {body.name}")
    stock = opening_stock(random, body)
    drawn = Drawn(body, random, {year: year_figures(random, body, year, stock) for year in years})
    for year, figures in drawn.figures.items():
        _make_room_for_error(site, body, years[-1] - year, figures)
    return drawn


def _reports(site: Site, drawn: Drawn, years: tuple[int, ...]) -> Iterator[Truth]:
    for year, figures in drawn.figures.items():
        yield _report(drawn.random, site, drawn.body, year, years, figures)


def _report(
    random: Random, site: Site, body: Body, year: int, years: tuple[int, ...], figures: Figures
) -> Truth:
    age = years[-1] - year
    sections, said = tell(random, body, year, figures)
    printed = figures | _misprints(site, body, age, figures)
    title = _title(random, site, body, year, age)
    published = _published(random, body, year)
    form = _form(site, body, age)
    place = paths.place(
        site, paths.column(site, body, year), _serial(site, body, year), published, title, form
    )
    if _has_twin(site, body, age):
        place = replace(place, twin=paths.twin(site, place.path, published))
    text = Text(opening(body, year), sections, printed, said)
    return Truth(body, site, year, title, published, form, place, random.randrange(SKINS), text)


def _serial(site: Site, body: Body, year: int) -> int:
    return 1_000_000 * (site.index + 1) + 1000 * (body.order + 1) + year % 100


def _published(random: Random, body: Body, year: int) -> datetime:
    month, day = (3, random.randint(5, 29)) if body.kind is Kind.GOVERNMENT else (1, random.randint(8, 30))
    return datetime(year + 1, month, day, random.randint(8, 17), random.randint(0, 59))


def _title(random: Random, site: Site, body: Body, year: int, age: int) -> str:
    if site.nesting is Nesting.BODIES and body.order == 2 and age == 1:
        return BARE_TITLE
    name = random.choice((body.name, site.place)) if body.kind is Kind.GOVERNMENT else body.name
    title = random.choice(
        (
            f"{name}{year}年政府信息公开工作年度报告",
            f"{name}{year}年度政府信息公开工作年度报告",
            f"{year}年{name}政府信息公开工作年度报告",
            f"{name}政府信息公开工作年度报告（{year}年度）",
        )
    )
    return title.replace("政府政府", "政府") if body.kind is Kind.GOVERNMENT else title


def _form(site: Site, body: Body, age: int) -> Form:
    """The first two of each four sites carry attachments."""
    cases = {
        (0, 1, 1): Form.PAGE_AND_PDF,
        (0, 2, 3): Form.WORD_ONLY,
        (1, 1, 5): Form.PAGE_AND_PDF,
        (1, 2, 2): Form.PDF_ONLY,
    }
    return cases.get((site.case, body.order, age), Form.PAGE)


def _has_twin(site: Site, body: Body, age: int) -> bool:
    """The first of each four sites shows one report twice; in Shaanxi under an older and a newer id."""
    shown_twice = site.family == "shaanxi" or (
        site.family == "trs" and site.case == 0 and site.dialect != "was"
    )
    return shown_twice and body.order == 1 and age == 0


def _make_room_for_error(site: Site, body: Body, age: int, figures: Figures) -> None:
    """A total can only be misprinted as 0 when it is none."""
    if (site.case, body.order, age) == (2, 2, 4):
        figures["t4_review_upheld"] = (figures["t4_review_upheld"] or 0) + 2
        figures["t4_review_total"] = (figures["t4_review_total"] or 0) + 2


def _misprints(site: Site, body: Body, age: int, figures: Figures) -> Figures:
    """What is printed wrong, on the third of each four sites: a total of 0, and a total off by one."""
    if (site.case, body.order, age) == (2, 2, 4):
        return {"t4_review_total": 0}
    if (site.case, body.order, age) == (2, 0, 6):
        return {"t3_granted__total": (figures["t3_granted__total"] or 0) + 1}
    return {}


def _with_revision(reports: tuple[Truth, ...]) -> tuple[Truth, ...]:
    """The newest report of the first body says something else from the second night on."""
    newest = max((report for report in reports if report.body == reports[0].body), key=lambda one: one.year)
    return tuple(replace(one, revisions=(_revised(one),)) if one is newest else one for one in reports)


def _revised(report: Truth) -> Text:
    """One figure of table 4 and the total it goes into are higher by one; the prose stays as it was."""
    figures = dict(report.figures)
    for code in ("t4_review_other", "t4_review_total"):
        figures[code] = (figures[code] or 0) + 1
    return replace(report.text, figures=figures)
