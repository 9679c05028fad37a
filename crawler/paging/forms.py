"""What a form of a page would send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from crawler.links import absolute, base_of
from crawler.page import Element, Page, PageRequest, select
from crawler.paging.queries import with_query

_NAME = re.compile(r"[\w.$-]{1,80}")


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
