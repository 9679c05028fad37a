"""A generation of the form that nobody built in: rows in a folder of forms, as docs/CONTRIBUTING.md teaches it.

Two more rows in table 3, one more column in one group of table 4, one more block in table 2, broader than all others, and a
list of twelve indicators of its own.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

GENERATION, BEFORE, YEAR = "G2027", "G2021", 2027
_APPLICANTS = (
    ("自然人", "natural"), ("商业企业", "business"), ("科研机构", "research"), ("社会公益组织", "public_welfare"),
    ("法律服务机构", "legal_service"), ("其他", "other"), ("总计", "total"),
)  # fmt: skip
NEW_ROWS = {
    "3.补正后申请内容仍不明确": ("4.已依法移交国家档案馆", "t3_unable_archived"),
    "5.要求行政机关确认或重新出具已获取信息": ("6.查询本人人事档案", "t3_refused_personal_file"),
}
"""Behind which row of table 3 each new one stands, and what its codes begin with."""
NEW_COLUMN = ("其他结果", "调解结案", "t4_review_mediated")
NEW_BLOCK = ("第二十条第（十）项", "公共数据资源", "t2_data_")
DATA_COLUMNS = {
    "开放数据集数量": "sets",
    "本年更新次数": "updates",
    "接口调用次数": "calls",
    "用户下载次数": "downloads",
}
LIST = {
    "一、公开平台": ("门户网站访问总量", "政务新媒体账号数", "政府公报发行期数", "政务公开专区数"),
    "二、政策解读": ("文字解读篇数", "图表图解篇数", "视频动漫解读件数", "新闻发布会场次"),
    "三、监督保障": ("专职工作人员数", "业务培训场次", "社会评议参与人次", "责任追究件数"),
}
TABLE = "年度补充指标表"


def invent(folder: Path) -> Path:
    """The folder, with the packaged forms and a generation more."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = _rows("codebook.csv")
    _write(
        folder / "codebook.csv", [*cells, *_cells([cell for cell in cells if cell["generation"] == BEFORE])]
    )
    _write(folder / "forms.csv", [*_forms(_rows("forms.csv"))])
    return folder


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("parsers").joinpath(name).read_text("utf-8").splitlines()))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _forms(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The form before ends with its last year; the new one is as it, and has a list."""
    before = [row for row in rows if row["generation"] == BEFORE]
    ended = [{**row, "last_year": str(YEAR - 1)} if row in before else row for row in rows]
    new = [{**row, "generation": GENERATION, "first_year": str(YEAR)} for row in before]
    listed = {
        **new[0], "table": TABLE, "layout": "list", "title_zh": TABLE, "title_en": "Further indicators of the year",
        "name_en": "further indicators", "words": "", "identities": "",
    }  # fmt: skip
    return [*ended, *new, listed]


def _cells(before: list[dict[str, str]]) -> list[dict[str, str]]:
    cells = []
    for cell, after in zip(before, [*before[1:], None], strict=True):
        cells.append(cell)
        if (cell["block"], cell["col_label"]) == ("行政复议", NEW_COLUMN[0]):
            cells.append({**cell, "col_label": NEW_COLUMN[1], "code": NEW_COLUMN[2]})
        if cell["row_label"] in NEW_ROWS and cell["col_label"] == "总计":
            label, prefix = NEW_ROWS[cell["row_label"]]
            cells += [
                {**cell, "row_label": label, "col_label": name, "code": f"{prefix}__{column}"}
                for name, column in _APPLICANTS
            ]
        if after and cell["table"] == "T2" != after["table"]:
            cells += _block(cell)
    return [{**cell, "generation": GENERATION} for cell in [*cells, *_indicators(before[0])]]


def _block(cell: dict[str, str]) -> list[dict[str, str]]:
    block, row, prefix = NEW_BLOCK
    return [
        {
            **cell,
            "block": block,
            "row_label": row,
            "col_label": label,
            "code": prefix + name,
            "unit": "个",
            "type": "int",
        }
        for label, name in DATA_COLUMNS.items()
    ]


def _indicators(cell: dict[str, str]) -> list[dict[str, str]]:
    rows = [(block, label) for block, labels in LIST.items() for label in labels]
    return [
        {
            **cell, "table": TABLE, "block": block, "row_label": f"{number}.{label}", "col_label": "统计数",
            "code": f"x27_indicator_{number}", "unit": "个", "type": "int",
        }
        for number, (block, label) in enumerate(rows, 1)
    ]  # fmt: skip
