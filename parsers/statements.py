"""Numbers said in prose, and whether they contradict the tables.

The codes are those of statements.csv. A statement is an exact number of the report's own year; rounded
numbers (10余条), running totals (历年累计), last year's and those of subordinate bodies are none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from parsers.forms import forms_cache, table_of_rows
from parsers.heading.names import PERIOD_BEGINS
from parsers.records import Figure, Finding, FindingKind, Scope, Statement
from parsers.sentences.claims import Claim, claims_in, counts
from parsers.sentences.outcomes import CAUSED_CODES
from parsers.sentences.prose import prose_of, sentences
from parsers.sentences.zeros import zeros_in

_MOST = 5000  # numbers looked at; the longest report seen has some three hundred
_PERIOD_YEAR = re.compile(r"统计(?:期限|时限|时间)?[^。;0-9]{0,12}" + PERIOD_BEGINS)
_TITLE_YEAR = re.compile(
    r"20(\d{2})年?(?:度)?[^,。;:\d]{0,12}?(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:报告|年报|工作报告)"
)
_CLAUSE_YEAR = re.compile(
    r"(?:^|[,:])(?:其中)?(?:在|至)?(20\d{2})年(?!\d{1,2}月|以来|颁布|修订|第|(?:度|末|底|未办结){0,3}(?:结转|转结|转入|结余))"
)
_RUNNING = re.compile(
    r"历年|自(?P<since>20\d{2})年(?:(?!1月1日)[^,]{0,8}(?:以来|起)|[^,。;]{0,24}[至到](?!(?P=since))20\d{2}年)"
    r"|(?P<rule>(?:施行|实施)以来)|(?:开通|成立)以来|(?:截[至止到]|到)(?:目前|20\d{2}年(?:末|年?底),?)累计"
)
_OF_RUNNING = re.compile("历年|自20|以来|累计")
"""Of which one stands in all of that: to look for words takes a part of the time of the pattern."""
_IS_CARRIED = re.compile("结转|转结|转入")
_OVER = frozenset({"n_requests_carried_in", "n_requests_carried_out"})
_CARRIED_FROM = re.compile(r"(20\d{2})年(?:度|末|底|未办结)*(?:结转|转结|转入|结余)")
_CARRIED_TO = re.compile(r"(?:结转|转结|顺延|转)(?:至|到|入)?(20\d{2})年")
_FIRST_YEAR = 2008
_OWN_PART = re.compile(r"其中,?(?:本年度?|20\d{2}年)")
_NEW_OF_IT = re.compile(r"[,(;]?其中,?(?:本年度?|20\d{2}年度?)新(?:增|公开)")
_LAST_YEAR = re.compile(
    r"(?:去年|上年度?|上一年度?|上年同期|同期)(?:同期)?(?:为|是|有|共|收到|受理|公开)?[^,;。]{0,14}$"
)
_CHANGE = re.compile(r"(?:同比|比上年|较上年|比去年|较去年|环比|增加|减少|增长|下降|上升)(?:了)?$")
_BELOW = re.compile(
    r"(?:各|所属|下属|基层)(?:乡镇|镇|街道|部门|单位|县区|县|区|市)[^,;。]{0,30}$|(?:县直|市直|区直)[^,;。]{0,30}$"
)
_LONGEST_BELOW = 34  # characters that _BELOW can match
_WHOLE = re.compile(r"全(?:省|市|县|区|州|旗|镇|乡|街道|局|系统)|各级")
_AREA = re.compile(r"全(?:省|市|县|区|州|旗)")
_TOTAL = re.compile(r"共|总|合计")
_OWN_OFFICE = r"本级|机关本部|办公室|办公厅|局机关"
_OTHER_SCOPE = re.compile(rf"全(?:省|市|县|区|州|旗|系统)|各级|各(?:部门|乡镇|单位|县|区)|{_OWN_OFFICE}")
_OTHER_SCOPE_OF_AREA = re.compile(rf"{_OWN_OFFICE}|政府(?:共|新|累计|全年)*(?:收到|受理|收办|收|办理|答复)")


@forms_cache()
def _csv(name: str) -> tuple[dict[str, str], ...]:
    return tuple(table_of_rows(name))


@forms_cache()
def _compare_with() -> dict[str, str]:
    """Each statement code, with the table codes that say the same."""
    return {row["code"]: row["compare_with"] or "" for row in _csv("statements.csv")}


def find(text: str, year: int | None = None) -> tuple[Statement, ...]:
    """The statements in the whole text of a report, in order; `text[start:end]` is the clause that says each.

    One value a code: of several the one for the whole area (全市) or with 共 wins over a part, a number
    over a
    zero in words, and the first over later ones; the same value said again is kept. Units are those printed
    (件, 条, 元); 3.7万条 is 37000 条. `year`: the report's own, where the text itself has no title that says
    it. Time grows with the length of the text.
    """
    prose = prose_of(text)
    year = _report_year(prose.plain, year)
    told = (_carried(claim, prose.plain, year) for claim in _claims(prose.plain, year))
    claims = [claim for claim in told if claim and claim.code in _compare_with()]
    chosen = sorted(_main(claims, prose.plain), key=lambda claim: (claim.start, claim.end, claim.code))
    found = []
    for claim in chosen:
        start, end = prose.span(claim.start, claim.end)
        found.append(Statement(claim.code, claim.value, claim.unit, text[start:end], start, end))
    return tuple(found)


def _claims(plain: str, year: int | None) -> Iterator[Claim]:
    """All claims of the report's own, number by number and negation by negation, to a number that no report
    comes near."""
    spans = list(sentences(plain))
    for count in islice(counts(plain, spans), _MOST):
        claims = list(claims_in(count))
        if claims and _is_own(count.wide, count.left, year) and not _NEW_OF_IT.match(count.right):
            yield from claims
    for claim in islice(zeros_in(plain, spans), _MOST):
        if _is_own(plain[max(0, claim.start - 80) : claim.end].rpartition("。")[2], "", year):
            yield claim


def _carried(claim: Claim, plain: str, year: int | None) -> Claim | None:
    """The claim, with requests carried over set right by the year that is named: 2021年结转, 结转至2022年.

    In a report for 2022 both are carried in. Where the report's own year is not known they say nothing.
    """
    if claim.code not in _OVER:
        return claim
    said = plain[claim.start : claim.end]
    source, target = _CARRIED_FROM.search(said), _CARRIED_TO.search(said)
    if not source and not target:
        return claim
    if year is None:
        return claim if not (source and target) else None
    code = _direction(int(source[1]) if source else None, int(target[1]) if target else None, year)
    return claim._replace(code=code) if code else None


def _direction(source: int | None, target: int | None, year: int) -> str:
    """Which way requests go that are carried from the year `source` to `target`, as a report for `year`
    counts."""
    if source in (None, year) and target in (None, year + 1):
        return "n_requests_carried_out"
    if source in (None, year - 1) and target in (None, year):
        return "n_requests_carried_in"
    return ""


def _report_year(plain: str, known: int | None) -> int | None:
    """The year of the title, else the one known; the period of the text, which may be last year's, comes
    last."""
    found = _TITLE_YEAR.search(plain[:400]) or (None if known else _PERIOD_YEAR.search(plain))
    return 2000 + int(found[1]) if found else known


def _is_own(wide: str, left: str, year: int | None) -> bool:
    """Is it the report's own year and body that is spoken of, and a number and not a change?"""
    running = _OF_RUNNING.search(wide) and any(_is_running(since, year) for since in _RUNNING.finditer(wide))
    if running and not _OWN_PART.search(wide):
        return False
    years = _CLAUSE_YEAR.findall(wide) if "20" in wide else ()
    if year and years and int(years[-1]) != year:
        return False
    if _BELOW.search(wide[-_LONGEST_BELOW:]) and not _WHOLE.search(wide):
        return False
    return not (_CHANGE.search(left) or (_LAST_YEAR.search(left) and not _IS_CARRIED.search(left)))


