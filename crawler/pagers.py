"""How listings are turned when not by plain links: numbers said by scripts, functions, forms and drop-downs.

No script is run. A function is followed when all that it does with the page's number is to put it into an
address or into a field of a form; what does more than that is left alone and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.links import absolute, base_of, squeeze, text_of
from crawler.page import Element, Page, PageRequest, select

TURN = re.compile(
    r"^[\s\[(（<>«»›‹|]*(?:第?\s*(?:\d{1,4})\s*页?|下一?页|后一?页|下一頁|末页|尾页|最后一?页|next(?:\s*page)?|>{1,2}|›|»)[\s\])）<>«»›‹|]*$",
    re.I,
)
_PAGES = re.compile(
    r"\b(?:total_?pages?|var\s+pages|page_?count|count_?page|page_?total|totalPageCount|pages?Num(?:ber)?s)\b[\"']?\s*[:=]\s*"
    r"[\"']?(\d{1,4})\b",
    re.I,
)
_SHOWN = re.compile(r"共(?:有|计)?(\d{1,4})页|第?\d{1,4}/(\d{1,4})页")
_LAYPAGE = re.compile(r"laypage(?:\.render)?\s*\(\s*\{([^{}]{1,600})", re.I)
_OF = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
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
    r"|(\w+)\.value\s*=\s*([\w$]+))"
)
# Names that systems give to the number of a page in a query.
NUMBERS = ("page", "pageNo", "pageNum", "pageIndex", "currentPage", "cur_page", "pageNumber", "curPage", "p")
_MAX_BODY = 3000
_MAX_OPTIONS = 300


def last_page(page: Page) -> int | None:
    """How many pages there are, as a script or the text says it: totalPage: 7, 共7页, 1/7页."""
    found = _PAGES.search(page.text)
    shown = found or _SHOWN.search(page.words)
    if shown:
        return int(next(group for group in shown.groups() if group))
    return _laid(page.text) or _of(page)


def _laid(text: str) -> int | None:
    """laypage (layui): its count of rows, and how many stand on a page, ten where it does not say."""
    call = _LAYPAGE.search(text)
    count, limit = (
        re.search(rf"\b{name}\s*:\s*[\"']?(\d{{1,5}})", call[1] if call else "")
        for name in ("count", "limit")
    )
    return -(-int(count[1]) // max(1, int(limit[1]) if limit else 10)) if count else None


def _of(page: Page) -> int | None:
    """1/7 alone in an element."""
    said = (str(text).strip() for text in select(page.tree, "//*[contains(text(), '/')]/text()"))
    found = next((match for text in said if (match := _OF.fullmatch(text))), None)
    return int(found[2]) if found and int(found[1]) <= int(found[2]) else None


def more_after(number: int, size: int, listed: int, seen: int, announced: int | None) -> bool:
    """Whether rows follow page `number` of an answer that lists `listed` after the `seen` of the pages before.

    Servers give fewer rows than are asked for: what was seen so far says how many a page really has. Without a
    total, a page as full as those before promises another one; with one, an empty page among full ones ends
    nothing.
    """
    given = seen // (number - 1) if number > 1 else listed
    given = min(size, given) if size else given
    if announced is None:
        return 0 < listed >= given
    return seen + listed < announced and number * (given or size) < announced


def with_query(url: str, values: Mapping[str, object]) -> str:
    """An address with these parameters put into its query, in the place of those of the same name."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.update({name: str(value) for name, value in values.items()})
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))


