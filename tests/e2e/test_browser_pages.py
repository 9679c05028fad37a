"""Every page in a real browser, at a desk and on a phone, in both languages: whole, quiet, accessible, harmless."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from browsing import CHROMIUM, Watched, served, started
from hostile import (
    BARE_REPORT,
    EMPTY_ID,
    LONG_ID,
    LONG_REPORT,
    MANY_ID,
    MANY_REPORT,
    VERSIONS,
    make_hostile,
)
from playwright.sync_api import Browser, Page
from published import COUNTY_ID, HOSTILE, OLD, REVISED

from archive.publish import publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
AXE = "axe-core@4.10.3"

CALM = {
    "home": "/",
    "body": f"/body/{COUNTY_ID}",
    "report": f"/report/{REVISED}",
    "older report": f"/report/{OLD}",
    "figure": f"/figure/{REVISED}/t3_granted__total",
    "figure of an older version": f"/figure/{REVISED}/t2_licensing_decisions?version=1",
    "diff": f"/report/{REVISED}/diff",
    "findings": "/findings",
    "late": "/late",
    "changed": "/changed",
    "contradicted": "/contradicted?sort=gravest",
    "quality": "/quality",
    "rules": "/rules",
    "rule": "/rules/NB-0003",
    "rule on prose": "/rules/NB-0015",
    "sources": "/sources",
    "sources of a province": "/sources?province=530000",
    "search": "/search?q=云岭",
    "empty search": "/search",
    "downloads": "/downloads",
    "releases": "/releases",
    "release": "/releases/2023-03-02",
    "map": "/map",
    "division": "/division/530000?year=2022",
    "citation": "/cite?sql=select+name,division+from+body",
    "new citation": "/cite",
    "compare": f"/compare?body={COUNTY_ID}&peers=1&q=局",
    "empty compare": "/compare",
}
WORST = {
    "long name": f"/body/{LONG_ID}",
    "no reports": f"/body/{EMPTY_ID}",
    "long report": f"/report/{LONG_REPORT}",
    "hostile report": f"/report/{HOSTILE}",
    "hostile figure": f"/figure/{HOSTILE}/t2_regulation_issued",
    "bare report": f"/report/{BARE_REPORT}",
    "forty versions": f"/report/{MANY_REPORT}",
    "one of forty": f"/report/{MANY_REPORT}/diff?from=1&to={VERSIONS}",
    "long findings": f"/findings?body={MANY_ID}",
    "hostile search": "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "full division": "/division/110000?year=2020",
    "long compare": f"/compare?body={LONG_ID}&body={MANY_ID}&body={EMPTY_ID}&peers=1",
}
PAGES = CALM | WORST


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pages")
    publish(make_hostile(folder / "archive.db"), folder / "public")
    with served(folder / "public") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as made:
        yield made


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility rules of axe-core, fetched with npm: foreign code that is not kept here."""
    if which("npm") is None:
        pytest.skip("no npm on this machine: apt-get install npm")
    folder = tmp_path_factory.mktemp("axe")
    fetched = subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, capture_output=True, timeout=120)
    if fetched.returncode:
        pytest.skip(f"npm cannot fetch {AXE} here")
    subprocess.run(["tar", "xzf", *(path.name for path in folder.glob("*.tgz"))], cwd=folder, check=True)
    return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_and_fits(site: str, browser: Browser, name: str, width: int) -> None:
    with Watched(browser, width) as watched:
        answer = watched.page.goto(site + PAGES[name])
        assert answer is not None
        assert answer.status == 200
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
        assert watched.page.locator("main script, main img").count() == 0
        assert watched.page.locator("h1").count() == 1
    assert (watched.hosts, watched.said) == ({"127.0.0.1"}, [])


SERIOUS = ("serious", "critical")