def _is_running(since: re.Match[str], year: int | None) -> bool:
    """Is a total meant that began before the report's year? In the first, 施行以来 means the year."""
    if since["rule"]:
        return year != _FIRST_YEAR
    return since["since"] is None or year is None or int(since["since"]) != year


def _main(claims: Iterable[Claim], plain: str) -> Iterator[Claim]:
    """Of each code the claims with the value of the best claim."""
    by_code: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_code[claim.code].append(claim)
    for same in by_code.values():
        if len(same) == 1:
            yield from same
            continue
        best = min(same, key=lambda claim: _preference(claim, plain))
        if (
            best.rank == 1
            and best.code in CAUSED_CODES
            and len({(claim.start, claim.end) for claim in same}) > 1
        ):
            continue  # 因信访不予处理3件, 因重复不予处理2件: each is a part
        seen: set[tuple[int, int]] = set()
        for claim in same:
            if (
                claim.value == best.value
                and claim.rank <= max(best.rank, 1)
                and (claim.start, claim.end) not in seen
            ):
                seen.add((claim.start, claim.end))
                yield claim


def _preference(claim: Claim, plain: str) -> tuple[int, bool, bool, bool, int]:
    said = plain[claim.start : claim.end]
    return claim.rank, "累计" in said, not _AREA.search(said), not _TOTAL.search(said), claim.start


