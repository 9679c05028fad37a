"""A line that comes or goes on other pages of the host is the host's; one that comes on one page is a revision."""

from __future__ import annotations

from made import HOST, Country, says

PAGES = {2022: f"{HOST}/1.html", 2021: f"{HOST}/2.html", 2020: f"{HOST}/3.html", 2019: f"{HOST}/4.html"}
SAID = "公开8条。\n申请2件。均已答复。"
WEATHER = ("今夜有小雨，请安排出行。", "城区明晚停水，请储水。", "县图书馆恢复开放，请凭证入馆。")


def crawl(country: Country, day: int, texts: dict[int, str]) -> None:
    """A night on which the pages of these years say this, at two looks each."""
    run = country.night(day)
    for year, text in texts.items():
        for look in range(2):
            said = says(title=f"获嘉县{year}年政府信息公开年度报告", year=year, text=text)
            country.shows(PAGES[year], said, day, run=run, time=f"0{look}:00:00")


def versions(country: Country) -> dict[int, int]:
    """How many versions the report of each year has."""
    return dict(country.rows("select year, count(*) from v_reports group by year order by year"))


def floated(line: str) -> str:
    """What a report says, with a line of the site in its midst."""
    return SAID.replace("\n", f"\n{line}\n")


def test_a_line_of_one_night_on_all_pages_is_no_version(country: Country) -> None:
    for day, line in enumerate(WEATHER[:2], 1):
        crawl(country, day, dict.fromkeys(PAGES, floated(line)))
    country.read()
    assert versions(country) == dict.fromkeys(PAGES, 1)


def test_a_line_that_comes_on_one_page_is_a_version_beside_one_that_comes_on_all(country: Country) -> None:
    crawl(country, 1, dict.fromkeys(PAGES, floated(WEATHER[0])))
    revised = f"{floated(WEATHER[1])}\n特别说明。"
    crawl(country, 2, {**dict.fromkeys(PAGES, floated(WEATHER[1])), 2021: revised})
    country.read()
    assert versions(country) == {**dict.fromkeys(PAGES, 1), 2021: 2}


def test_a_sentence_that_two_reports_add_within_a_line_is_a_revision_of_both(country: Country) -> None:
    said = {year: f"{year}年公开8条。\n申请{year % 9}件。均已答复。" for year in PAGES}
    crawl(country, 1, said)
    crawl(country, 2, {**said, 2021: f"{said[2021]}已核对。", 2020: f"{said[2020]}已核对。"})
    country.read()
    assert versions(country) == {2022: 1, 2021: 2, 2020: 2, 2019: 1}


def test_it_does_not_depend_on_the_order_in_which_pages_were_read(country: Country) -> None:
    crawl(country, 1, dict.fromkeys(PAGES, floated(WEATHER[0])))
    country.read()
    run = country.night(2)
    for year, page in PAGES.items():
        for look in range(2):
            said = says(title=f"获嘉县{year}年政府信息公开年度报告", year=year, text=floated(WEATHER[1]))
            country.shows(page, said, 2, run=run, time=f"0{look}:00:00")
        country.read()
    assert versions(country) == dict.fromkeys(PAGES, 1)
    assert country.rows("select distinct class from event") == [("noise",)]
