"""What search engines and messengers read of the site."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import lxml.etree
import lxml.html
import pytest
from published import COUNTY_ID, HOSTILE, REVISED, make_archive

from archive.publish import publish
from web import app
from web.views import sitemaps


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("sitemaps")
    publish(make_archive(folder / "archive.db"), folder / "public")
    site = app(folder / "public")
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


def places(answer: Any) -> list[str]:
    assert answer.headers["content-type"].startswith("application/xml")
    found: Any = lxml.etree.fromstring(answer.content)
    return [each.text for each in found.iter("{*}loc")]


def test_sitemaps_have_every_body_and_report_and_nothing_else(
    get: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 2)
    maps = places(get("/sitemap.xml"))
    assert len(maps) == 3
    listed = [url for each in maps for url in places(get(each.removeprefix("http://localhost")))]
    assert len(listed) == 2 + 3
    assert {f"http://localhost/body/{COUNTY_ID}", f"http://localhost/report/{REVISED}"} <= {*listed}
    assert {get(url.removeprefix("http://localhost")).status_code for url in listed} == {200}
    assert get("/sitemap-report-9.xml").status_code == 404


def test_robots_are_led_to_the_sitemaps(get: Any) -> None:
    text = get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /nianbao" in text


@pytest.mark.parametrize(
    "path", ["/", f"/body/{COUNTY_ID}", f"/report/{HOSTILE}?version=1", "/findings?year=2022"]
)
def test_a_page_names_itself_and_its_languages(get: Any, path: str) -> None:
    shown: Any = lxml.html.fromstring(get(path + ("&" if "?" in path else "?") + "lang=en").text)
    assert shown.xpath("//link[@rel='canonical']/@href") == [f"http://localhost{path}"]
    others = {each.get("hreflang"): each.get("href") for each in shown.xpath("//link[@hreflang]")}
    assert [*others] == ["zh-Hans", "en", "x-default"]
    for url in others.values():
        assert get(url.removeprefix("http://localhost")).status_code == 200
    assert shown.xpath("//meta[@name='description']/@content")[0]
    assert shown.xpath("//meta[@property='og:url']/@content") == [f"http://localhost{path}"]


def test_an_error_names_no_page(get: Any) -> None:
    assert 'rel="canonical"' not in get("/nope").text


def test_places_in_sources_are_not_followed(get: Any) -> None:
    shown: Any = lxml.html.fromstring(get(f"/figure/{REVISED}/t3_granted__total?part=card").text)
    links = shown.xpath("//dd/a[starts-with(@href, '/capture/')]")
    assert links
    assert {each.get("rel") for each in links} == {"nofollow"}


def test_the_files_are_a_data_set(get: Any) -> None:
    shown: Any = lxml.html.fromstring(get("/downloads").text)
    (text,) = shown.xpath("//script[@type='application/ld+json']/text()")
    facts = json.loads(text)
    assert facts["@type"] == ["Dataset", "dcat:Dataset"]
    assert facts["license"].startswith("https://creativecommons.org/")
    assert facts["temporalCoverage"] == "2020/2022"
    assert 50 <= len(facts["description"]) <= 5000
    listed = {each["name"]: each["sha256"] for each in get("/downloads.json").json()["files"]}
    for each in facts["distribution"]:
        path = each["contentUrl"].removeprefix("http://localhost")
        data = get(path, headers={"accept-encoding": "identity"}).content
        assert (each["sha256"], each["dcat:byteSize"]) == (listed[each["name"]], len(data))
    assert {"panel.csv", "panel.parquet", "nianbao.db"} <= {each["name"] for each in facts["distribution"]}
