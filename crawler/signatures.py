"""What an answer is, from its status, headers and bytes. Challenges are named, never solved.

The signatures are those of public reports until 2026-11. A word alone never condemns a page that has content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from archive.outcomes import Outcome
from crawler.page import Page, select

EVIDENCE_BYTES = 8 * 1024
_SHELL_BYTES = 64 * 1024
_SHORT_TEXT = 600

_RUISHU = re.compile(rb"\$_ts\s*=\s*window\[|r=['\"]m['\"]")
_JSL = re.compile(
    rb"__jsl_clearance|__jsluid|document\.cookie\s*=.{0,4000}location\.(?:href|reload|replace)|go\(\{\"bts\"",
    re.S,
)
_WAF = re.compile("拦截|访问被阻断|您的请求可能存在攻击|创宇盾|云防护|网站防火墙|请求被阻止|访问过于频繁")
_CAPTCHA = re.compile("请输入验证码|滑动验证|安全验证|拖动滑块")
_MISSING = re.compile(
    "页面不存在|页面未找到|找不到该页|找不到您要|网页不存在|内容不存在|信息已删除|栏目已停用|文章不存在|已被删除"
    "|404 ?not found|404错误",
    re.I,
)
_REFRESH = re.compile(
    r"<meta[^>]+http-equiv=[\"']?refresh[^>]+content=[\"']?\s*\d+\s*;\s*url=['\"]?([^\"'>\s]+)", re.I
)
_SCRIPTED = re.compile(
    r"(?:window|top|self|document)?\.?location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']|location\.replace\([\"']([^\"']+)[\"']\)"
)
# A body without a length that was not cut: it ends with its own mark.
_ENDS = (re.compile(rb"</html>\s*(?:<!--.*?-->\s*)*$|</(?:datastore|recordset|rss|xml)>\s*$", re.I | re.S),)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of an answer, why, and where it sends the reader."""

    outcome: Outcome
    reason: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a failure is asked again within one run, and how long to wait, as a multiple of the usual."""

    retries: int
    wait: float = 1.0


PATIENCE: Mapping[Outcome, Patience] = {
    Outcome.TIMEOUT: Patience(2),
    Outcome.RESET: Patience(2),
    Outcome.PARTIAL: Patience(2),
    Outcome.SERVER_ERROR: Patience(2),
    Outcome.UNREACHABLE_CONNECT: Patience(2),
    Outcome.DNS_FAILED: Patience(1),
    Outcome.EMPTY: Patience(1),
    Outcome.THROTTLED: Patience(3, wait=4.0),
}
"""Whatever is not here is asked once a run."""

TRANSIENT = frozenset(PATIENCE) | {
    Outcome.CHALLENGE_JS,
    Outcome.BLOCKED_WAF,
    Outcome.CAPTCHA,
    Outcome.TLS_INVALID,
}
"""Outcomes that say nothing about the document: the run was not complete, and the next one asks again."""

HOST_TROUBLE = frozenset(
    {
        Outcome.TIMEOUT,
        Outcome.RESET,
        Outcome.UNREACHABLE_CONNECT,
        Outcome.DNS_FAILED,
        Outcome.THROTTLED,
        Outcome.CHALLENGE_JS,
        Outcome.BLOCKED_WAF,
        Outcome.CAPTCHA,
    }
)
"""Outcomes that, several in a row, say that the host wants to be left alone for this run."""


def judge(status: int, headers: Mapping[str, str], page: Page, *, cut: bool = False) -> Verdict:
    """What an answer is. `cut` says that the connection ended a body of unknown length."""
    if status == 304:
        return Verdict(Outcome.NOT_MODIFIED)
    if 300 <= status < 400:
        return _redirect(headers, page)
    blocked = _blocked(status, headers, page)
    if blocked is not None:
        return blocked
    if status >= 400:
        return _refused(status)
    return _content(page, cut)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long a server asks to be left alone, when it says so in seconds; an hour at most."""
    value = headers.get("retry-after", "").strip()
    return timedelta(seconds=min(int(value), 3600)) if value.isdigit() else None


