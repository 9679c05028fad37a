"""Reports about 2008 to 2018: free prose under six heads, with or without a list of indicators behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from parsers.forms import Layout
from sample.codebook import entries, in_force, printed_as
from sample.figures import Figures
from sample.forms.layout import Grid
from sample.forms.lists import indicator_list, local_list
from sample.forms.sheet import Heading, Part, Sheet
from sample.places import Body, Kind
from sample.prose import Statements

(LISTED, TABLE_2014), (LOCAL, TABLE_2008), (PROSE, _) = (
    printed_as(layout)[0] for layout in (Layout.LIST, Layout.LOCAL, Layout.PROSE)
)
"""The generations before the statutory tables: with a list of indicators, with a local one, with prose alone."""
YEARS = range(in_force(LOCAL).start, in_force(LISTED).stop)
_SIZE = {Kind.GOVERNMENT: 60, Kind.OFFICE: 12, Kind.DEPARTMENT: 8, Kind.TOWNSHIP: 2}
_CHANNELS_14 = ("in_person", "fax", "online", "letter")
_CHANNELS_08 = ("in_person", "fax", "email", "online", "letter", "other")
_ANSWERS_14 = ("already_public", "granted", "partial", "denied", "other_agency", "nonexistent")
_LATE_ANSWERS_14 = ("needs_amendment", "other_channel")
_REASONS_14 = ("state_secret", "trade_secret", "privacy", "safety_stability", "not_gov_info", "other_law")
_RESULTS_14 = ("upheld", "corrected", "other")
_HEADS = (
    "一、概述",
    "二、主动公开政府信息的情况",
    "三、依申请公开政府信息和不予公开政府信息的情况",
    "四、政府信息公开的收费及减免情况",
    "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
    "六、政府信息公开工作存在的主要问题及改进情况",
)
_REMARKS = (
    "公开工作由分管负责人牵头，明确专人经办，目录和指南按时更新，方便群众查阅。",
    "一年来健全登记、审核、发布各环节的办法，组织两次业务学习，接受群众监督。",
)
_PROBLEMS = (
    "存在的主要问题是内容不够丰富、更新不够及时。今后将细化目录，加强检查，不断改进。",
    "公开形式还比较单一，经办人员业务不够熟练。今后将拓宽渠道，加强培训。",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """The figures of one year and what the prose says of them."""

    figures: Figures
    paragraphs: tuple[str, ...]
    said: Statements


def generation_for(year: int, local: bool) -> str:
    """Which form a body used: the list of 2014 from then on; before that a local list, or prose alone."""
    if year not in YEARS:
        raise ValueError(f"the older forms were used from {YEARS[0]} to {YEARS[-1]}, not in {year}")
    return LISTED if year in in_force(LISTED) else LOCAL if local else PROSE


def older_reports(seed: int, body: Body, years: Sequence[int] = YEARS, local: bool = True) -> list[Sheet]:
    """The reports of `body`: figures add up within a year, and 历年累计 adds up over the years."""
    random = Random(f"{seed} {body.name} older")
    since: Figures = {entry.code: random.randint(1, 30) for entry in entries(LOCAL, TABLE_2008)}
    return [_report(random, body, year, generation_for(year, local), since) for year in years]


def _report(random: Random, body: Body, year: int, generation: str, since: Figures) -> Sheet:
    figures = _figures_2014(random, body) if generation == LISTED else _figures_2008(random, body)
    tables: list[Grid] = []
    if generation == LISTED:
        tables.append(indicator_list(LISTED, TABLE_2014, figures))
    if generation == LOCAL:
        for code, value in figures.items():
            since[code] = (since[code] or 0) + (value or 0)
        tables.append(local_list(LOCAL, TABLE_2008, figures, since, random.random() < 0.5))
    told = _tell(random, body, year, figures)
    title = f"{body.name}{year}年政府信息公开工作年度报告"
    parts = (*_body(told), *_appended(tables, year))
    return Sheet(title, body.name, year, parts, figures if tables else {}, told.said)


def _body(told: _Told) -> Iterator[Part]:
    opening, *rest = told.paragraphs
    yield opening
    for head, paragraph in zip(_HEADS, rest, strict=True):
        yield Heading(head)
        yield paragraph


def _appended(tables: list[Grid], year: int) -> Iterator[Part]:
    for table in tables:
        yield "附表"
        yield f"政府信息公开情况统计表（{year}年度）"
        yield table


def _parts_of(random: Random, total: int, names: Sequence[str]) -> dict[str, int]:
    """`total` spread over the names by chance."""
    drawn = random.choices(names, k=total)
    return {name: drawn.count(name) for name in names}


def _figures_2014(random: Random, body: Body) -> Figures:
    size = _SIZE[body.kind]
    figures: Figures = {entry.code: random.randint(0, size) for entry in entries(LISTED, TABLE_2014)}
    channels = [code for code in figures if code.startswith("s14_disclosed_")][2:]
    figures |= {code: random.randint(0, size * 40) for code in channels}
    figures["s14_disclosed_total"] = max(int(figures[code] or 0) for code in channels) + random.randint(0, 9)
    figures["s14_disclosed_normative"] = min(
        random.randint(0, size), int(figures["s14_disclosed_total"] or 0)
    )
    for name in ("s14_press_conferences", "s14_online_interviews"):
        figures[f"{name}_head"] = random.randint(0, int(figures[name] or 0))
    figures |= _requests_2014(random, size)
    for name in ("s14_fees_wan", "s14_budget_wan"):
        figures[name] = random.choice((0, 3, 1.5, 12.86))
    return _ordered(figures, LISTED, TABLE_2014)


def _requests_2014(random: Random, size: int) -> Figures:
    received = random.randint(0, size * 2)
    figures: Figures = {"s14_req_received": received, "s14_req_concluded": received}
    figures |= _named("s14_req_", _parts_of(random, received, _CHANNELS_14))
    figures |= _named("s14_req_concluded_", _parts_of(random, received, ("on_time", "extended")))
    answers = _parts_of(random, received, (*_ANSWERS_14, *_LATE_ANSWERS_14))
    figures |= {"s14_req_answered": received, **_named("s14_ans_", answers)}
    figures |= _named("s14_denied_", _parts_of(random, answers["denied"], _REASONS_14))
    for name in ("review", "suit"):
        results = {result: random.randint(0, size // 4) for result in _RESULTS_14}
        figures |= {f"s14_{name}_total": sum(results.values()), **_named(f"s14_{name}_", results)}
    staff = {name: random.randint(0, size // 2 + 1) for name in ("fulltime", "parttime")}
    return figures | {"s14_staff_total": sum(staff.values()), **_named("s14_staff_", staff)}


def _figures_2008(random: Random, body: Body) -> Figures:
    size = _SIZE[body.kind]
    names = [entry.code for entry in entries(LOCAL, TABLE_2008)]
    figures: Figures = {code: random.randint(0, size) for code in names}
    figures["l08_disclosed_total"] = random.randint(size, size * 50)
    figures["l08_disclosed_fulltext"] = random.randint(0, int(figures["l08_disclosed_total"] or 0))
    figures["l08_page_views"] = random.randint(900, 40000)
    received = random.randint(0, size * 2)
    figures |= {"l08_req_total": received, "l08_ans_total": received}
    figures |= _named("l08_req_", _parts_of(random, received, _CHANNELS_08))
    answers = _parts_of(random, received, ("granted", "granted", "partial", "denied"))
    figures |= _named("l08_ans_", answers)
    reasons = [code.removeprefix("l08_denied_") for code in names if code.startswith("l08_denied_")]
    figures |= _named("l08_denied_", _parts_of(random, answers["denied"], reasons))
    figures["l08_appeals_first"] = random.randint(0, int(figures["l08_appeals"] or 0))
    return _ordered(figures, LOCAL, TABLE_2008)


def _named(prefix: str, values: dict[str, int]) -> Figures:
    return {prefix + name: value for name, value in values.items()}


def _ordered(figures: Figures, generation: str, table: str) -> Figures:
    return {entry.code: figures[entry.code] for entry in entries(generation, table)}


def _tell(random: Random, body: Body, year: int, figures: Figures) -> _Told:
    prefix = "s14" if "s14_req_received" in figures else "l08"
    disclosed = figures[f"{prefix}_disclosed_total"] or 0
    received = figures["s14_req_received" if prefix == "s14" else "l08_req_total"] or 0
    reviews = figures["s14_review_total" if prefix == "s14" else "l08_reviews"] or 0
    suits = figures["s14_suit_total" if prefix == "s14" else "l08_suits"] or 0
    requests = (
        f"全年共收到政府信息公开申请{received}件，均按时答复。"
        if received
        else "全年未收到政府信息公开申请。"
    )
    paragraphs = (
        f"根据《中华人民共和国政府信息公开条例》，{body.name}编制{year}年度报告。"
        f"本报告所列数据的统计期限为{year}年1月1日至{year}年12月31日。",
        random.choice(_REMARKS),
        f"{year}年，{body.name}主动公开政府信息{disclosed}条。",
        requests,
        "公民、法人和其他组织查阅政府信息，本机关未收取任何费用。",
        f"全年因政府信息公开引起的行政复议{reviews}件，行政诉讼{suits}件。",
        random.choice(_PROBLEMS),
    )
    said: Statements = {"n_items_disclosed": disclosed, "n_requests_received": received}
    said |= {"n_reviews": reviews, "n_suits": suits, "n_processing_fee_yuan": 0}
    return _Told(figures, paragraphs, said)
