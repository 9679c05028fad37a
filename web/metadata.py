"""Titles and descriptions of the database, its tables and columns, in both languages; the ready queries."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive import search
from archive.csvs import packaged
from archive.errors import translated
from archive.publication.datapackage import LICENCE
from archive.rows import compact

# table -> its title, and what it holds
TABLES = {
    "body": ("机关 Bodies", "依法须编制年度报告的行政机关。 Authorities that must report."),
    "report": ("报告 Reports", "机关、年度、范围三者唯一确定一份报告。 One row a body, year and scope."),
    "version": ("版本 Versions", "报告每一次实质不同的内容。 Each distinct content of a report."),
    "latest": (
        "最新版 Latest versions",
        "各报告最新版及其勾稽情况。 The newest version and how its figures prove.",
    ),
    "rendition": ("载体 Renditions", "载有某一版本的网页或附件。 Pages and attachments that show a version."),
    "figure": (
        "数据 Figures",
        "某一版本在某一单元格所载内容；空白不是 0。 What a version says in a cell; a blank is no 0.",
    ),
    "identity": ("勾稽关系 Identities", "表内等式及其检验结果。 Equations of the form, as checked."),
    "finding": ("问题 Findings", "读者应当知道的情况。 Things a reader should know."),
    "statement": ("文字所述数字 Statements", "正文中说出的数字。 Numbers said in prose."),
    "section": ("正文 Sections", "报告的各个部分。 The parts of a report."),
    "extra_row": (
        "表外行 Extra rows",
        "表样中没有而原文有的行。 Rows that the form does not know, as printed.",
    ),
    "coverage": (
        "收录情况 Coverage",
        "各机关各年度的收录状态和依据。 What is held for each body and year, and why.",
    ),
    "fetch": ("抓取记录 Fetches", "每次访问及其结果。 Every request and its outcome."),
    "capture": ("留存 Captures", "带来新内容的抓取。 Fetches that brought new bytes."),
    "memento": (
        "所见 Mementos",
        "某地址在某时给出的留存内容。 What an address answered with, and when (RFC 7089).",
    ),
    "codebook": (
        "单元格代码 Codebook",
        "各代表样的每一个单元格。 Every cell of every generation of the form.",
    ),
    "statement_code": (
        "文字数字代码 Statement codes",
        "正文数字的代码和含义。 Codes of numbers said in prose.",
    ),
    "rule": (
        "规则 Rules",
        "检验报告所用的规则，编号不变。 What reports are checked by; numbers stay.",
    ),
    "tally": ("计数 Tally", "各年度报告数。 Reports by year and how they prove."),
    "division": (
        "行政区划 Divisions",
        "县级以上行政区划及其上级。 Divisions down to the county, and those above.",
    ),
    "member": ("机关所在 Members", "各机关所在区划、省份和层级。 Where each body stands."),
    "indicator": ("指标 Indicators", "跨年度、跨表样可比的指标。 What can be compared over years and forms."),
    "peers": (
        "同类组 Peers",
        "同省、同层级、同类别、同范围的报告。 Reports of one province, level, kind, scope.",
    ),
    "measure": ("指标值 Measures", "各报告最新版的指标值。 Each indicator of each latest version."),
    "standing": ("同类统计 Standings", "各同类组的合计与中位数。 Totals and medians of each group of peers."),
    "coverage_tally": (
        "收录计数 Coverage tally",
        "各区划各年度收录状态的计数。 Coverage by division and year.",
    ),
    "audit": (
        "审计表 Audit",
        "各报告是否按时、内容是否齐全、各平台是否一致、是否改动。 On time, complete, the same everywhere, changed.",
    ),
    "listed": (
        "名单 Lists",
        "逾期公布、悄然改动、自相矛盾的报告，各有留存为证。 Late, changed, contradicted: each with its capture.",
    ),
    "listed_tally": ("名单计数 Lists, counted", "按类别、省份、年度。 By kind, province, year."),
    "completeness": (
        "加总 Sums of areas",
        "地区报告各格与其下所收报告之和。 Each cell of an area's report against the sum of those held below.",
    ),
    "area_total": (
        "地区收齐率 Area totals",
        "各地区报告的申请数，其下所收报告占多少。 Of an area's requests, how many stand in reports held below.",
    ),
    "unit": ("机关沿革 Units", "每个机关属于哪一链条及其起止。 Whose chain a body is of, and its life."),
    "body_edge": (
        "机关关系 Edges",
        "更名、合并、拆分。 What was renamed, merged or split, with date and law.",
    ),
    "finding_tally": ("问题计数 Finding tally", "各类问题的计数。 Findings by kind, province and year."),
    "listed_finding": (
        "问题清单 Findings in order",
        "最新版的问题，新者在前。 Of latest versions, newest first.",
    ),
    "change": ("变动 Changes", "各区划最近的新增、修订、撤下。 What was last added, revised, withdrawn."),
    "event": (
        "变动经过 Events",
        "每份报告的每次变动及其类别。 What happened to each report, and of which class it was.",
    ),
    "judgement": ("复核 Judgements", "人工对问题的复核意见。 What a person says of a finding."),
    "night": ("夜间运行 Nights", "最近的运行。 The last runs."),
    "night_tally": ("运行结果 Night tally", "各次运行的访问结果。 Fetches of a run by outcome."),
    "morning": ("晨报 Mornings", "每夜运行的结论。 What each night came to, in a sentence."),
    "morning_alarm": ("告警 Alarms", "每夜的告警及其起始时间。 What rang, and since when."),
    "source_state": (
        "来源 Sources",
        "登记的来源和网页指出的线索，以及查明的状况。 What was registered or named, and what it turned out to be.",
    ),
    "source_life": (
        "来源经过 Lives of sources",
        "从各观察点看，每个来源状况的变化及依据。 What each source was, as each vantage saw it, and on what that rests.",
    ),
    "division_source": (
        "区划来源 Sources of divisions",
        "每个区划的政府来源查明到何种程度。 The best source of each division's government.",
    ),
    "meta": ("说明 Meta", "截止时间、许可。 As of when, and the licence."),
    "v_reports": ("报告视图 v_reports", "每个版本一行；列名长期不变。 One row a version; stable columns."),
    "v_figures": (
        "数据视图 v_figures",
        "每个版本每格一行；列名长期不变。 One row a version and cell; stable columns.",
    ),
    "v_latest": (
        "最新数据视图 v_latest",
        "各报告最新版每格一行，按代码查询最快。 One row a cell of the latest versions; quickest by code.",
    ),
    "v_findings": ("问题视图 v_findings", "每个问题一行；列名长期不变。 One row a finding; stable columns."),
    "v_fetches": ("抓取视图 v_fetches", "每次抓取一行；列名长期不变。 One row a fetch; stable columns."),
    "v_changes": (
        "变动视图 v_changes",
        "每次变动一行；列名长期不变。 One row a change of a report; stable columns.",
    ),
    "v_coverage": (
        "收录视图 v_coverage",
        "每个机关每年一行；列名长期不变。 One row a body and year; stable columns.",
    ),
}
HIDDEN = ("blob", *compact.NAMES, *search.SHADOWS, "sqlite_stat1", "sqlite_stat4")

PANEL = """
select b.name as body, b.division, r.year, r.scope, f.value, f.raw, f.state, f.proof, r.id as report_id
from figure f join latest l on l.version_id = f.version_id join report r on r.id = l.report_id
join body b on b.id = r.body_id
where f.code = coalesce(nullif(:code, ''), 't3_new_received__total') order by b.name, r.year, r.scope
"""
AS_OF = """
select b.name as body, b.division, r.year, r.scope, v.number as version, f.value, f.raw, f.state, f.proof,
       r.id as report_id
