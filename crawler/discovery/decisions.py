"""What to do with a link of a column: follow it as a document or as a column below, or keep it as rejected.

The title decides first (`parsers.titles`), the address second. Every decision carries its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from archive.outcomes import RequestKind, host_of
from crawler.hosts import parent_of, same_parent, slot_of
from crawler.links import absolute, base_of, is_attachment
from crawler.page import Page, Row, select, words_in
from parsers.heading.names import is_body
from parsers.titles import TitleKind, classify, issuer_in, report_score

MAX_DEPTH = 4
REPORT_SCORE = 5
LEAST_BODIES = 3
_MENU_DEPTH, _LONGEST_MENU, _MOST_MENUS = 4, 60, 5
"""Elements above a link, links of a menu, and menus of a page that are looked at."""
_YEAR_TEXT = re.compile(
    r"^[\[【(（]?(?:(?:19|20)\d{2}\s*+年?\s*+[-—–~至到]\s*+)?(?:(?:19|20)\d{2}|[一二三四五六七八九〇○零]{4}(?=年))"
    r"\s*+年?度?(?:政府信息公开)?(?:工作)?(?:年度)?(?:年报|报告)?[\]】)）]?$"
)
_TYPE_TEXT = re.compile(
    r"^.{0,8}(?:部门|单位|机构|乡镇|镇街|镇乡|街道|县区|区县|县市区|市县|地市|园区|功能区|开发区|管委会|人民政府|政府|企事业|科局"
    r"|局办|委办局)(?:[、及和和(（].{0,12})?(?:(?:19|20)\d{2}年?)?(?:信息公开|政府信息公开)?(?:工作)?(?:年度)?(?:年报|报告)?$"
)
_CUT = re.compile(r"^(.{4,}?)(?:(?<!…)…++|(?<!\.)\.{2,}+|(?<!。)。{2,}+)$")
_TAILS = (
    "政府信息公开工作年度报告",
    "政府信息公开年度报告",
    "信息公开工作年度报告",
    "信息公开年度报告",
    "信息公开年报",
)
# How detail pages are named, family by family (sites.md); a column is none of these.
_DETAIL = re.compile(
    r"/t\d{6,8}_\d+(?:_wap)?\.\w+$|/t\d{6,}\.s?html?$|/t\d{4}_\d+\.|/art_[\w_]+\.html$|/art/\d{4}/|/content_\w+"
    r"|/post_\d+\.html|/[0-9a-f]{32}\.s?html$|/[0-9a-f-]{36}\.html$|/info/\d+/\d+\.htm|/c\d+_\d+\.shtml"
    r"|/[0-9a-f]{24}\.html$|/\d{16,20}\.html$|/content\.shtml$|[?&](?:wbnewsid|newsid|infoid|articleid)=\d+"
    r"|/doc_[0-9a-f]{24}\.html$|/Item/\d+\.aspx$|[?&](?:a|c)=show\b|/public/(?:content|\d+)/\d+\.html"
    r"|/article_\d+\.html$|/gongkai/show/[0-9a-f]+\.html$",
    re.I,
)
# A query that names one thing: zwinfo.jsp?id=15652, year_details.aspx?dept=217&id=90488 (sites.md 4.18).
_ONE = re.compile(r"[?&](?:id|messagekey)=[\w-]+(?:&|$)", re.I)
_NUMBERED = re.compile(r"/\d{1,3}\.\w+$")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,32}|\d+", re.I)
_COLUMN_WORD = re.compile(
    r"信息公开(?:工作)?(?:年度报告|年报)|公开年报|^年度报告$|^年报$|(?:历年|往年|历史|以前年度)(?:年报|年度报告|报告)?$|年?(?:及|之)?以前$"
)
# Whose annual reports a column is of; those of other laws are of things, not of bodies.
_SOMEBODYS = re.compile(
    r"^(?!.*(?:统计|财政|审计|网站|预算|决算|法治|企业|绩效|国民经济|事业单位|学校|医院|质量|环境|公积金)(?!局|厅))[\w（）()]{1,16}(?:年报|年度报告)$"
)
# The column's own name: a report of the same name stands where details do.
_COLUMN_NAME = re.compile(r"^(?:政府)?信息公开(?:工作)?(?:年度报告|年报)(?:专栏|目录)?$")
REPORTS_WORD = re.compile(
    r"(?:^|[/_-])(?:b?m?z?f?xxgk(?:gz|nd|gznd|ndgz)?(?:nb|ndbg|bg)|xxgk(?:nb|ndbg)|ndxxgkbg|gknb|gkndbg|ndgkbg|nianbao"
    r"|annual_?report|xxgkannualreport|opennessannualreport|zfxxgk\w{0,6}(?:nb|ndbg))",
    re.I,
)
"""Words in the address of a column of annual reports (sites.md 1.2)."""
_MORE = re.compile(r"^[\[【(（]?(?:查看)?(?:更多|more)[\s>》»+.…]*[\]】)）]?$", re.I)


@dataclass(frozen=True, slots=True)
class Column:
    """Where in a source's column a page stands. Rows of data were asked for by the column and belong to it.

    A tree is a page that lists bodies and no report: each has its own place, wherever that is on the site. `beside`
    are the links of the menu in which the page itself stands.
    """

    root: str
    url: str
    depth: int = 0
    body: str = ""
    is_data: bool = False
    is_tree: bool = False
    beside: frozenset[str] = frozenset()

    def contains(self, url: str) -> bool:
        """Whether an address lies below the folder of the column or of the page that is read."""
        parts = urlsplit(url)
        return any(
            parts.netloc == urlsplit(own).netloc and parts.path.startswith(_folder(own)) and url != own
            for own in (self.root, self.url)
        )

    def is_sibling(self, url: str) -> bool:
        """Whether an address differs from the page's own only in its ids, as columns with ids do."""
        return url != self.url and _shape(url) == _shape(self.url)

    @property
    def years(self) -> set[str]:
        """The years in the address of this page."""
        return set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", self.url))

    def is_other_year(self, row: Row) -> bool:
        """Whether a link that is a year leads to the address of this page with that year in it."""
        year = _YEAR_TEXT.match(row.title.strip()) and re.search(r"(?:19|20)\d{2}", row.title)
        if not year or row.url == self.url:
            return False
        return any(re.sub(rf"{own}(?!\d)", year[0], self.url) == row.url for own in self.years)

    def has_beside(self, url: str, text: str) -> bool:
        """Whether a link beside that of the page leads to a column of its kind: of other bodies, of other years."""
        if url not in self.beside or urlsplit(url).netloc != urlsplit(self.url).netloc:
            return False
        parent = _folder(_folder(self.url)[:-1])
        kin = len(parent) > 1 and urlsplit(url).path.startswith(parent)
        return kin or bool(REPORTS_WORD.search(urlsplit(url).path) or re.search(r"年报|年度报告", text))

    def leads_to_body(self, url: str) -> bool:
        """Whether the link of a body leads to its annual reports: by its address, or from a tree of bodies."""
        parts = urlsplit(url)
        if REPORTS_WORD.search(parts.path):
            return True
        return self.is_tree and parts.netloc == urlsplit(self.url).netloc and len(parts.path) > 1

    def holds_year(self, url: str, text: str) -> bool:
        """Whether a year's link leads to a place of that year: /nw12344/ has its archive at /nw2024/."""
        year = re.search(r"(?:19|20)\d{2}", text)
        parts = urlsplit(url)
        return year is not None and parts.netloc == urlsplit(self.url).netloc and year[0] in parts.path


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a link. `kind` is what is fetched when it is followed."""

    decision: str
    reason: str
    kind: RequestKind
    follow: bool
    year: int | None = None


def decide(row: Row, column: Column) -> Decision | None:
    """The decision about a link; None for one that has nothing to do with the column (menus, footers)."""
    whole = _whole(row.title)
    title = classify(whole, body=column.body)
    kind = RequestKind.ATTACHMENT if is_attachment(row.url) else RequestKind.DOCUMENT
    below = row.belongs or column.contains(row.url)
    if title.kind in (TitleKind.REPORT, TitleKind.WRAPPER) and whole != row.title:
        return _report(row, column, "maybe", "cut", title.year, kind)
    if title.kind in (TitleKind.REPORT, TitleKind.WRAPPER):
        return _report(row, column, title.kind.value, title.reason, title.year, kind)
    # The bare name of a body is no look-alike, whatever words it is made of: 审计局, 住房公积金管理中心.
    if title.kind is TitleKind.NEGATIVE and is_body(row.title.strip()):
        title = replace(title, kind=TitleKind.MAYBE, reason="body")
    if title.kind in (TitleKind.NEGATIVE, TitleKind.OUT_OF_SCOPE):
        reason = title.reason or title.kind.value
        return (
            Decision(f"rejected:{reason}", title.kind.value, kind, False, title.year)
            if _listed(row, below)
            else None
        )
    # 年度报告（2024年）, 查看详情: an article by its words, and by its address unless that could be a column's.
    promised = title.kind is TitleKind.MAYBE and not _column_reason(row.title.strip()) and below
    is_article = _is_detail(row.url) or (promised and not _is_folder(row.url))
    if is_article or kind is RequestKind.ATTACHMENT:
        return _document(row, title.kind, title.reason, title.year, kind, below)
    return _column(row, column, below, promised)


def _whole(title: str) -> str:
    """A title that the site cut, as that of a report where it can be the beginning of one; else as it is.

    Only its page says what it is in full: 某县教育局2020年政府信息公开… may be a notice.
    """
    cut = _CUT.match(title.strip())
    if cut is None:
        return title
    for tail in _TAILS:
        for length in range(len(tail) - 1, 0, -1):
            if cut[1].endswith(tail[:length]):
                return cut[1] + tail[length:]
    ends_before = not cut[1].startswith("关于") and (cut[1].endswith(("年", "年度")) or is_body(cut[1]))
    return cut[1] + _TAILS[0] if ends_before else title


def reads_as_report(page: Page) -> bool:
    """Whether a page is itself a report, whatever it was asked for: some columns are one article."""
    if not page.is_markup or page.is_data:
        return False
    return page.score >= REPORT_SCORE or holds_report(page)


def holds_report(page: Page) -> bool:
    """Whether a page's scripts, or the data that it is, hold the text of a report."""
    return page.is_markup and report_score(words_in(page.held)) >= REPORT_SCORE


