"""A report as its page shows it: forms with figures, findings in plain words, prose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from archive.derived.comparing import Content
from web.data.queries import Facts
from web.drawing.form import Form, forms
from web.saying import prose, words
from web.saying.speech import LANGUAGES, Speech

FEW, MOST = 7, 40
"""Up to FEW cells a finding names all; never more than MOST."""


def report(found: Facts, book: list[Facts]) -> Facts:
    """What the template of a report needs beyond its facts."""
    figures = {figure["code"]: figure for figure in found["figures"]}
    tables = forms(book, found["generations"], figures.keys())
    labels = label_of(book, found["generations"])
    return {
        "tables": tables,
        "labels": labels,
        "figures": figures,
        "loose": _loose(tables, figures),
        "stands_in": _stands_in(found["identities"]),
        "findings_said": [said(finding, found["identities"], figures) for finding in found["findings"]],
        "prose": [
            (section, prose.pieces(section["text"], found["statements"])) for section in found["sections"]
        ],
        "counts": counts(found["figures"]),
    }


def label_of(book: list[Facts], generations: Mapping[str, str]) -> dict[str, str]:
    """code -> its row and column in words, as the report's own generation has them where it can."""
    used = set(generations.values())
    labels: dict[str, str] = {}
    for cell in sorted(book, key=lambda row: row["generation"] not in used):
        row = cell["block"] if cell["row_label"] == "(single row)" else cell["row_label"]
        labels.setdefault(cell["code"], f"{row} · {cell['col_label']}")
    return labels


def _loose(tables: list[Form], figures: dict[str, Facts]) -> list[Facts]:
    """Figures that no shown table has a place for: never dropped."""
    placed = set[str]().union(*(table.codes() for table in tables))
    return [figure for code, figure in figures.items() if code not in placed]


def _stands_in(identities: list[Facts]) -> dict[str, list[Facts]]:
    found: dict[str, list[Facts]] = defaultdict(list)
    for identity in identities:
        for code in identity["codes"]:
            found[code].append(identity)
    return dict(found)


def said(finding: Facts, identities: list[Facts], figures: dict[str, Facts]) -> Facts:
    """A finding with what it means (`zh`, `en`): for a failed identity, the identity in words and both its sums.

    Of many cells only those that are no zero are `shown`.
    """
    failed = [i for i in identities if not i["holds"] and [*i["codes"]] == [*finding["codes"]]]
    first = failed[0] if finding["kind"] == "identity_fails" and failed else None
    told = [code for code in finding["codes"] if code not in figures or figures[code]["value"] != 0]
    shown = finding["codes"] if len(finding["codes"]) <= FEW or not told else told
    meant = {lang: _meaning(Speech(lang), finding, first) for lang in LANGUAGES}
    return {**finding, **meant, "shown": shown[:MOST]}


def _meaning(t: Speech, finding: Facts, failed: Facts | None) -> str:
    if failed is None:
        return t.kind(finding["kind"])
    sides = {"left": failed["left"], "right": failed["right"]}
    return t("finding.identity", rule=t.identity(failed["id"]), **sides)


def broken(content: Content) -> list[Facts]:
    """The identities that do not hold in a version, each with both its sums."""
    return [
        {"id": name, "left": found.left, "right": found.right}
        for name, found in content.identities.items()
        if not found.holds
    ]


def counts(figures: list[Facts]) -> dict[str, int]:
    """How many figures are proven, unproven, contradicted."""
    return {proof: sum(figure["proof"] == proof for figure in figures) for proof in words.PROOFS}
