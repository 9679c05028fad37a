"""What the functions of a page's scripts would ask for, read off and never run.

A function is followed when all that it does with what it is given is to put that into an address or into a field of
a form; what does more than that is left alone and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode, urlsplit

from crawler.links import absolute, base_of
from crawler.page import Element, Page, PageRequest, select
from crawler.queries import with_query

POSTBACK = "__doPostBack"
"""ASP.NET's own function: it sends the form back with the name of what was clicked."""
_POSTED = ("__EVENTTARGET", "__EVENTARGUMENT")
_SET = re.compile(r"(?:^|[;{\n])\s*(?:var|let|const)?\s*([A-Za-z_$][\w$]*)\s*=(?!=)\s*([^;\n]+)")
_CALL = re.compile(
    r"^\s*(?:javascript:)?\s*(?:return\s+)?(?P<name>[A-Za-z_$][\w$]*)\s*\((?P<args>[^()]*)\)", re.I
)
_GOES = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|location\.(?:assign|replace)\s*\(|window\.open\s*\()\s*([^;\n]+)"
)
_TOKEN = re.compile(
    r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z_$][\w$.]*(?:\[[\w$.]+\][\w$.]*)?|\d+)|(\+)|(.))", re.S
)
_FIELD = re.compile(
    r"(?:\$\(\s*[\"'](?:#|[\w\s]*\[name=[\"']?)(\w+)[^)]*\)\.val\(\s*([\w$]+)"
    r"|(?:getElementsBy\w+|getElementById|elements)\s*[(\[]\s*[\"'](\w+)[\"']\s*[)\]](?:\[0\])?\.value\s*=\s*([\w$]+)"
    r"|\[\s*[\"']([\w.-]+)[\"']\s*\]\.value\s*=\s*([\w$]+)"
    r"|(\w+)\.value\s*=\s*([\w$]+))"
)
_NAME = re.compile(r"[\w.$-]{1,80}")
# What a function is given by a drop-down: itself, or its value.
_CHOICES = ("this.value", "this.options[this.selectedIndex].value", "value")
_MAX_BODY = 3000
MAX_FUNCTIONS = 200
"""Functions of one page that are looked for."""


def called_by(text: str) -> tuple[str, str] | None:
    """The name and the arguments of the call that a link's address or click is; None for anything else."""
    found = _CALL.match(text)
    return (found["name"], found["args"]) if found and found["name"] != "void" else None


def calls_of(element: Element) -> Iterator[tuple[str, str]]:
    """The calls of an element: in its address and in its click."""
    for text in (element.get("href") or "", element.get("onclick") or ""):
        call = called_by(text)
        if call is not None:
            yield call


def resolve(page: Page, name: str, arguments: str) -> PageRequest | None:
    """What a function of the page's scripts would ask for, when that can be read off."""
    values = [each.strip().strip("\"'") for each in arguments.split(",")]
    if name == POSTBACK:
        return _posted_back(page, values)
    defined = _defined(page, name)
    if defined is None:
        return None
    return asked_in(page, defined[1], dict(zip(defined[0], values, strict=False)))


def _defined(page: Page, name: str) -> tuple[list[str], str] | None:
    """The names that a function of the page is given, and its body; None for one that is defined elsewhere."""
    if name not in page.functions and len(page.functions) < MAX_FUNCTIONS:
        found = re.search(
            rf"(?:function\s+{re.escape(name)}|\b{re.escape(name)}\s*=\s*function)\s*\(([^()]*)\)\s*\{{",
            page.text,
        )
        names = [each.strip() for each in found[1].split(",")] if found else []
        page.functions[name] = (names, body_at(page.text, found.end())) if found else None
    known: tuple[list[str], str] | None = page.functions.get(name)
    return known


def asked_in(page: Page, body: str, given: Mapping[str, str]) -> PageRequest | None:
    """What the body of a function asks for when it is given these values."""
    known = dict(given)
    for name, expression in _SET.findall(body):
        value = None if name in known else value_of(page, expression, known)
        known |= {name: value} if value is not None else {}
    goes = _GOES.search(body)
    if goes:
        url = absolute(base_of(page), value_of(page, goes[1], known) or "")
        return PageRequest(url) if url else None
    return _submitted(page, body, known) if re.search(r"\bsubmit\s*\(", body) else None