def reads_as_article(page: Page) -> bool:
    """Whether a page says that it is one article: by its address or by the tag that only articles carry."""
    tags = (str(name).lower() for name in select(page.tree, "//meta/@name"))
    return is_article_address(page.url) or "articletitle" in tags


def _report(
    row: Row, column: Column, decision: str, reason: str, year: int | None, kind: RequestKind
) -> Decision:
    """A title that promises a report; a folder that it leads to is a column until it proves else."""
    named = _COLUMN_NAME.match(row.title.strip()) and not _is_detail(row.url)
    # 12.html is a column in Shaanxi, and elsewhere an article: one body's report is no column's name.
    folder = _is_folder(row.url) and not (_NUMBERED.search(row.url) and year and issuer_in(row.title))
    if kind is RequestKind.DOCUMENT and (named or folder):
        if column.depth >= MAX_DEPTH:
            return Decision("rejected:depth", decision, RequestKind.LISTING, False, year)
        return Decision("column", reason, RequestKind.LISTING, True, year)
    return Decision(decision, reason, kind, True, year)


def _document(
    row: Row, title: TitleKind, reason: str, year: int | None, kind: RequestKind, below: bool
) -> Decision | None:
    """A detail page or file whose title promises nothing sure."""
    if title is TitleKind.MAYBE and (below or row.date):
        return Decision("maybe", reason, kind, True, year)
    return (
        Decision(f"rejected:{reason or 'other'}", title.value, kind, False, year)
        if _listed(row, below)
        else None
    )