def turned(url: str, number: int) -> str:
    """An address with the number of its page set, under the name that it has for that; else as `page`."""
    names = {name.lower(): name for name, _value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    name = next((names[each.lower()] for each in NUMBERS if each.lower() in names), "page")
    return with_query(url, {name: number})


def query_number(url: str, *names: str) -> int | None:
    """The number that one of these parameters has, whatever the case of its name."""
    query = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
    values = (query.get(name.lower(), "") for name in names)
    return next((int(value) for value in values if value.isdecimal()), None)


def static_pages(page: Page, last: int, name: str = "index", suffix: str = "") -> list[PageRequest]:
    """index_2.html … index_7.html beside a page, where page 2 is called 2."""
    own = urlsplit(page.url).path.rsplit("/", 1)[-1]
    found = re.fullmatch(r"(?P<name>[\w-]+?)(?:_\d+)?\.(?P<suffix>\w+)", own)
    name, suffix = (found["name"], found["suffix"]) if found else (name, suffix or "html")
    urls = (urljoin(page.url, f"{name}_{number}.{suffix}") for number in range(2, last + 1))
    return [PageRequest(url) for url in urls if url != page.url]


def called(page: Page) -> list[PageRequest]:
    """The pages that links ask for through a function of the page: <a href="javascript:goPage(2)">2</a>."""
    found: dict[PageRequest, None] = {}
    for anchor in page.tree.iter("a"):
        target = anchor.get("href") or ""
        calls = (_CALL.match(text) for text in (target, anchor.get("onclick") or ""))
        call = next((each for each in calls if each and each["name"] != "void"), None)
        if (
            call
            and (target.lower().startswith("javascript") or not absolute(page.url, target))
            and is_turn(anchor)
        ):
            request = resolve(page, call["name"], call["args"])
            if request is not None:
                found[request] = None
    return [request for request in found if request.url != page.url or request.body]


def is_turn(anchor: Element) -> bool:
    """Whether a link turns the page: 2, [3], 下一页, an arrow."""
    shown = shown_by(anchor)
    return (bool(TURN.match(shown)) and not is_first(shown)) or anchor.get("rel") == "next"


def shown_by(anchor: Element) -> str:
    """What a link shows, also where it is a picture."""
    shown = text_of(anchor) or squeeze(anchor.get("title"))
    return shown or squeeze(select(anchor, "string((.//img/@alt)[1])"))


def is_first(shown: str) -> bool:
    """Whether a link or an option is page 1, where the walk began, whatever address a later page has for it."""
    return re.findall(r"\d+", shown) == ["1"]


def chosen(page: Page) -> list[PageRequest]:
    """The pages of a drop-down of page numbers."""
    found: dict[PageRequest, None] = {}
    for menu in page.tree.iter("select"):
        options = list(menu.iter("option"))[:_MAX_OPTIONS]
        if not options or not all(TURN.match(text_of(option)) for option in options):
            continue
        for option in (option for option in options if not is_first(text_of(option))):
            request = _option(page, menu.get("onchange") or "", option.get("value") or text_of(option))
            if request is not None and (request.url != page.url or request.body):
                found[request] = None
    return list(found)


def resolve(page: Page, name: str, arguments: str) -> PageRequest | None:
    """What a function of the page's scripts would ask for, when that can be read off."""
    defined = re.search(
        rf"(?:function\s+{re.escape(name)}|\b{re.escape(name)}\s*=\s*function)\s*\(([^()]*)\)\s*\{{",
        page.text,
    )
    if defined is None:
        return None
    names = [each.strip() for each in defined[1].split(",")]
    values = [each.strip().strip("\"'") for each in arguments.split(",")]
    known = dict(zip(names, values, strict=False))
    body = _body(page.text, defined.end())
    for name, expression in _SET.findall(body):
        value = None if name in known else _value(page, expression, known)
        known |= {name: value} if value is not None else {}
    goes = _GOES.search(body)
    if goes:
        url = absolute(base_of(page), _value(page, goes[1], known) or "")
        return PageRequest(url) if url else None
    return _submitted(page, body, known) if ".submit(" in body else None


def form_with(page: Page, field: str) -> Element | None:
    """The form that has a field of this name or id."""
    found = (
        select(page.tree, f"//form[.//input[@name='{field}' or @id='{field}']]")
        if field.isidentifier()
        else []
    )
    return found[0] if found else None


def submit(page: Page, form: Element, values: Mapping[str, str]) -> PageRequest | None:
    """What a form would send with these values in it."""
    fields = {each.get("name") or "": each.get("value") or "" for each in select(form, ".//input[@name]")}
    for name, value in values.items():
        own = select(form, f".//input[@id='{name}']/@name")
        fields[str(own[0]) if own and name not in fields else name] = value
    url = absolute(base_of(page), form.get("action") or page.url)
    if url is None:
        return None
    if (form.get("method") or "get").lower() == "post":
        return PageRequest(url, "POST", urlencode(fields))
    return PageRequest(with_query(url, fields))


def unfollowed(page: Page) -> str:
    """Why a pager is not followed, for the record; empty when there is none such."""
    if "__VIEWSTATE" not in page.text or "__doPostBack" not in page.text:
        return ""
    turns = (anchor for anchor in page.tree.iter("a") if "__doPostBack" in (anchor.get("href") or ""))
    return "its pager is a postback of __VIEWSTATE, which is not followed" if any(map(is_turn, turns)) else ""


def _option(page: Page, change: str, value: str) -> PageRequest | None:
    goes, call = _GOES.search(change), _CALL.match(change)
    if goes:
        names = ("this.value", "this.options[this.selectedIndex].value", "value")
        url = absolute(base_of(page), _value(page, goes[1], dict.fromkeys(names, value)) or "")
        return PageRequest(url) if url else None
    if call and not re.search(r"[/.?]", value):
        return resolve(page, call["name"], value)
    url = absolute(base_of(page), value) if re.search(r"[/.?]", value) else None
    return PageRequest(url) if url else None


def _body(text: str, start: int) -> str:
    """The body of a function, up to its closing brace."""
    depth, end = 1, min(len(text), start + _MAX_BODY)
    for place in range(start, end):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
    return text[start:end]


def _value(page: Page, expression: str, known: Mapping[str, str]) -> str | None:
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
