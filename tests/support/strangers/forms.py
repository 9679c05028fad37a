"""Lists that are had by a form: sent back whole, posted, with offsets, with a choice of years."""

from __future__ import annotations

import hashlib

from mockserver import Asked, Reply

from strangers.site import (
    SIZE,
    Paper,
    Stranger,
    article,
    asked,
    cells,
    chunks,
    divs,
    frame,
    number,
    papers,
    site,
)


@site
def postback(place: str) -> Stranger:
    """ASP.NET: the next page is the form itself, sent back with its state."""
    own = Stranger(
        "postback", place, papers(place, lambda p: f"/show.aspx?id={p.number}"), "/list.aspx?cid=9"
    )
    pages = chunks(own.papers)

    def state(at: int) -> str:
        return hashlib.sha256(f"state {at}".encode()).hexdigest() + "+/="

    def listed(question: Asked) -> Reply:
        said = asked(question)
        at = number(said, "__EVENTARGUMENT") if said.get("__EVENTTARGET") == "ctl00$pager" else 1
        if at > 1 and said.get("__VIEWSTATE") not in {state(n) for n in range(1, len(pages) + 1)}:
            return Reply("Validation of viewstate failed", 500)
        turns = " ".join(
            f"<span>{n}</span>"
            if n == at
            else f"""<a href="javascript:__doPostBack('ctl00$pager','{n}')">{n}</a>"""
            for n in range(1, len(pages) + 1)
        )
        fields = "".join(
            f'<input type="hidden" name="{name}" id="{name}" value="{value}" />'
            for name, value in (("__EVENTTARGET", ""), ("__EVENTARGUMENT", ""), ("__VIEWSTATE", state(at)))
        )
        return own.reply(
            frame(
                "年报",
                f"""<form name="aspnetForm" method="post" action="list.aspx?cid=9" id="aspnetForm">{fields}
<script>function __doPostBack(eventTarget, eventArgument) {{ if (!theForm.onsubmit || (theForm.onsubmit() != false)) {{
 theForm.__EVENTTARGET.value = eventTarget; theForm.__EVENTARGUMENT.value = eventArgument; theForm.submit(); }} }}</script>
{cells(pages[at - 1])}<div class="pager">{turns}</div></form>""",
            )
        )

    own.routes["/list.aspx"] = listed
    own.details(article)
    return own


@site
def posted_pages(place: str) -> Stranger:
    """A form that is posted with the number of the page, named as nobody else does."""
    own = Stranger(
        "posted_pages", place, papers(place, lambda p: f"/info/{p.number}.action"), "/info/list.action?lm=9"
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        said = asked(question)
        at = number(said, "pager.offset", 0) // SIZE + 1 if said.get("lm") == "9" else 9
        turns = f"""<a href="javascript:page({at * SIZE})">下页</a> <a href="javascript:page({(len(pages) - 1) * SIZE})">尾页</a>"""
        form = f"""<form name="frm" method="post" action="/info/list.action"><input type="hidden" name="lm" value="9">
<input type="hidden" name="pager.offset" value="{(at - 1) * SIZE}"></form>
<script>function page(n) {{ document.frm["pager.offset"].value = n; document.frm.submit(); }}</script>"""
        return own.reply(frame("年报", divs(pages[at - 1]) + form + (turns if at < len(pages) else "")))

    own.routes["/info/list.action"] = listed
    own.details(article)
    return own


@site
def offsets(place: str) -> Stranger:
    """The pager counts rows, not pages."""
    own = Stranger(
        "offsets", place, papers(place, lambda p: f"/article/{p.number}"), "/category/nb?start=0&num=5"
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "start", 0) // SIZE
        turns = "".join(f"<a href='?start={n * SIZE}&num=5'>{n + 1}</a>" for n in range(len(pages)))
        return own.reply(frame("年报", divs(pages[at]) + f"<div class='pages'>{turns}</div>"))

    own.routes["/category/nb"] = listed
    own.details(article)
    return own


def _years(own: Stranger) -> dict[int, list[Paper]]:
    years = sorted({p.year for p in own.reports}, reverse=True)
    return {year: [p for p in own.papers if (p.year or years[0]) == year] for year in years}


@site
def years_in_a_form(place: str) -> Stranger:
    """A drop-down of years in a form that is sent when it changes."""
    own = Stranger(
        "years_in_a_form", place, papers(place, lambda p: f"/nb/show.php?id={p.number}"), "/nb/list.php"
    )
    years = _years(own)

    def listed(question: Asked) -> Reply:
        year = number(asked(question), "nd", max(years))
        options = "".join(
            f"<option value='{y}'{' selected' if y == year else ''}>{y}年</option>" for y in years
        )
        form = f"<form action='list.php' method='get'><input type=hidden name=lm value=3><select name='nd' onchange='this.form.submit()'>{options}</select></form>"
        return own.reply(frame("年报", form + cells(years[year])))

    own.routes["/nb/list.php"] = listed
    own.details(article)
    return own


@site
def years_by_a_function(place: str) -> Stranger:
    """A drop-down of years whose function makes the address."""
    own = Stranger(
        "years_by_a_function",
        place,
        papers(place, lambda p: f"/zfxxgk/nb/{p.year or 2024}/{p.number}.html"),
        "/zfxxgk/nb/2024/index.html",
    )
    years = _years(own)
    for year, rows in years.items():
        options = "".join(f"<option value='{y}'>{y}年度</option>" for y in years)
        script = "<script>function changeYear(obj) { var y = obj.value; window.location.href = '/zfxxgk/nb/' + y + '/index.html'; }</script>"
        own.text(
            f"/zfxxgk/nb/{year}/index.html",
            frame(
                "年报", f"<select id='y' onchange='changeYear(this)'>{options}</select>{divs(rows)}{script}"
            ),
        )
    own.details(article)
    return own