def _column(row: Row, column: Column, below: bool, promised: bool) -> Decision | None:
    """A link that may lead to a column below: by year, by type of body, by body, or named as one."""
    text = row.title.strip()
    reason = _column_reason(text) or ("more" if _MORE.match(text) and below else "")
    reason = reason or ("maybe" if promised else "")
    beside = column.has_beside(row.url, text)
    # 政府办年报 is said of many things, and of a column of its kind in the menu of a column of annual reports.
    reason = reason or ("named" if beside and _SOMEBODYS.search(text) else "")
    if not reason:
        return (
            Decision("rejected:other", "other", RequestKind.DOCUMENT, False) if below and row.date else None
        )
    named = reason == "year" and column.holds_year(row.url, text)
    own = is_body(text) and column.leads_to_body(row.url)
    kin = beside and reason in ("year", "body type", "named")
    near = below or column.is_data or column.is_sibling(row.url) or named or own or kin
    if not near:
        return None
    if column.depth >= MAX_DEPTH:
        return Decision("rejected:depth", reason, RequestKind.LISTING, False)
    return Decision("column", reason, RequestKind.LISTING, True)


def beside(page: Page, own: str) -> frozenset[str]:
    """What the menus link in which a page links itself: as far up as that is a menu and not the page."""
    if page.is_data:
        return frozenset()
    base, found = base_of(page), set[str]()
    anchors = (
        each for each in page.tree.iter("a") if absolute(base, each.get("href") or "") in (own, page.url)
    )
    for anchor in islice(anchors, _MOST_MENUS):
        for around in islice(anchor.iterancestors(), _MENU_DEPTH):
            links = list(islice(around.iter("a"), _LONGEST_MENU + 1))
            if around.tag in ("body", "html") or len(links) > _LONGEST_MENU:
                break
            found.update(url for each in links if (url := absolute(base, each.get("href") or "")))
    return frozenset(found)


