"""The data package: what says of each published file what it holds, how large it is, and under which terms.

The code of Nianbao is under the MIT licence; the data is given to everyone (docs/data.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.digests import sha256
from archive.publication.downloads import Download

NAME = "datapackage.json"
LICENCE = {
    "name": "CC0-1.0",
    "title": "CC0 1.0 Universal",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def write_package(
    folder: Path,
    tables: Iterable[Download],
    database: str,
    as_of: str,
    years: Mapping[str, Mapping[int, tuple[int, int]]],
    *,
    bom: bool = False,
) -> None:
    """Describe the files of a publication in `folder`, which lie there already.

    `years` tells for each table where in its CSV a year stands: first byte and length; year 0 is the header.
    """
    resources = []
    for download in tables:
        resource = _csv_resource(download, folder, "utf-8-sig" if bom else "utf-8")
        if len(spans := years.get(download.name, {})) > 1:
            resource["years"] = {str(year): span for year, span in spans.items()}
        resources += [resource, _file_resource(folder / f"{download.name}.parquet")]
    resources.append(_file_resource(folder / database))
    text = json.dumps(_package(resources, as_of), ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _package(resources: list[dict[str, object]], as_of: str) -> dict[str, object]:
    return {
        "name": "nianbao",
        "title": "年报：政府信息公开工作年度报告 China's annual reports on open government information",
        "description": "CSV 中以 = + - @ 开头的文字前加撇号，Parquet 为原文。"
        " In the CSV an apostrophe precedes texts that begin with = + - @; Parquet holds them as printed.",
        "version": as_of or "0",
        "licenses": [LICENCE],
        "sources": [
            {"title": "各级行政机关网站公布的年度报告 Reports as published by the bodies; see reports.url"}
        ],
        "resources": resources,
    }


def _csv_resource(download: Download, folder: Path, encoding: str) -> dict[str, object]:
    fields = [{"name": f.name, "type": f.type, "description": f"{f.zh} — {f.en}"} for f in download.fields]
    facts = _file_facts(folder / download.csv)
    form = {"type": "table", "scheme": "file", "format": "csv", "mediatype": "text/csv", "encoding": encoding}
    if download.packed:
        form["compression"] = "gz"
    schema = {"fields": fields, "missingValues": [""]}
    return {"name": download.name, "title": download.title, **facts, **form, "schema": schema}


def _file_resource(path: Path) -> dict[str, object]:
    return {
        "name": path.name.replace(".", "-"),
        **_file_facts(path),
        "type": "file",
        "format": path.suffix[1:],
    }


def _file_facts(path: Path) -> dict[str, object]:
    return {"path": path.name, "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"}