def _redirect(headers: Mapping[str, str], page: Page) -> Verdict:
    target = headers.get("location", "").strip()
    if not target:
        return Verdict(Outcome.HTTP_ERROR, "a redirect without a target")
    return Verdict(Outcome.REDIRECTED, "http", urljoin(page.url, target))


def _refused(status: int) -> Verdict:
    kind = {404: Outcome.GONE, 410: Outcome.GONE, 403: Outcome.FORBIDDEN, 401: Outcome.FORBIDDEN}.get(status)
    if kind is None:
        kind = Outcome.SERVER_ERROR if status >= 500 else Outcome.HTTP_ERROR
    return Verdict(kind, f"status {status}")


def _blocked(status: int, headers: Mapping[str, str], page: Page) -> Verdict | None:
    """Challenges, firewalls, throttles: by status and signature, or by a page that is nothing else."""
    head = page.body[:_SHELL_BYTES]
    if status == 429 or (status == 503 and "retry-after" in headers):
        return Verdict(Outcome.THROTTLED, f"status {status}")
    if status == 521 or (status != 200 and _JSL.search(head)):
        return Verdict(Outcome.CHALLENGE_JS, "jsl")
    if (status == 412 or status in (202, 400, 405)) and _RUISHU.search(head):
        return Verdict(Outcome.CHALLENGE_JS, "ruishu")
    if len(page.body) > _SHELL_BYTES or not page.is_markup:
        return None
    # 200 with the same scripts and real content is a page like any other (Gansu, 2025-11).
    if status == 200:
        return _shell(page)
    return Verdict(Outcome.BLOCKED_WAF, f"status {status}") if _WAF.search(page.text) else None


def _shell(page: Page) -> Verdict | None:
    words = page.words
    if len(words) > _SHORT_TEXT:
        return None
    if not words and (_JSL.search(page.body) or _RUISHU.search(page.body)):
        return Verdict(Outcome.CHALLENGE_JS, "a page of scripts only")
    if _CAPTCHA.search(words):
        return Verdict(Outcome.CAPTCHA, "asks for a proof of being human")
    if "访问过于频繁" in words:
        return Verdict(Outcome.THROTTLED, "访问过于频繁")
    return Verdict(Outcome.BLOCKED_WAF, "a block page") if _WAF.search(words) else None


def _content(page: Page, cut: bool) -> Verdict:
    if not page.body.strip():
        return Verdict(Outcome.EMPTY)
    if cut and not _ends_whole(page.body):
        return Verdict(Outcome.PARTIAL, "the connection ended a body of unknown length")
    if not page.is_markup or len(page.body) > _SHELL_BYTES:
        return Verdict(Outcome.OK)
    words = page.words
    if len(words) <= _SHORT_TEXT and _MISSING.search(_title(page) + words):
        return Verdict(Outcome.SOFT_404, "says that there is no such page")
    target = _moved(page) if len(page.body) < 2048 and len(words) < 80 else ""
    return (
        Verdict(Outcome.REDIRECTED, "in the page", urljoin(page.url, target))
        if target
        else Verdict(Outcome.OK)
    )


def _ends_whole(body: bytes) -> bool:
    """Whether a body shows its own end: markup closed, the end of a PDF, the directory of a zip."""
    tail = body[-1024:]
    if body.startswith(b"%PDF"):
        return b"%%EOF" in tail
    if body.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in body[-66_000:]
    return any(mark.search(tail) for mark in _ENDS)


def _moved(page: Page) -> str:
    found = _REFRESH.search(page.text)
    if found:
        return found[1]
    scripted = _SCRIPTED.search(page.text)
    return (scripted[1] or scripted[2]) if scripted else ""


def _title(page: Page) -> str:
    return str(select(page.tree, "string((//title)[1])"))