def is_list(rows: Iterable[Row], own: str) -> bool:
    """Whether rows are a list of the site that `own` is a page of: with a date, or named as reports."""
    here = (row for row in rows if urlsplit(row.url).netloc == urlsplit(own).netloc)
    return any(row.date or classify(row.title).kind is TitleKind.REPORT for row in here)


def sites_in(rows: Iterable[Row], own: str) -> list[Row]:
    """The sites of bodies that a page is a list of: other hosts of its registered domain (discovery.md 6h)."""
    here = host_of(own)
    parents = {parent_of(slot_of(here))}
    others = (row for row in rows if is_body(row.title.strip()) and host_of(row.url) != here)
    sites = [row for row in others if same_parent(slot_of(host_of(row.url)), parents)]
    return sites if len(sites) >= LEAST_BODIES else []


def is_tree(rows: Iterable[Row], own: str) -> bool:
    """Whether a page lists bodies, on its own site, and no report."""
    here = [row for row in rows if urlsplit(row.url).netloc == urlsplit(own).netloc]
    bodies = sum(is_body(row.title.strip()) for row in here)
    return bodies >= LEAST_BODIES and not any(classify(row.title).kind is TitleKind.REPORT for row in here)


def _column_reason(text: str) -> str:
    if _YEAR_TEXT.match(text):
        return "year"
    if _TYPE_TEXT.match(text):
        return "body type"
    if is_body(text):
        return "body"
    return "named" if _COLUMN_WORD.search(text) else ""


def _listed(row: Row, below: bool) -> bool:
    """Whether a link stands in the list rather than in the frame around it."""
    return below or bool(row.date) or _is_detail(row.url)


def differs_in_ids(one: str, other: str) -> bool:
    """Whether two addresses differ only in ids, those of their queries included: articles of one template do."""
    return one != other and _ID.sub("#", one) == _ID.sub("#", other)


def is_article_address(url: str) -> bool:
    """Whether an address is one as the families give their articles; lists may have ids as long."""
    return bool(_DETAIL.search(url)) and "/list/" not in urlsplit(url).path


def _is_detail(url: str) -> bool:
    return is_article_address(url) or bool(_ONE.search(url))


def _is_folder(url: str) -> bool:
    """A folder, its index page, or a page named as a list."""
    path = urlsplit(url).path
    name = path.rsplit("/", 1)[-1]
    listing = re.fullmatch(
        r"(?:index|default|[\w-]*list|[\w-]*index|[\w-]*gknbz|\d{1,3}|page_1)\.\w+", name, re.I
    )
    return (not name or bool(listing)) and not _is_detail(url)


def _folder(url: str) -> str:
    path = urlsplit(url).path
    return path.rsplit("/", 1)[0] + "/"


def _shape(url: str) -> tuple[str, str]:
    """An address without its ids; where a folder has one, its template's name says nothing (UCAP)."""
    parts = urlsplit(url)
    folder, _slash, name = _ID.sub("#", parts.path).rpartition("/")
    if "#" in folder:
        return parts.netloc, folder
    return parts.netloc, f"{folder}/{name}" if "#" in name else url
