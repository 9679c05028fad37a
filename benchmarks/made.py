"""A made archive of any size for the benchmark of what is shown: real places and forms, made-up bodies and numbers.

Cells and checked identities are views over the versions and the codebook, for the archive is not what is measured.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from sqlite_utils import Database

from archive.bodies import kind_of
from archive.compact import PROOFS, STATES, Words
from archive.csvs import packaged
from archive.ids import content_id
from archive.schema import migrations
from parsers.codebook import codebook
from parsers.identities import equations
from parsers.records import Proof, State

YEARS = range(2014, 2026)
REVISED = 33
"""One report in so many has a second version."""
BATCH = 2000
DEPARTMENTS = (
    "人民政府办公室 水利局 教育局 公安局 财政局 民政局 司法局 审计局 统计局 林业局 农业农村局 卫生健康局 自然资源局 "
    "生态环境局 住房和城乡建设局 交通运输局 文化和旅游局 应急管理局 市场监督管理局 医疗保障局 发展和改革局 商务局 "
    "信访局 城市管理局 科学技术局 退役军人事务局 人力资源和社会保障局 行政审批局 工业和信息化局 体育局"
).split()
SUBJECTS = "征地补偿 房屋征收 环境影响评价 财政预决算 行政处罚决定 招标投标 社会救助 学区划分 工程建设 公务员招考".split()
DEEDS = "主动公开 依申请公开 政策解读 平台建设 监督保障 信息管理 回应关切 业务培训 考核评议 档案查阅".split()
WORDS = "持续推进 规范办理 逐项落实 进一步加强 不断完善 稳步开展 认真组织 全面梳理".split()
TITLES = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "行政复议、行政诉讼情况",
          "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip
PAGE = "<html><body><table><tr><td>{}</td></tr></table></body></html>"

VIEWS = f"""
drop table cell;
drop table checked;
create table made (position integer primary key, n integer not null, generation text not null) strict;
create table made_code (
    generation text, n integer, code integer, place integer, proof integer, primary key (generation, code)
) without rowid;
create table made_identity (generation text, form integer, primary key (generation, form)) without rowid;
create view cell as
select version, code, case when chance >= 95 then null when chance < 65 then 0 else chance * 7 % 50 end as value,
       case when chance >= 95 then {STATES.index(State.BLANK)} else {STATES.index(State.NUMBER)} end
       * {len(PROOFS)} + proof as mark, null as raw, place
from (select m.position as version, c.code, c.place, c.proof, (m.n * 7919 + c.n * 104729) % 101 as chance
      from made m join made_code c on c.generation = m.generation);
create view checked as
select m.position as version, i.form, 1 as holds, 7 as left, 7 as right
from made m join made_identity i on i.generation = m.generation;
"""


def make(path: Path, reports: int, seed: int = 1) -> None:
    """Write an archive with this many reports to `path`, a new file."""
    database = Database(path)
    migrations.apply(database)
    database.conn.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("pragma journal_mode = off")
        conn.execute("pragma synchronous = off")
        conn.executescript(VIEWS)
        conn.execute("begin")
        _forms(conn)
        conn.execute(
            "insert into run values ('r', 'night', '', '2026-02-01T00:00:00Z', '2026-02-01T05:00:00Z', 'ok')"
        )
        for batch in _batches(_bodies(reports), BATCH // len(YEARS)):
            _write(conn, batch, Random(f"{seed} {batch[0][0]}"))
        conn.execute("commit")


def _forms(conn: sqlite3.Connection) -> None:
    """The cells and identities of the two newest forms."""
    words = Words(conn)
    for generation in ("G2019", "G2021"):
        checked = {
            code for table in ("t3", "t4") for each in equations(table, generation) for code in each.codes
        }
        cells = [cell for cell in codebook() if cell.generation == generation]
        conn.executemany(
            "insert into made_code values (?, ?, ?, ?, ?)",
            [
                (generation, n, words.code[c.code, c.unit],
                 words.place[f"table[3]/tr[{n // 7 + 4}]/td[{n % 7 + 3}]"],
                 PROOFS.index(Proof.PROVEN if c.code in checked else Proof.UNPROVEN))
                for n, c in enumerate(cells)
            ],
        )  # fmt: skip
        conn.executemany(
            "insert into made_identity values (?, ?)",
            [
                (generation, words.form[each.id, each.codes])
                for table in ("t3", "t4")
                for each in equations(table, generation)
            ],
        )


def _bodies(reports: int) -> Iterator[tuple[int, str, str]]:
    """Number, name and division of each body, place by place before the next department."""
    places = list(
        {row["code"]: (row["code"], row["name"]) for row in packaged("divisions.csv", "archive")}.values()
    )
    for number in range(max(reports // len(YEARS), 1)):
        code, name = places[number % len(places)]
        department = DEPARTMENTS[number // len(places) % len(DEPARTMENTS)]
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
    "report": "insert into report values (?, ?, ?, 'body')",
    "blob": "insert into blob (sha256, size, encoding, data) values (?, ?, 'raw', ?)",
    "capture": "insert into capture (id, url, sha256, kind, content_type, first_seen, last_seen)"
    " values (?, ?, ?, 'document', 'text/html', ?, ?)",
    "fetch": "insert into fetch (id, request_id, run_id, url, final_url, kind, source_id, at, outcome, status)"
    " values (?, '', 'r', ?, ?, 'document', '', ?, 'ok', 200)",
    "version": "insert into version (id, report_id, number, fingerprint, capture_id, title, issuer, url, year_from,"
    " generations, warnings, first_seen, last_seen, position)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, 'title', ?, '[]', ?, ?, ?)",
    "rendition": "insert into rendition values (?, ?, 0, ?)",
    "made": "insert into made values (?, ?, ?)",
    "section": "insert into section values (?, ?, ?, ?, ?)",
    "statement": "insert into statement values (?, ?, ?, ?, '件', ?, 0, 9)",
    "finding": "insert into finding values (?, ?, ?, ?, '[\"t3_granted__total\"]')",
    "coverage": "insert into coverage values (?, ?, ?, ?)",
}


def _write(conn: sqlite3.Connection, bodies: list[tuple[int, str, str]], chance: Random) -> None:
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in INSERTS}
    for number, name, division in bodies:
        body = content_id(division, name)
        rows["body"].append((body, name, division, kind_of(name).value))
        for year in YEARS:
            report = content_id(body, year, "body")
            rows["report"].append((report, body, year))
            place = number * len(YEARS) + year - YEARS[0]
            for version in range(1, 3 if place % REVISED == 0 else 2):
                _version(rows, chance, (report, name, year, version, place))
            rows["coverage"].append((body, year, "found", f"http://www.{division}.example/{place}"))
    for name, found in rows.items():
        conn.executemany(INSERTS[name], found)


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
    position = place * 2 + number
    rows["version"].append(
        (version, report, number, capture, capture, title, name, url, generations, at, at, position)
    )
    rows["rendition"].append((version, capture, url))
    rows["made"].append((position, position, generation))
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
