"""The marks of a source: one for each spot at which figures were read, with a name to jump to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from parsers.records import Figure, Proof, Report, State
from parsers.words.text import repair


@dataclass(frozen=True, slots=True)
class Mark:
    """One spot of a source, and the figures that were read there (several where digits run together)."""

    id: str
    place: str
    figures: tuple[Figure, ...]

    @property
    def kind(self) -> str:
        """What its colour says: `contradicted`, `illegible`, `unproven` or `proven`, the first that is true."""
        proofs = {figure.proof for figure in self.figures}
        if Proof.CONTRADICTED in proofs:
            return "contradicted"
        if any(figure.state is State.ILLEGIBLE for figure in self.figures):
            return "illegible"
        return "unproven" if Proof.UNPROVEN in proofs else "proven"

    def says(self, text: str) -> bool:
        """Whether this text of the source is what was read: the guard against a mark in a wrong spot."""
        printed, raws = squeezed(text), [squeezed(figure.raw) for figure in self.figures]
        return printed in {*raws, "".join(raws)}

    def attributes(self, right: bool = False) -> str:
        """The name and the class of its element; `right`: its label hangs at its right end."""
        return f'id="{self.id}" class="mark {self.kind}{" right" if right else ""}"'

    def label(self) -> str:
        """The small label that shows on hover, as HTML: each code with its value, and a way back to the list."""
        figures = self.figures[:8]
        lines = [f"{escape(figure.code)} <b>{escape(said(figure))}</b>" for figure in figures]
        lines += [f"… {len(self.figures)}"] if len(self.figures) > len(figures) else []
        return f'<a class="tag" href="#{self.row(figures[0])}">{"<br>".join(lines)}</a>'

    def row(self, figure: Figure) -> str:
        """The name of a figure's line in the list."""
        return f"{self.id}-{figure.code}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A source as HTML; `css` places what is drawn over pictures, `drawn` names the marks that are in it."""

    html: str
    drawn: frozenset[str] = frozenset()
    css: str = ""
    notes: tuple[str, ...] = field(default=())


def everything(reports: Iterable[Report]) -> Iterator[Report]:
    """The reports and those that stand with them in one file."""
    for report in reports:
        yield report
        yield from everything(report.others)


def marks_of(report: Report, prefix: str) -> dict[str, Mark]:
    """The marks of one file by place; `prefix` sets their names apart from those of other files."""
    found: dict[str, list[Figure]] = {}
    for one in everything([report]):
        for figure in one.figures:
            if figure.place:
                found.setdefault(spot(figure.place), []).append(figure)
    return {
        place: Mark(f"{prefix}{number}", place, tuple(figures))
        for number, (place, figures) in enumerate(found.items(), 1)
    }


def spot(place: str) -> str:
    """What a place points at: for a line of a page its box, whatever the column."""
    return place.partition(" column ")[0] if place.startswith("page ") else place


def said(figure: Figure) -> str:
    """What was read, for a person: the number with its unit, or what stands in its place."""
    if figure.value is None:
        return {"blank": "空白 blank", "dash": "横线 dash", "illegible": "无法辨认 illegible"}.get(
            figure.state.value, "缺 absent"
        )
    number = f"{figure.value:,.10g}" if isinstance(figure.value, float) else f"{figure.value:,}"
    return f"{number} {figure.unit}".strip()


def squeezed(text: str) -> str:
    """Text without its spaces, and with radicals as the readers mend them."""
    return "".join(repair(text).split())
