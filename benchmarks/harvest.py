"""The crawl of the whole country on paper: what a host bears, what a night can do, how many machines a harvest needs.

Only the rates are measured; the counts are those of the country (DESIGN.md), and what follows from them is arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

PORTALS, BODIES, REPORTS = 3200, 165_000, 2_000_000
DELAY = 3.0
"""Seconds between two requests to one host."""
NIGHT = 8.0
"""Hours."""
LISTINGS = 2
"""Pages of a body's column: its twelve reports, and what stands between them."""
ATTACHED = 1 / 8
"""Files beside a report's page, on average."""
PAGE, FILE = 80_000, 350_000
"""Bytes of a page and of such a file."""
LARGE = (500, 2000)
"""Bodies that report on the portals of a large city and of a province, say."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What one core was measured to do, in pages a second of its time."""

    crawled: float
    read: float


def plan(rates: Rates) -> list[tuple[str, str]]:
    """The questions and their answers."""
    first = requests(BODIES)
    nightly = BODIES + PORTALS
    polite = PORTALS / DELAY
    traffic = REPORTS * (PAGE + ATTACHED * FILE) + BODIES * LISTINGS * PAGE
    return [
        ("requests of a first full harvest", f"{first:,.0f}"),
        ("bytes of it", f"{traffic / 1e9:,.0f} GB"),
        (f"requests that one host bears in a night of {NIGHT:.0f} h", f"{NIGHT * 3600 / DELAY:,.0f}"),
        ("requests to a host of the mean size", f"{first / PORTALS:,.0f}: {_hours(first / PORTALS)}"),
        *((f"requests to a host of {bodies} bodies", f"{requests(bodies):,.0f}: {_hours(requests(bodies))}") for bodies in LARGE),
        ("requests a second if all hosts are asked at once", f"{polite:,.0f}"),
        ("line of one core, from its rate", f"{rates.crawled:,.0f} requests/s, {rates.crawled * NIGHT * 3600:,.0f} a night"),
        ("cores for a first harvest in one night", f"{first / (rates.crawled * NIGHT * 3600):.1f}"),
        ("cores to ask all hosts as often as is polite", f"{polite / rates.crawled:.1f}"),
        ("line for it in one night", f"{traffic * 8 / (NIGHT * 3600) / 1e6:,.0f} Mbit/s"),
        ("requests of a night without news, one a column and one a portal", f"{nightly:,.0f}"),
        ("core hours of such a night", f"{nightly / rates.crawled / 3600:.1f}"),
        ("core hours to read all reports", f"{REPORTS / rates.read / 3600:.1f}"),
    ]  # fmt: skip


def requests(bodies: float) -> float:
    """All requests that the reports of so many bodies take."""
    return bodies * (LISTINGS + REPORTS / BODIES * (1 + ATTACHED))


def _hours(number: float) -> str:
    """How long one host is asked so often, at its pace."""
    return f"{number * DELAY / 3600:.1f} h, {number * DELAY / 3600 / NIGHT:.1f} nights"
