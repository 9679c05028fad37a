"""What an answer is, from its status, headers and bytes. Challenges are named, never solved.

The signatures are those of public reports until 2026-11. A word alone never condemns a page that has content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from archive.outcomes import Outcome
from crawler.page import Page, meta_of, select
from crawler.paging.acts import acts_of

EVIDENCE_BYTES = 8 * 1024
_SHELL_BYTES = 64 * 1024
_SHORT_TEXT = 600
_FEW = 60
"""Characters: fewer are no page of a site."""

_RUISHU = re.compile(rb"\$_ts\s*=\s*window\[|\br=['\"]m['\"]")
_RUISHU_STATUS = frozenset({202, 400, 405, 412})
_JSL = re.compile(
    rb"__jsl_clearance|__jsluid|document\.cookie\s*=.{0,4000}location\.(?:href|reload|replace)|go\(\{\"bts\"",
    re.S,
)
_WAF = re.compile(
    "拦截|访问被阻断|您的请求可能存在攻击|创宇盾|云防护|网站防火墙|请求被阻止|访问被拒绝|安全威胁|_bot_sbu|WZWS"
    "|web应用防火墙|event_id|trace ?id|\\bWAF\\b|request (?:was|has been )?\\s*blocked|疑似(?:黑客)?攻击|不合法参数",
    re.I,
)
_WAF_STATUS = frozenset({403, 405, 406, 418, 493, 567})
# A page of scripts only with which a firewall has the browser prove itself: 网防G01, 阿里云, 安恒, 长亭 and others.
_PROOF = re.compile(
    rb"wzws|acw_sc__v2|_bot_sbu|sbu_fpc|HOY_TR|HBB_HC|cf_chl|safeline|anti_?bot|challenge", re.I
)
_ASKS_SCRIPTS = re.compile("(?:enable|turn) javascript|(?:启用|开启|打开)javascript", re.I)
_ABROAD = re.compile("境外|Host not allowed|所在(?:地区|区域)", re.I)
_CAPTCHA = re.compile(
    "请输入(?:图形)?验证码|滑动验证|安全验证|拖动.{0,4}滑块|按住.{0,4}滑块|滑块.{0,6}拖动|人机验证|向右滑动|captcha",
    re.I,
)
_HURRIED = re.compile(
    "(?:访问|请求|操作)(?:过于|太过?|过)频繁|(?:访问|请求)频率(?:过高|过快|太高|超)|请稍[后候]再(?:试|访问)|Too Many Requests",
    re.I,
)
_LOGIN = re.compile(r"/(?:login|sso|cas/login|signin|oauth2?|passport)(?:[/?.]|$)", re.I)
_LOGIN_WORDS = re.compile("统一身份认证|用户登录|请先?登录|登录后")
_MISSING = re.compile(
    "页面不存在|页面未找到|页面找不到|找不到该页|找不到您要|网页不存在|内容不存在|信息已删除|栏目已停用|文章不存在"
    "|已被删除|不存在或已|已下线|无法找到该|404 ?not found|404错误|走丢了|无此(?:页|网页|文章|信息)|资源不存在"
    "|(?:页面|网页|内容|文章|信息)(?:已经?|都)?(?:不见了|丢失|不存在|找不到|未找到|没有找到|被?删除|过期|被?撤销)"
    "|找不到(?:了|此|这个|请求的|对应的)?(?:页面|网页|文章)|page ?not ?found|not ?found ?on ?this ?server",
    re.I,
)
_MISSING_TITLE = re.compile(r"\s*(?:404\b|(?:page )?not found)", re.I)
_SPAM = re.compile(
    "百家乐|老虎机|新葡京|葡京|博彩|时时彩|六合彩|娱乐城|真人娱乐|威尼斯人|彩票(?:平台|网|app)|棋牌(?:游戏|平台)|赌场"
    "|澳门金沙|成人(?:视频|电影|网站)|无码|约炮|裸聊|色情网|AV在线|情趣",
    re.I,
)
# What an authority writes against it.
_AGAINST = re.compile("打击|整治|严禁|禁止|涉赌|涉黄|防范|查处|举报|警示|案|扫黄")
_REFRESH = re.compile(
    r"<meta[^>]+http-equiv=[\"']?refresh[^>]+content=[\"']?\s*+\d++\s*+;\s*+url=['\"]?([^\"'>\s]+)", re.I
)
_REFRESH_LAST = re.compile(
    r"<meta[^>]+content=[\"']?\s*+\d++\s*+;\s*+url=['\"]?([^\"'>\s]++)[^>]*http-equiv=[\"']?refresh", re.I
)
_SCRIPTED = re.compile(
    r"(?:window|top|self|parent|document)?\.?location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']\s*(?:;|$|<|\}|\n|//|/\*)"
    r"|location\.(?:replace|assign)\(\s*[\"']([^\"']+)[\"']\s*\)",
    re.I,
)
_SCRIPTED_SOMEHOW = re.compile(r"location(?:\.href)?\s*=[^=]|location\.(?:replace|assign)\(", re.I)
# A body without a length that was not cut: it ends with its own mark.
_ENDS = (
    re.compile(rb"</html>\s*+(?:<!--(?>.*?-->)\s*+)*+$|</(?:datastore|recordset|rss|xml)>\s*+$", re.I | re.S),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of an answer, why, and where it sends the reader."""

    outcome: Outcome
    reason: str = ""
    target: str = ""


