"""A report as its page shows it: forms with figures, findings in plain words, prose, differences."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from archive.browse import prose, words
from archive.browse.form import Form, forms
from archive.browse.queries import Facts

FEW, MOST = 7, 40
"""Up to FEW cells a finding names all; never more than MOST."""


def report(found: Facts, book: list[Facts]) -> Facts:
    """What the template of a report needs beyond its facts."""
    tables = forms(book, found["generations"])
    labels = label_of(book, found["generations"])
    figures = {figure["code"]: figure for figure in found["figures"]}
    return {
        "tables": tables,
        "labels": labels,
        "figures": figures,
        "loose": _loose(tables, figures),
        "stands_in": _stands_in(found["identities"]),
        "findings_said": [_said(finding, found["identities"], figures) for finding in found["findings"]],
        "prose": [
            (section, prose.pieces(section["text"], found["statements"])) for section in found["sections"]
        ],
        "counts": counts(found["figures"]),
    }


def label_of(book: list[Facts], generations: dict[str, str]) -> dict[str, str]:
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


def _said(finding: Facts, identities: list[Facts], figures: dict[str, Facts]) -> Facts:
    """A finding with what it means: for a failed identity, the identity in words and both its sums.

    Of many cells only those that are no zero are `shown`.
    """
    zh, en = words.kind(finding["kind"])
    failed = [i for i in identities if not i["holds"] and i["codes"] == finding["codes"]]
    if finding["kind"] == "identity_fails" and failed:
        identity = failed[0]
        rule, rule_en = words.identity(identity["id"])
        zh = f"按勾稽关系“{rule}”，原文两边分别为 {identity['left']} 和 {identity['right']}，不相等。"
        en = f"{rule_en or rule}: it prints {identity['left']} on one side, {identity['right']} on the other."
    told = [code for code in finding["codes"] if code not in figures or figures[code]["value"] != 0]
    shown = finding["codes"] if len(finding["codes"]) <= FEW or not told else told
    return {**finding, "zh": zh, "en": en, "shown": shown[:MOST]}


def counts(figures: list[Facts]) -> dict[str, int]:
    """How many figures are proven, unproven, contradicted."""
    return {proof: sum(figure["proof"] == proof for figure in figures) for proof in words.PROOFS}


def difference(old: Facts, new: Facts, book: list[Facts]) -> Facts:
    """What differs between two versions: figures cell by cell, and sentences that came and went."""
    labels = label_of(book, {**old["generations"], **new["generations"]})
    before, after = ({f["code"]: f for f in version["figures"]} for version in (old, new))
    order = list(labels)
    changed = [
        {
            "code": code,
            "label": labels.get(code, code),
            "from": _shown(before.get(code)),
            "to": _shown(after.get(code)),
        }
        for code in sorted(
            {*before, *after}, key=lambda code: order.index(code) if code in labels else len(order)
        )
        if _key(before.get(code)) != _key(after.get(code))
    ]
    text = prose.changes(prose.whole(old["sections"]), prose.whole(new["sections"]))
    return {"figures": changed, "prose": [{"sign": sign, "text": line} for sign, line in text]}


def _key(figure: Facts | None) -> tuple[Any, ...]:
    return (figure["value"], figure["state"]) if figure else (None, "absent")


def _shown(figure: Facts | None) -> Facts:
    return (
        {k: figure[k] for k in ("value", "state", "raw")}
        if figure
        else {"value": None, "state": "absent", "raw": ""}
    )
