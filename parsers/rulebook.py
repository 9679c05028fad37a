"""The book of rules: every check that a report can fail has a number that stays, and an example on either
side of it.

`rules.csv` has a row a rule: `kind` and `part` say which findings are failures of it (`part`: the identity,
or the case of the finding; empty for all that no other row names), `law` and `article` on what it rests
(empty where only experience does), `zh` and `en` its formula in words, `generations` the forms that have it
(empty: all), `precision` how much of what it notes of made reports is a slip, where one in ten has one and
one in fifty a number that truly rose (`python -m benchmarks slips`; empty: it is plain arithmetic), `passes`
and `fails` an example each. A number is never used again: a rule that is given up keeps its row, and the test
counts them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from parsers.findings import FindingKind, Severity
from parsers.templates import Values

_HEAD = re.compile(r"^(\d{4})(?: (\S+))?:[ \n]?", re.M)
_CELL = re.compile(r"\b([a-z]\w*+)=(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Said:
    """What one report of an example says: cells by code (those that are not named are 0), or a text.

    `body` is empty where it does not matter whose report it is.
    """

    year: int
    body: str
    cells: Mapping[str, float]
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of rules.csv."""

    id: str
    kind: FindingKind
    part: str
    severity: Severity
    law: str
    article: str
    zh: str
    en: str
    generations: tuple[str, ...]
    precision: str
    passes: str
    fails: str

    def columns(self) -> tuple[str, ...]:
        """The row as it stands in the file."""
        made = (self.law, self.article, self.zh, self.en, " ".join(self.generations), self.precision)
        return (self.id, self.kind.value, self.part, self.severity.value, *made, self.passes, self.fails)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by their numbers."""
    text = (files("parsers") / "rules.csv").read_text(encoding="utf-8")
    return tuple(map(_rule, csv.DictReader(text.splitlines(keepends=True))))


def _rule(row: dict[str, str]) -> Rule:
    kind, severity = FindingKind(row["kind"]), Severity(row["severity"])
    said = {
        name: row[name]
        for name in ("id", "part", "law", "article", "zh", "en", "precision", "passes", "fails")
    }
    return Rule(**said, kind=kind, severity=severity, generations=tuple(row["generations"].split()))


def rule(number: str) -> Rule | None:
    """The rule of this number; None when there is none."""
    return _by_id().get(number)


def rule_of(kind: str, values: Values) -> str:
    """The number of the rule that a finding of this kind with these values is a failure of.

    Empty for a finding that is about our reading or about a site, and for an identity of forms that are not
    packaged.
    """
    part = str(values.get("identity") or values.get("case") or "").partition(":")[0]
    return _by_kind().get((kind, part)) or _by_kind().get((kind, ""), "")


def of_identity(name: str) -> Rule | None:
    """The rule that an identity is, by its name (`T3-I1:natural`)."""
    return rule(rule_of(FindingKind.IDENTITY_FAILS, {"identity": name}))


@cache
def _by_id() -> Mapping[str, Rule]:
    return {each.id: each for each in rules()}


@cache
def _by_kind() -> Mapping[tuple[str, str], str]:
    return {(each.kind.value, each.part): each.id for each in rules()}


def example(text: str) -> tuple[Said, ...]:
    """What the reports of an example say, in order. Each begins with a line `YEAR:` or `YEAR BODY:`."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return tuple(
        _said(head, text[head.end() : end].rstrip("\n")) for head, end in zip(heads, ends, strict=True)
    )


def _said(head: re.Match[str], rest: str) -> Said:
    found = _CELL.findall(rest)
    cells = {code: float(value) if "." in value else int(value) for code, value in found}
    is_cells = bool(found) and not _CELL.sub("", rest).strip()
    return Said(int(head[1]), head[2] or "", cells if is_cells else {}, "" if is_cells else rest)


_TOP = """# The rules

Reports are checked by these rules. A number stays and is never used for another rule. A rule fails where
there is a finding of its kind; `/rules/NB-0001` on the site says who fails it, by year and province. In an
example of cells those that are not listed are 0. Precision: how much of what a rule notes of made reports is
a slip, where one report in ten has one, and one in fifty a number that truly rose
(`python -m benchmarks slips`); without any it is plain arithmetic. Severity: `error`, what is printed is
wrong; `warning`, it is or may be; `note`, a reader may like to know.

This page is made of `parsers/rules.csv` by `python -m parsers.rulebook`; the tests run both examples of
each rule.
"""


def document() -> str:
    """docs/rules.md."""
    return "\n".join([_TOP, *map(_section, rules())])


def _section(each: Rule) -> str:
    rests = " · ".join(filter(None, (each.law, each.article))) or "no law or notice; reason or experience"
    about = f"`{each.kind}`" + (f" `{each.part}`" if each.part else "")
    precision = f" · precision {each.precision}" if each.precision else ""
    lines = [
        f"## {each.id}",
        f"{each.zh}  \n{each.en}",
        f"{about} · {each.severity} · {', '.join(each.generations) or 'all forms'} · {rests}{precision}",
        f"passes:\n\n```text\n{each.passes}\n```",
        f"fails:\n\n```text\n{each.fails}\n```",
    ]
    return "\n\n".join(lines) + "\n"


if __name__ == "__main__":
    print(document(), end="")