def judge(status: int, headers: Mapping[str, str], page: Page, *, cut: bool = False) -> Verdict:
    """What an answer is. `cut` says that the connection ended a body of unknown length."""
    if status == 304:
        return Verdict(Outcome.NOT_MODIFIED)
    if not 200 <= status < 600:
        return Verdict(Outcome.HTTP_ERROR, f"status {str(status)[:20]}")
    if status == 206:
        return Verdict(Outcome.PARTIAL, "a part, which was not asked for")
    if 300 <= status < 400:
        return _redirect(headers, page)
    blocked = _blocked(status, headers, page)
    if blocked is not None:
        return blocked
    if status >= 400:
        return _refused(status, page)
    return _content(page, cut)


def _redirect(headers: Mapping[str, str], page: Page) -> Verdict:
    target = headers.get("location", "").strip()
    if not target:
        return Verdict(Outcome.HTTP_ERROR, "a redirect without a target")
    try:
        target = urljoin(page.url, target)
        path = urlsplit(target).path
    except ValueError:
        return Verdict(Outcome.NOT_REGISTERED, f"a redirect to what is no web address: {target[:200]}")
    if _LOGIN.search(path) and not _LOGIN.search(urlsplit(page.url).path):
        return Verdict(Outcome.LOGIN_REQUIRED, f"sends to {target[:200]}")
    return Verdict(Outcome.REDIRECTED, "http", target)


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _refused(status: int, page: Page) -> Verdict:
    if status == 401:
        return Verdict(Outcome.LOGIN_REQUIRED, "status 401")
    if status == 403:
        abroad = page.is_markup and len(page.body) < _SHELL_BYTES and _ABROAD.search(page.text)
        return Verdict(Outcome.FORBIDDEN, "status 403: not from abroad" if abroad else "status 403")
    if status in (404, 410):
        return Verdict(Outcome.GONE, f"status {status}")
    kind = Outcome.SERVER_ERROR if status >= 500 else Outcome.HTTP_ERROR
    return Verdict(kind, f"status {status}")


def _blocked(status: int, headers: Mapping[str, str], page: Page) -> Verdict | None:
    """Challenges, firewalls, throttles: by status and signature, or by a page that is nothing else."""
    head = page.body[:_SHELL_BYTES]
    if status == 429 or (status == 503 and "retry-after" in headers):
        return Verdict(Outcome.THROTTLED, f"status {status}")
    if status == 521 or (
        status != 200 and (_JSL.search(head) or "__jsluid" in headers.get("set-cookie", ""))
    ):
        return Verdict(Outcome.CHALLENGE_JS, "jsl")
    if status in _RUISHU_STATUS and _RUISHU.search(head):
        return Verdict(Outcome.CHALLENGE_JS, "ruishu")
    if len(page.body) > _SHELL_BYTES or not page.is_markup:
        return None
    # 200 with the same scripts and real content is a page like any other (Gansu, 2025-11).
    if status == 200:
        return _shell(page)
    blocks = status in _WAF_STATUS or status >= 500
    return Verdict(Outcome.BLOCKED_WAF, f"status {status}") if blocks and _WAF.search(page.text) else None


