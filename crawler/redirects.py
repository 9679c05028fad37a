"""Where a redirect may lead: only to registered places, a few hops, and never to where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from archive.outcomes import FrontierRequest, Link, Outcome, RequestKind
from crawler.discovery.reading import Reading
from crawler.links import tidy
from crawler.signatures import Verdict

MAX_HOPS = 5
MAX_SCRIPTED_HOPS = 3
_HOMES = ("", "index.html", "index.htm", "index.shtml", "index.asp", "index.php", "index.jsp", "default.html")


def redirected(
    asked: FrontierRequest, verdict: Verdict, allows: Callable[[str], bool]
) -> tuple[Verdict, Reading]:
    """The target becomes a request of its own, with the hops counted, if it may be asked at all."""
    if not verdict.target:
        return verdict, Reading(asked.kind)
    target = tidy(verdict.target)
    if target == asked.url:  # a site that knows its visitors by their addresses sends each to his own
        target = tidy(verdict.target, keeps_visit=True)
    hops = asked.meta.get("hops", 0)
    hops = hops + 1 if isinstance(hops, int) else 1
    refusal = _refusal(asked, verdict, target, hops, allows)
    if refusal is not None or target is None:
        return refusal or Verdict(Outcome.HTTP_ERROR, "a redirect to nowhere"), Reading(asked.kind)
    child = _child(asked, target, hops)
    child = replace(child, meta={**child.meta, "via": [*_via(asked), asked.url]})
    title = str(asked.meta.get("title", ""))
    reason = f"{verdict.reason}, hop {hops}"
    link = Link(asked.url, target, title, asked.kind, "redirect", reason, source_id=asked.source_id)
    return replace(verdict, target=target), Reading(asked.kind, (link,), (child,))


def unencrypted(asked: FrontierRequest, linked: str, allows: Callable[[str], bool]) -> Reading:
    """The http address that the site itself links, where its TLS cannot be believed; nothing without one."""
    hops = asked.meta.get("hops", 0)
    hops = hops + 1 if isinstance(hops, int) else 1
    if not linked or hops > MAX_HOPS or not allows(linked):
        return Reading(asked.kind)
    title = str(asked.meta.get("title", ""))
    reason = f"its TLS is invalid, and the site itself links http; hop {hops}"
    link = Link(asked.url, linked, title, asked.kind, "redirect", reason, source_id=asked.source_id)
    return Reading(asked.kind, (link,), (_child(asked, linked, hops),))


def as_linked(asked: FrontierRequest) -> Reading:
    """What was asked for without the token that its link has, asked for with it; nothing where it had none."""
    linked = str(asked.meta.get("linked") or "")
    if not linked:
        return Reading(asked.kind)
    meta = {name: value for name, value in asked.meta.items() if name != "linked"}
    title, reason = str(asked.meta.get("title") or ""), "as it is linked"
    link = Link(asked.url, linked, title, asked.kind, "redirect", reason, source_id=asked.source_id)
    return Reading(asked.kind, (link,), (replace(asked, url=linked, meta=meta, attempts=0),))


def _via(asked: FrontierRequest) -> list[str]:
    """The addresses that led here by redirects."""
    via = asked.meta.get("via")
    return [str(url) for url in via] if isinstance(via, list) else []


def _child(asked: FrontierRequest, target: str, hops: int) -> FrontierRequest:
    meta = {**asked.meta, "hops": hops}
    if asked.kind is RequestKind.LISTING and meta.get("root") == asked.url:
        meta["root"] = target
    return replace(asked, url=target, method="GET", body="", meta=meta, attempts=0)


def _refusal(
    asked: FrontierRequest, verdict: Verdict, target: str | None, hops: int, allows: Callable[[str], bool]
) -> Verdict | None:
    if target is None:
        return Verdict(Outcome.NOT_REGISTERED, "a redirect to what is no web address")
    most = MAX_HOPS if verdict.outcome is Outcome.REDIRECTED else MAX_SCRIPTED_HOPS
    if target == asked.url or target in _via(asked) or hops > most:
        return Verdict(Outcome.REDIRECT_LOOP, f"{hops} redirects", target)
    if not allows(target):
        return Verdict(Outcome.NOT_REGISTERED, f"a redirect to {target[:200]}", target)
    if is_home(target) and asked.kind is not RequestKind.PORTAL and not is_home(asked.url):
        return Verdict(Outcome.REDIRECT_TO_HOME, "the home page in place of what was asked", target)
    return None


def is_home(url: str) -> bool:
    """Whether an address is the home page of its host."""
    parts = urlsplit(url)
    return not parts.query and parts.path.lstrip("/").lower() in _HOMES
