"""What lies beside the data so that nobody has to ask: how to cite it, on which terms it is given, where it is from."""

from __future__ import annotations

from pathlib import Path

from archive.publication.datapackage import LICENCE

TITLE = "Nianbao 年报: China's annual reports on open government information"
AUTHOR = "The Nianbao maintainers"
CITATION = f"""cff-version: 1.2.0
message: 引用本数据时，请注明机关、年度、范围、版本。 Cite body, year, scope and version with the data.
type: dataset
title: "{TITLE}"
abstract: >-
  各级行政机关政府信息公开工作年度报告的全部数据、版本与来源。
  Every figure, version and source of China's annual reports on open government information.
authors:
  - name: {AUTHOR}
license: {{name}}
{{dated}}keywords:
  - 政府信息公开
  - open government information
  - China
"""

LICENCE_TEXT = """数据许可 Terms of the data
========================

{title}: {path}

本数据集的选择、编排、代码与说明，其权利在法律允许的范围内全部放弃：任何人可为任何目的使用，无须许可，不附条件；
注明出处是礼貌，不是条件。数字本身是公开文件中的事实。

Whatever rights the maintainers of Nianbao have in the selection, arrangement, codes and description of this data,
they give up to everyone, everywhere. No permission is needed and no condition is set; a citation is a courtesy. The
figures themselves are facts from public documents.

留存的来源文件是发布机关的公文，作为发布事实的证据保存；上述声明不改变其法律地位。

The kept sources are official documents of the bodies that issued them. They are kept as evidence of what was
published; the dedication above adds nothing to them and takes nothing away.
"""

PROVENANCE = """来源说明 Where this comes from
==========================

数据截至 As of: {as_of}

1. 每晚访问登记的网站，遵守 robots.txt，每站同时只发一个请求；取得的内容按 SHA-256 原样保存（capture、blob 表）。
   Registered sites are visited every night, robots.txt obeyed, one request at a time to a host. What came is kept
   unaltered under its SHA-256 (tables capture and blob).
2. 从留存的内容逐格读出法定表格；原文照录（raw），空白不作 0，疑误不改。
   Every cell of the statutory tables is read from what was kept, as printed (raw): a blank is no 0, and nothing that
   looks wrong is mended.
3. 以表内勾稽关系验证每一个数字：proven 相符，contradicted 矛盾，unproven 未涉及。
   The form's own arithmetic is held against every figure: proven, contradicted, or unproven where it stands in none.
4. 报告内容变化即为新版本，旧版本保留；撤下的报告仍保留。
   A report that changes gets a new version, and the old ones stay; so do reports that are withdrawn.
5. 每一行都有 report_id 和 version；报告的 url 是来源网址，capture 表有取得时间和摘要。
   Every row names its report_id and version; url is where the report was found, and the table capture has when it
   was fetched and its digest.
"""


def write_notices(folder: Path, as_of: str) -> None:
    """Write CITATION.cff, LICENCE.txt and PROVENANCE.txt, dated by the archive."""
    dated = f'version: "{as_of}"\ndate-released: "{as_of[:10]}"\n' if as_of else ""
    texts = {
        "CITATION.cff": CITATION.format(name=LICENCE["name"], dated=dated),
        "LICENCE.txt": LICENCE_TEXT.format(**LICENCE),
        "PROVENANCE.txt": PROVENANCE.format(as_of=as_of or "—"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