def _shell(page: Page) -> Verdict | None:
    """A page that shows next to nothing, and what it shows instead."""
    words = page.words
    if len(words) > _SHORT_TEXT:
        return None
    if (len(words) < _FEW or _ASKS_SCRIPTS.search(words)) and _PROOF.search(page.body):
        return Verdict(Outcome.BLOCKED_WAF, "a page of scripts that asks for a proof")
    if not words and _JSL.search(page.body):
        return Verdict(Outcome.CHALLENGE_JS, "jsl: a page of scripts only")
    if not words and _RUISHU.search(page.body):
        return Verdict(Outcome.CHALLENGE_JS, "ruishu: a page of scripts only")
    said = page.title + words
    if _HURRIED.search(said):
        return Verdict(Outcome.THROTTLED, "says that we hurry")
    asks = bool(
        select(page.tree, "//form[.//input]//*[contains(translate(@name,'CAPTH','capth'),'captcha')]")
    )
    if asks or _CAPTCHA.search(said):
        return Verdict(Outcome.CAPTCHA, "asks for a proof of being human")
    if select(page.tree, "//input[@type='password']") and _LOGIN_WORDS.search(said):
        return Verdict(Outcome.LOGIN_REQUIRED, "asks for a password")
    return Verdict(Outcome.BLOCKED_WAF, "a block page") if _WAF.search(words) else None


def _content(page: Page, cut: bool) -> Verdict:
    if not page.body.strip():
        return Verdict(Outcome.EMPTY)
    if cut and not _ends_whole(page.body):
        return Verdict(Outcome.PARTIAL, "the connection ended a body of unknown length")
    if not page.is_markup:
        return Verdict(Outcome.OK)
    if is_hijacked(page):
        return Verdict(Outcome.SUSPICIOUS_CONTENT, f"calls itself {page.title[:80]}")
    if len(page.body) > _SHELL_BYTES:
        return Verdict(Outcome.OK)
    title = page.title
    if len(page.words) <= _SHORT_TEXT and (
        _MISSING_TITLE.match(title) or _MISSING.search(title + page.words)
    ):
        return Verdict(Outcome.SOFT_404, "says that there is no such page")
    return _moved(page) or Verdict(Outcome.OK)


def is_hijacked(page: Page) -> bool:
    """Whether what a page says of itself, in its head, is what no authority says."""
    heads = (page.title, *meta_of(page, "keywords", "description"))
    return any(_SPAM.search(head) and not _AGAINST.search(head) for head in heads)


def _ends_whole(body: bytes) -> bool:
    """Whether a body shows its own end: markup closed, the end of a PDF, the directory of a zip."""
    tail = body[-1024:]
    if body.startswith(b"%PDF"):
        return b"%%EOF" in tail
    if body.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in body[-66_000:]
    return any(mark.search(tail) for mark in _ENDS)


def _moved(page: Page) -> Verdict | None:
    """A small page that only sends elsewhere: where it says so, or where its script goes, put together of pieces."""
    if len(page.body) >= 2048 or len(page.words) >= 80:
        return None
    found = _REFRESH.search(page.text) or _REFRESH_LAST.search(page.text) or _SCRIPTED.search(page.text)
    if found:
        target = next(group for group in found.groups() if group)
        return Verdict(Outcome.JS_REDIRECT, "in the page", _joined(page.url, target.replace("&amp;", "&")))
    if not page.words and _SCRIPTED_SOMEHOW.search(page.text):
        target = _run(page)
        if target:
            return Verdict(Outcome.JS_REDIRECT, "by its script", target)
        return Verdict(Outcome.JS_REDIRECT, "by a script that would have to be run")
    return None


def _run(page: Page) -> str:
    """Where the scripts of a page go when it opens; nowhere for one that sets a cookie first, as challenges do."""
    if "cookie" in page.lower:
        return ""
    return next((each.url for each in acts_of(page).loaded if not each.inserted and not each.body), "")