def compare(
    statements: Sequence[Statement], figures: Mapping[str, Figure], *, scope: Scope | None = None
) -> list[Finding]:
    """A finding `statement_contradicts_table` for each statement that the tables contradict.

    `figures` are those of the tables by code; where one has no value nothing is compared. Requests received
    may also be new + carried in (they are often counted together), and requests handled also the new ones or
    the total of results. A code whose statements disagree among themselves, one that equals the table, and a
    number for another scope than the table's (全市 in an office's report, 本级 where `scope` is `area`) give
    no finding.
    """
    by_code: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_code[statement.code].append(statement)
    findings = (_contradiction(code, said, figures, scope) for code, said in by_code.items())
    return [finding for finding in findings if finding]


def _contradiction(
    code: str, said: Sequence[Statement], figures: Mapping[str, Figure], scope: Scope | None
) -> Finding | None:
    totals = _ways(code, figures)
    sums = [_sum(codes, figures) for codes in totals]
    if not sums or any(total is None for total in sums):
        return None
    if any(abs(statement.value - total) < 1e-6 for statement in said for total in sums if total is not None):
        return None
    first = said[0]
    if (_OTHER_SCOPE_OF_AREA if scope is Scope.AREA else _OTHER_SCOPE).search(first.text):
        return None
    values = {"code": code, "said": first.value, "text": first.text, "table": sums[0]}
    return Finding(FindingKind.STATEMENT_CONTRADICTS_TABLE, (code, *totals[0]), values)


def _sum(codes: Sequence[str], figures: Mapping[str, Figure]) -> int | float | None:
    values = [figures[code].value if code in figures else None for code in codes]
    return sum(value for value in values if value is not None) if None not in values else None


_ALSO = {
    "n_requests_received": [["t3_new_received__total", "t3_carried_in__total"]],
    "n_requests_natural": [["t3_new_received__natural", "t3_carried_in__natural"]],
    "n_requests_handled": [["t3_result_total__total"], ["t3_new_received__total"]],
}


def _ways(code: str, figures: Mapping[str, Figure]) -> list[list[str]]:
    """The sums of table codes that may say what `code` says, the one of statements.csv first."""
    rule = _compare_with().get(code, "")
    if not rule.startswith("sum of "):
        return _added(code)
    complete = (codes for codes in _family(rule.removeprefix("sum of ")) if figures.keys() >= set(codes))
    return list(islice(complete, 1))


@forms_cache()
def _added(code: str) -> list[list[str]]:
    """The codes whose sum is what `code` says, one way or the other."""
    rule = _compare_with().get(code, "")
    ways = [[part.strip() for part in rule.split("+")]] if rule else []
    return [*ways, *_ALSO.get(code, ())]


@forms_cache()
def _family(pattern: str) -> list[list[str]]:
    """The codes that fit `pattern`, of each generation."""
    generations: dict[str, list[str]] = defaultdict(list)
    for row in _csv("codebook.csv"):
        if fnmatchcase(row["code"], pattern):
            generations[row["generation"]].append(row["code"])
    return list(generations.values())
