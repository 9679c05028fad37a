"""A made archive of any size, for what is measured at the size of the country: real places, made-up bodies.

Each version has the cells of one of some hundred filled-in forms, read as from any page, and prose of its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from sqlite_utils import Database

from archive.bodies import Kind, kind_of
from archive.database.schema import migrations
from archive.divisions import divisions
from archive.ids import content_id
from archive.rows.compact import Cells, Checks, Words, run, write
from parsers.records import Report, Scope
from parsers.report import parse
from sample.forms.markup import as_html
from sample.make import country

YEARS = range(2014, 2026)
REVISED = 33
"""One report in so many has a second version."""
BATCH = 2000
DEPARTMENTS = (
    "人民政府 人民政府办公室 水利局 教育局 公安局 财政局 民政局 司法局 审计局 统计局 林业局 农业农村局 卫生健康局 自然资源局 "
    "生态环境局 住房和城乡建设局 交通运输局 文化和旅游局 应急管理局 市场监督管理局 医疗保障局 发展和改革局 商务局 "
    "信访局 城市管理局 科学技术局 退役军人事务局 人力资源和社会保障局 行政审批局 工业和信息化局 体育局 "
    "国家税务局 气象局 消防救援大队 公积金管理中心 经济开发区管理委员会 城关镇人民政府 东关街道办事处 西关街道办事处 "
    "南关街道办事处 北关街道办事处 河口镇人民政府 太平镇人民政府 新城镇人民政府 石桥镇人民政府 大河镇人民政府 "
    "双龙镇人民政府 永安镇人民政府 龙泉镇人民政府 青山乡人民政府 白云乡人民政府 红旗乡人民政府 高庙乡人民政府"
).split()
SUBJECTS = "征地补偿 房屋征收 环境影响评价 财政预决算 行政处罚决定 招标投标 社会救助 学区划分 工程建设 公务员招考".split()
DEEDS = "主动公开 依申请公开 政策解读 平台建设 监督保障 信息管理 回应关切 业务培训 考核评议 档案查阅".split()
WORDS = "持续推进 规范办理 逐项落实 进一步加强 不断完善 稳步开展 认真组织 全面梳理".split()
TITLES = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "行政复议、行政诉讼情况",
          "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip
PAGE = "<html><body><table><tr><td>{}</td></tr></table></body></html>"

MOST_FORMS, SMALL = 600, 0.9
"""So many filled-in forms are read at most. Where so much of one is zeros, it is thrice as likely as another: most
bodies are townships and departments that are asked for nothing."""

FILLED = """
insert into cell select m.position, c.code, c.value, c.mark, c.raw, c.place
from temp.made m cross join cell c on c.version = -m.form order by m.position;
insert into checked select m.position, i.form, i.holds, i.left, i.right
from temp.made m cross join checked i on i.version = -m.form order by m.position;
delete from temp.made;
"""


def make(path: Path, reports: int, seed: int = 1, years: range = YEARS) -> None:
    """Write an archive with this many reports to `path`, a new file: one of each body and year."""
    database = Database(path)
    migrations.apply(database)
    database.conn.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("pragma journal_mode = off")
        conn.execute("pragma synchronous = off")
        conn.execute("begin")
        conn.execute("create temp table made (position integer primary key, form integer not null)")
        likely = _forms(conn, forms(min(MOST_FORMS, reports // 4 + 8)))
        conn.execute(
            "insert into run values ('r', 'night', '', '2026-02-01T00:00:00Z', '2026-02-01T05:00:00Z', 'ok')"
        )
        for batch in _batches(_bodies(reports // len(years)), BATCH // len(years)):
            _write(conn, batch, Random(f"{seed} {batch[0][0]}"), likely, years)
        for table in ("cell", "checked"):
            conn.execute(f"delete from {table} where version < 0")
        conn.execute("commit")


def forms(number: int) -> list[Report]:
    """So many reports of the sample country, read as from any page: what stands in their cells, and what holds."""
    reports = country(bodies=MOST_FORMS // 6).reports
    return [parse(as_html(each).encode()) for each in reports[:: len(reports) // number][:number]]


def _forms(conn: sqlite3.Connection, read: list[Report]) -> list[int]:
    """Keep the cells of each form as those of a version before all others; its number as often as it is likely."""
    words = Words(conn)
    for number, form in enumerate(read, 1):
        write(conn, words, -number, Cells.of(form.figures), Checks.of(form.identities))
    zeros = [sum(not figure.value for figure in form.figures) / len(form.figures) for form in read]
    return [number for number, share in enumerate(zeros, 1) for _ in range(3 if share >= SMALL else 1)]


def _bodies(bodies: int) -> Iterator[tuple[int, str, str]]:
    """Number, name and division of each body, place by place before the next department."""
    places = list(divisions().items())
    for number in range(max(bodies, 1)):
        code, name = places[number % len(places)]
        department = DEPARTMENTS[number // len(places)]
        yield number, f"{name}{department}", code


def _batches(bodies: Iterator[tuple[int, str, str]], size: int) -> Iterator[list[tuple[int, str, str]]]:
    batch = []
    for body in bodies:
        batch.append(body)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


INSERTS = {
    "body": "insert into body (id, name, division, kind) values (?, ?, ?, ?)",
    "report": "insert into report values (?, ?, ?, ?)",
    "blob": "insert into blob (sha256, size, encoding, data) values (?, ?, 'raw', ?)",
    "capture": "insert into capture (id, url, sha256, kind, content_type, first_seen, last_seen)"
    " values (?, ?, ?, 'document', 'text/html', ?, ?)",
    "fetch": "insert into fetch (id, request_id, run_id, url, final_url, kind, source_id, at, outcome, status)"
    " values (?, '', 'r', ?, ?, 'document', '', ?, 'ok', 200)",
    "version": "insert into version (id, report_id, number, fingerprint, capture_id, title, issuer, url, year_from,"
    " generations, warnings, first_seen, last_seen, position)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, 'title', ?, '[]', ?, ?, ?)",
    "rendition": "insert into rendition values (?, ?, 0, ?)",
    "made": "insert into made values (?, ?)",
    "section": "insert into section values (?, ?, ?, ?, ?)",
    "statement": "insert into statement values (?, ?, ?, ?, '件', ?, 0, 9)",
    "finding": "insert into finding (version_id, position, kind, message, codes)"
    " values (?, ?, ?, ?, '[\"t3_granted__total\"]')",
    "coverage": "insert into coverage values (?, ?, ?, ?)",
}


def _write(
    conn: sqlite3.Connection,
    bodies: list[tuple[int, str, str]],
    chance: Random,
    likely: list[int],
    years: range,
) -> None:
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in INSERTS}
    for number, name, division in bodies:
        body = content_id(division, name)
        scope = (Scope.AREA if kind_of(name) is Kind.GOVERNMENT else Scope.BODY).value
        rows["body"].append((body, name, division, kind_of(name).value))
        for year in years:
            report = content_id(body, year, scope)
            rows["report"].append((report, body, year, scope))
            place = number * len(years) + year - years[0]
            for version in range(1, 3 if place % REVISED == 0 else 2):
                _version(rows, chance, (report, name, year, version, place))
                rows["made"].append((2 * place + version, chance.choice(likely)))
            rows["coverage"].append((body, year, "found", f"http://www.{division}.example/{place}"))
    for name, found in rows.items():
        conn.executemany(INSERTS[name], found)
    run(conn, FILLED)


def _version(
    rows: dict[str, list[tuple[object, ...]]], chance: Random, about: tuple[str, str, int, int, int]
) -> None:
    report, name, year, number, place = about
    version, capture = content_id(report, number), content_id("capture", report, number)
    url, at = (
        f"http://www.example/{place}-{number}.html",
        f"{year + 1}-0{number}-{place % 28 + 1:02}T02:00:00Z",
    )
    sha = f"{place:056x}{number:08x}"
    generation = "G2021" if year > 2020 else "G2019"
    generations = json.dumps(dict.fromkeys(("t2", "t3", "t4"), generation))
    title = f"{name}{year}年政府信息公开工作年度报告"
    data = PAGE.format(place).encode()
    rows["blob"].append((sha, len(data), data))
    rows["capture"].append((capture, url, sha, at, at))
    rows["fetch"].append((content_id("fetch", capture), url, url, at))
    rows["version"].append(
        (version, report, number, capture, capture, title, name, url, generations, at, at, 2 * place + number)
    )
    rows["rendition"].append((version, capture, url))
    for position, heading in enumerate(TITLES):
        rows["section"].append(
            (version, position, "一二三四五六"[position], heading, _prose(chance, name, year))
        )
    for position in range(8):
        said = f"收到依申请案件数共{chance.randrange(90)}件"
        rows["statement"].append((version, position, "n_requests_received", chance.randrange(90), said))
    if place % 5 == 0:
        kind = ("identity_fails", "statement_contradicts_table", "carry_over")[place // 5 % 3]
        rows["finding"].append((version, 0, kind, "T3-I3:t3_granted fails in print: 6 = 6, but 7 = 7"))


def _prose(chance: Random, name: str, year: int) -> str:
    """Some 170 characters, as a section of a report has on average."""
    return "".join(
        f"{name}{chance.choice(WORDS)}{chance.choice(DEEDS)}工作，{year}年办理{chance.choice(SUBJECTS)}类事项"
        f"{chance.randrange(500)}件，{chance.choice(WORDS)}{chance.choice(DEEDS)}，涉及行政复议{chance.randrange(9)}件。"
        for _ in range(3)
    )