AT_DESK = [*CALM, "full division", "nowhere"]
ON_PHONE = [
    "home",
    "body",
    "report",
    "figure",
    "map",
    "findings",
    "late",
    "changed",
    "contradicted",
    "full division",
    "sources",
    "sources of a province",
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "width", "lang", "scheme"),
    [(AT_DESK, 1440, "zh", "light"), (ON_PHONE, 390, "en", "dark")],
    ids=["desk", "phone"],
)
def test_no_page_has_a_serious_fault_of_accessibility(
    site: str, browser: Browser, axe: str, names: list[str], width: int, lang: str, scheme: str
) -> None:
    faults = []
    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    ) as context:  # type: ignore[arg-type]
        context.add_cookies([{"name": "lang", "value": lang, "url": site}])
        page = context.new_page()
        for name in names:
            page.goto(site + PAGES.get(name, "/nope"))
            if name == "older report":
                page.locator("#t3_granted__natural a").click()
                page.wait_for_selector("#card .told")
            faults += [f"{name}: {fault}" for fault in _faults(page, axe)]
    assert faults == []


def _faults(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run({exclude: ['.card:not(:popover-open)']}, {resultTypes: ['violations'], iframes: false})"
    )
    return [
        f"{each['id']} ({each['help']}): {each['nodes'][0]['html'][:160]} {each['nodes'][0].get('failureSummary')}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


def test_a_figure_is_seen_in_its_source(site: str, browser: Browser) -> None:
    with Watched(browser, 1440) as watched:
        page = watched.page
        page.goto(f"{site}/report/{OLD}")
        card = page.locator("#card")
        page.locator("#t3_granted__natural a").click()
        card.get_by_text("t3_granted__natural", exact=True).wait_for()
        card.get_by_role("button").click()
        assert not card.is_visible()
    assert (watched.hosts, watched.said) == ({"127.0.0.1"}, [])


def test_a_reader_goes_from_the_grid_to_a_body_and_compares_it(site: str, browser: Browser) -> None:
    with Watched(browser, 1440) as watched:
        page = watched.page
        page.goto(site)
        page.locator("table.grid").get_by_role("link", name="云南省").click()
        page.locator("select[name=year]").select_option("2022")
        page.get_by_role("button", name="筛选").click()
        page.locator("main").get_by_role("link", name="云岭县人民政府办公室").first.click()
        page.get_by_role("link", name="与同类机关比较").click()
        page.locator("select[name=code]").select_option(label="行政复议")
        page.get_by_role("button", name="显示").click()
        assert page.locator("#shown").inner_text().startswith("行政复议")
        assert page.locator("svg.chart").count() == 1
    assert watched.said == []


def test_the_language_is_kept_from_page_to_page(site: str, browser: Browser) -> None:
    with Watched(browser, 390) as watched:
        page = watched.page
        page.goto(site)
        page.get_by_role("link", name="English").click()
        page.get_by_role("link", name="Findings", exact=True).click()
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_role("link", name="中文").click()
        assert page.locator("h1").inner_text() == "问题"
    assert watched.said == []


def test_the_keyboard_finds_the_content_first(site: str, browser: Browser) -> None:
    with Watched(browser, 1440) as watched:
        watched.page.goto(f"{site}/findings")
        watched.page.keyboard.press("Tab")
        assert watched.page.locator(":focus").inner_text() == "跳到正文"
        watched.page.keyboard.press("Enter")
        assert watched.page.locator(":focus").get_attribute("id") == "main"


def test_a_report_prints_without_its_controls(site: str, browser: Browser, tmp_path: Path) -> None:
    with Watched(browser, 1440) as watched:
        watched.page.goto(f"{site}/report/{REVISED}")
        watched.page.emulate_media(media="print")
        for gone in (".top form", ".top nav", "footer"):
            assert not watched.page.locator(gone).first.is_visible()
        assert watched.page.pdf(path=tmp_path / "report.pdf").startswith(b"%PDF")


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_can_be_photographed(site: str, browser: Browser, tmp_path: Path, width: int) -> None:
    with Watched(browser, width) as watched:
        for name in ("home", "body", "map"):
            watched.page.goto(site + PAGES[name])
            picture = watched.page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            assert len(picture) > 20_000