from report r join body b on b.id = r.body_id
join version v on v.report_id = r.id and v.number = (
    select max(w.number) from version w
    where w.report_id = r.id and substr(w.first_seen, 1, 10) <= coalesce(nullif(:as_of, ''), '9999'))
join figure f on f.version_id = v.id and f.code = coalesce(nullif(:code, ''), 't3_new_received__total')
order by b.name, r.year, r.scope
"""
REFUSALS = """
select b.name as body, b.division, r.year, r.scope, sum(f.value) as denied, t.value as concluded,
       round(1.0 * sum(f.value) / nullif(t.value, 0), 4) as rate, r.id as report_id
from latest l join report r on r.id = l.report_id join body b on b.id = r.body_id
join figure t on t.version_id = l.version_id and t.code = 't3_result_total__total'
join figure f on f.version_id = l.version_id and f.code between 't3_denied_' and 't3_denied_~'
     and substr(f.code, -7) = '__total'
where coalesce(:year, '') = '' or r.year = cast(:year as integer)
group by l.version_id order by rate desc, b.name, r.year
"""
WITH_FINDINGS = """
select b.name as body, r.year, r.scope, v.title, l.findings, l.contradicted, r.id as report_id
from latest l join report r on r.id = l.report_id join body b on b.id = r.body_id
join version v on v.id = l.version_id where l.findings > 0 order by l.findings desc, r.year desc, b.name
"""
QUERIES = {
    "panel": {
        "sql": PANEL,
        "title": "一个代码的面板 Panel of one code, by body and year",
        "description": "代码见 codebook 表，空为新收申请数。 Codes: see codebook; empty: requests received.",
    },
    "panel_as_of": {
        "sql": AS_OF,
        "title": "某一天的面板 Panel of one code as it stood on a day",
        "description": "as_of 为日期，取当日最新的版本。 as_of is a day: the versions that were the newest then.",
    },
    "refusal_rate": {
        "sql": REFUSALS,
        "title": "不予公开率 Refusal rate",
        "description": "不予公开除以办理结果总计；年度可空。 Denied over all results; the year may be empty.",
    },
    "reports_with_findings": {
        "sql": WITH_FINDINGS,
        "title": "有问题的报告 Reports with findings",
        "description": "最新版中有问题的报告。 Reports whose latest version carries findings.",
    },
}


def metadata(path: Path) -> dict[str, Any]:
    """Datasette's metadata for the database at `path`."""
    database = {
        "title": "年报 Nianbao",
        "description": "各级行政机关政府信息公开工作年度报告的全部数据。"
        " Every figure of China's annual reports on open government information.",
        "license": LICENCE["title"],
        "license_url": LICENCE["path"],
        "source": "各机关网站，逐份见来源网址 The bodies' own sites; each report has its address",
        "source_url": "/downloads",
        "tables": {**_described(path), **{name: {"hidden": True} for name in HIDDEN}},
        "queries": QUERIES,
    }
    return {"title": "年报 Nianbao", "databases": {"nianbao": database}}


def _described(path: Path) -> dict[str, dict[str, Any]]:
    words = {row["column"]: f"{row['zh']} — {row['en']}" for row in packaged("columns.csv", "archive")}
    made: dict[str, dict[str, Any]] = {}
    with translated(path), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        for table, (title, text) in TABLES.items():
            columns = [row[1] for row in conn.execute(f"pragma table_info({table})")]
            made[table] = {
                "title": title,
                "description": text,
                "columns": {c: words[c] for c in columns if c in words},
            }
    return made