def changed(page: Page, menu: Element, value: str) -> PageRequest | None:
    """What a drop-down asks for when a value is chosen in it."""
    change = menu.get("onchange") or ""
    goes, call = _GOES.search(change), _CALL.match(change)
    if goes:
        url = absolute(base_of(page), value_of(page, goes[1], dict.fromkeys(_CHOICES, value)) or "")
        return PageRequest(url) if url else None
    if re.search(r"[/.?]", value):
        url = absolute(base_of(page), value)
        return PageRequest(url) if url else None
    if call and call[1] != "submit":
        return _chosen(page, call["name"], value)
    form = next((each for each in menu.iterancestors("form")), None)
    named = menu.get("name") or menu.get("id") or ""
    return submit(page, form, {named: value}) if form is not None and named and "submit(" in change else None


def _chosen(page: Page, name: str, value: str) -> PageRequest | None:
    """The function of a drop-down, given its value or the drop-down itself."""
    defined = _defined(page, name)
    if defined is None:
        return None
    given = defined[0][0] or "value"
    forms = (given, f"{given}.value", f"{given}.options[{given}.selectedIndex].value")
    return asked_in(page, defined[1], dict.fromkeys(forms, value))


def form_with(page: Page, field: str) -> Element | None:
    """The form that has a field of this name or id."""
    if not _NAME.fullmatch(field):
        return None
    found = select(page.tree, f"//form[.//input[@name='{field}' or @id='{field}']]")
    return found[0] if found else None


def submit(page: Page, form: Element, values: Mapping[str, str]) -> PageRequest | None:
    """What a form would send with these values in it."""
    fields = {
        each.get("name") or "": each.get("value") or ""
        for each in select(form, ".//input[@name and not(@type='submit' or @type='button' or @type='image')]")
    }
    for menu in select(form, ".//select[@name]"):
        shown = select(menu, "(.//option[@selected] | .//option)[1]")
        fields[menu.get("name") or ""] = (shown[0].get("value") or "") if shown else ""
    for name, value in values.items():
        own = select(form, f".//input[@id='{name}']/@name") if _NAME.fullmatch(name) else []
        fields[str(own[0]) if own and name not in fields else name] = value
    url = absolute(base_of(page), form.get("action") or page.url)
    if url is None:
        return None
    if (form.get("method") or "get").lower() == "post":
        return PageRequest(url, "POST", urlencode(fields))
    return PageRequest(with_query(url, fields))


def body_at(text: str, start: int) -> str:
    """The body of a function, up to its closing brace."""
    depth, end = 1, min(len(text), start + _MAX_BODY)
    for place in range(start, end):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
    return text[start:end]


def value_of(page: Page, expression: str, known: Mapping[str, str]) -> str | None:
    """What an expression of strings and known names comes to; None when there is anything else in it."""
    own = {"location.pathname": urlsplit(page.url).path, "window.location.pathname": urlsplit(page.url).path}
    parts = []
    for double, single, name, plus, other in _TOKEN.findall(expression.strip()):
        if other in (")", ",") or (other and not other.strip()):
            break
        value = known.get(name, own.get(name)) if name and not name.isdecimal() else name
        if other or value is None:
            return None
        if not plus:
            parts.append(double or single or value)
    return "".join(parts)


def _fields(body: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for match in _FIELD.finditer(body):
        field, name = (group for group in match.groups() if group is not None)
        if name in known:
            yield field, known[name]


def _submitted(page: Page, body: str, known: Mapping[str, str]) -> PageRequest | None:
    values = dict(_fields(body, known))
    forms = (form_with(page, field) for field in values)
    form = next((form for form in forms if form is not None), None)
    return submit(page, form, values) if form is not None else None


def _posted_back(page: Page, values: list[str]) -> PageRequest | None:
    """The form of an ASP.NET page with its state; a page that has no place for what was clicked sends nothing."""
    form = form_with(page, _POSTED[0])
    return submit(page, form, dict(zip(_POSTED, values, strict=False))) if form is not None else None
