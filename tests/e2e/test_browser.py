"""The pages in a real browser: the figures where a reader looks for them, no script, no request elsewhere."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from browsing import CHROMIUM, Watched, served, started
from playwright.sync_api import Browser
from published import COUNTY, COUNTY_ID, HOSTILE, OLD, PAGE, REVISED, make_archive

from archive.ids import blob_id
from archive.publish import publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    publish(make_archive(folder / "archive.db"), folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def site(public: Path) -> Iterator[str]:
    with served(public) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as made:
        yield made


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    with Watched(browser) as made:
        yield made
    assert made.hosts <= {"127.0.0.1"}
    assert made.said == []


# The cell that a reader finds below a column's words and beside a row's, by where they are on the screen.
FIND = """([table, row, column]) => {
  const box = e => e.getBoundingClientRect();
  const heads = [...document.querySelectorAll(table + ' th')];
  const named = text => heads.find(e => e.innerText.trim() === text);
  const y = box(named(row)), x = box(named(column));
  const spot = [x.left + x.width / 2, y.top + y.height / 2];
  const hit = [...document.querySelectorAll(table + ' td')].find(e => { const b = box(e);
    return b.left < spot[0] && spot[0] < b.right && b.top < spot[1] && spot[1] < b.bottom; });
  return hit.innerText.trim();
}"""


@pytest.mark.parametrize(
    ("report", "row", "column", "text"),
    [
        (REVISED, "一、本年新收政府信息公开申请数量", "自然人", "12"),
        (REVISED, "（一）予以公开", "自然人", "6"),
        (REVISED, "（一）予以公开", "总计", "7"),
        (REVISED, "5.属于三类内部事务信息", "自然人", "2"),
        (REVISED, "5.属于三类内部事务信息", "商业企业", "0"),
        (REVISED, "1.本机关不掌握相关政府信息", "总计", "3"),
        (REVISED, "四、结转下年度继续办理", "自然人", "1"),
        (OLD, "（六）其他处理", "总计", "0"),
        (OLD, "（七）总计", "总计", "12"),
    ],
)
def test_table_3_has_the_number_where_a_reader_looks(
    site: str, watched: Watched, report: str, row: str, column: str, text: str
) -> None:
    watched.page.goto(f"{site}/report/{report}")
    assert watched.page.evaluate(FIND, ["#t3", row, column]) == text


def test_table_2_has_the_number_where_a_reader_looks(site: str, watched: Watched) -> None:
    watched.page.goto(f"{site}/report/{REVISED}")
    assert watched.page.evaluate(FIND, ["#t2", "行政许可", "本年处理决定数量"]) == "1,988"


def test_pressing_a_figure_shows_what_it_is(site: str, watched: Watched) -> None:
    watched.page.goto(f"{site}/report/{REVISED}")
    card = watched.page.locator("#card")
    assert not card.is_visible()
    watched.page.locator("#t3_granted__natural a").click()
    watched.page.wait_for_selector("#card .told")
    assert "t3_granted__natural" in card.inner_text()
    for arrow, code in (("ArrowRight", "t3_granted__business"), ("ArrowDown", "t3_partial__business")):
        watched.page.keyboard.press(arrow)
        card.get_by_text(code, exact=True).wait_for()
        assert watched.page.evaluate("document.activeElement.parentElement.id") == code
    watched.page.keyboard.press("Escape")
    assert not card.is_visible()


def test_without_scripts_a_figure_leads_to_its_page(site: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/report/{REVISED}?version=1")
        page.locator("#t3_granted__natural a").click()
        assert page.url == f"{site}/figure/{REVISED}/t3_granted__natural?version=1"
        assert page.locator("h1").inner_text() == "（一）予以公开 · 自然人"


def test_the_arrows_lead_from_the_page_of_a_figure_to_the_next(site: str, watched: Watched) -> None:
    watched.page.goto(f"{site}/figure/{REVISED}/t3_granted__natural")
    watched.page.keyboard.press("ArrowRight")
    watched.page.wait_for_url(f"{site}/figure/{REVISED}/t3_granted__business")


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("code", ["t3_granted__natural", "t3_granted__total", "t2_licensing_decisions"])
def test_what_is_told_of_a_figure_does_not_hide_it(
    site: str, browser: Browser, width: int, code: str
) -> None:
    with Watched(browser, width) as watched:
        watched.page.goto(f"{site}/report/{REVISED}")
        watched.page.locator(f"#{code} a").click()
        watched.page.wait_for_selector("#card .told")
        card, figure = (watched.page.locator(each).bounding_box() for each in ("#card", f"#{code}"))
    assert card
    assert figure
    apart = [
        card[at] + card[size] <= figure[at] + 1 or figure[at] + figure[size] <= card[at] + 1
        for at, size in (("x", "width"), ("y", "height"))
    ]
    assert any(apart), (card, figure)


def test_digit_stands_under_digit(site: str, watched: Watched) -> None:
    """The last digits of a column end at the same place, whatever stands before them."""
    watched.page.goto(f"{site}/report/{REVISED}")
    right = """([column]) => [...document.querySelectorAll(`#t3 [id$=__${column}] a`)].map(e => {
      const range = document.createRange(); range.selectNodeContents(e); return range.getBoundingClientRect().right; })"""
    ends = watched.page.evaluate(right, ["natural"])
    assert len(ends) > 10
    assert max(ends) - min(ends) < 1


def test_a_contradicted_figure_is_marked_and_a_blank_is_no_zero(site: str, watched: Watched) -> None:
    mark = "e => getComputedStyle(e, '::after').content"
    watched.page.goto(f"{site}/report/{REVISED}")
    assert watched.page.locator("#t3_granted__natural a").evaluate(mark) == '"✗"'
    assert watched.page.locator("#t3_partial__natural a").evaluate(mark) == '"✓"'
    watched.page.goto(f"{site}/report/{OLD}")
    blank = watched.page.locator("#t2_procurement_projects")
    assert blank.inner_text().strip("\u200b \n") == ""
    assert "gradient" in blank.evaluate("e => getComputedStyle(e).backgroundImage")


def test_a_reader_comes_from_the_search_to_a_report(site: str, watched: Watched) -> None:
    page = watched.page
    page.goto(site)
    page.locator("main input[name=q]").fill("云岭县人民政府")
    page.locator("main form button").click()
    page.locator("main").get_by_role("link", name=COUNTY, exact=True).first.click()
    page.get_by_role("link", name="2022年政府信息公开工作年度报告").click()
    assert page.url == f"{site}/report/{REVISED}"
    page.get_by_role("link", name="（一）予以公开 · 总计").click()
    assert page.locator("td:target").get_attribute("id") == "t3_granted__total"


@pytest.mark.parametrize("path", [f"/report/{HOSTILE}", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/"])
def test_nothing_hostile_runs(site: str, watched: Watched, path: str) -> None:
    watched.page.goto(site + path)
    assert watched.page.locator("main script, main img").count() == 0


def test_the_place_of_a_figure_is_marked_in_the_kept_page(site: str, browser: Browser) -> None:
    page = browser.new_page()
    place = "table%5B2%5D%2Ftr%5B2%5D%2Ftd%5B2%5D"
    page.goto(f"{site}/capture/{blob_id(PAGE.encode())}?place={place}#{place}")
    target = page.locator(":target")
    assert target.inner_text() == "1988"
    assert target.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 224, 138)"
    page.close()


def test_a_kept_page_does_not_run(site: str, browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site}/capture/{blob_id(PAGE.encode())}")
    assert page.locator("h1").inner_text() == "云岭县"
    assert said == []
    page.close()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "年报 Nianbao"),
        ("/v_figures", "数据视图 v_figures"),
        ("/panel", "一个代码的面板 Panel of one code"),
    ],
)
def test_datasette_stays_beside_with_titles_in_both_languages(
    site: str, watched: Watched, path: str, title: str
) -> None:
    watched.page.goto(f"{site}/nianbao{path}")
    assert title in watched.page.locator("h1").inner_text()


PHONE = ["/", f"/body/{COUNTY_ID}", f"/report/{REVISED}", f"/report/{REVISED}/diff", "/downloads"]


@pytest.mark.parametrize("path", PHONE)
def test_pages_fit_a_phone(site: str, browser: Browser, path: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_a_newer_publication_is_taken_up(site: str, public: Path, watched: Watched) -> None:
    with closing(sqlite3.connect(public.parent / "archive.db")) as conn, conn:
        conn.execute("update version set title = '改了的标题' where report_id = ?", [OLD])
    publish(public.parent / "archive.db", public)
    watched.page.goto(f"{site}/report/{OLD}")
    for _ in range(100):
        watched.page.reload()  # or the browser may show for some minutes what it has
        if watched.page.locator("h1").inner_text() == "改了的标题":
            return
        time.sleep(0.1)
    pytest.fail("the old publication is still served after ten seconds")


def test_the_report_can_be_photographed(site: str, watched: Watched, tmp_path: Path) -> None:
    watched.page.goto(f"{site}/report/{REVISED}")
    picture = watched.page.screenshot(path=tmp_path / "report.png", full_page=True)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 50_000
