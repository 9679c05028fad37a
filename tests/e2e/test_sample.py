"""The sample country: its truth holds, its files give every cell back, its sites behave as they should."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from sample_reading import (
    docx_tables,
    html_tables,
    pdf_rows,
    printed,
    records,
    spread,
    statement_checks,
    trs_rows,
    value_rows,
)

from sample.__main__ import main
from sample.answers import REGISTRY_COLUMNS
from sample.codebook import APPLICANTS, SUIT_GROUPS, SUIT_RESULTS, codes, request_rows, result_rows
from sample.figures import Figures
from sample.forms.layout import blank_form, filled_form
from sample.forms.markup import as_html
from sample.forms.pdf import as_pdf
from sample.forms.plain import as_text
from sample.forms.word import as_docx
from sample.make import BARE_TITLE, country
from sample.places import MAX_SITES, Nesting, Site, make_sites
from sample.server import Server
from sample.sites import hanweb, render_site
from sample.sites.files import NOW, VIEWS
from sample.truth import Country, Form, Truth

COUNTRY = country()
SITES = {site.key: site for site in COUNTRY.sites}
REVISED = next(report for report in COUNTRY.reports if report.revisions)
TRS, HANWEB, OLD_TRS, HANWEB_BODIES = COUNTRY.sites


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(COUNTRY) as running:
        yield running


def ask(server: Server, site: Site, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(site.address, server.port, timeout=10)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=names)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def total(figures: Figures, *names: str) -> int | float:
    return sum(figures[name] or 0 for name in names)


def failures(figures: Figures, generation: str) -> int:
    rows, columns = request_rows(generation), (*APPLICANTS, "total")
    checks = [
        total(figures, f"t3_new_received__{c}", f"t3_carried_in__{c}")
        == total(figures, f"t3_result_total__{c}", f"t3_carried_out__{c}")
        for c in columns
    ]
    checks += [
        total(figures, *(f"{row}__{c}" for row in result_rows(generation)))
        == figures[f"t3_result_total__{c}"]
        for c in columns
    ]
    checks += [
        total(figures, *(f"{row}__{c}" for c in APPLICANTS)) == figures[f"{row}__total"] for row in rows
    ]
    checks += [
        total(figures, *(f"{group}_{result}" for result in SUIT_RESULTS)) == figures[f"{group}_total"]
        for group in SUIT_GROUPS
    ]
    return checks.count(False)


def years_of(made: Country) -> Iterator[tuple[Truth, Truth]]:
    """Reports of one body about two years in a row."""
    for one, next_ in pairwise(made.reports):
        if one.body == next_.body and next_.year == one.year + 1:
            yield one, next_


# The truth


def test_the_country_asks_the_network_for_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As http.server does of itself, of its own address."""

    def asked(*arguments: object) -> str:
        raise AssertionError(f"the network was asked for {arguments}")

    for name in ("getfqdn", "gethostbyaddr", "getnameinfo"):
        monkeypatch.setattr(f"socket.{name}", asked)
    with Server(COUNTRY) as running:
        assert running.port


def test_size() -> None:
    assert (len(COUNTRY.sites), len(COUNTRY.bodies), len(COUNTRY.reports)) == (4, 12, 83)
    assert {report.year for report in COUNTRY.reports} == set(range(2019, 2026))


@pytest.mark.parametrize(("generation", "count"), [("G2019", 198), ("G2021", 200)])
def test_every_report_says_every_cell(generation: str, count: int) -> None:
    assert len(codes(generation)) == count
    reports = [report for report in COUNTRY.reports if report.generation == generation]
    assert reports
    assert all(set(report.figures) == set(codes(generation)) for report in reports)


def test_identities_hold_except_where_the_truth_says_so() -> None:
    for report in COUNTRY.reports:
        assert failures(report.figures, report.generation) == len(report.printed_errors), report.title
    assert sum(bool(report.printed_errors) for report in COUNTRY.reports) == 2
    kinds = {error.id for report in COUNTRY.reports for error in report.printed_errors}
    assert kinds == {"T3-I2", "T3-I3", "T4-I1"}


def test_identities_hold_in_the_revision() -> None:
    assert failures(REVISED.at(2).figures, REVISED.generation) == 0


def test_requests_carry_over_from_year_to_year() -> None:
    pairs = list(years_of(COUNTRY))
    assert len(pairs) > 60
    for one, next_ in pairs:
        for column in APPLICANTS:
            assert next_.figures[f"t3_carried_in__{column}"] == one.figures[f"t3_carried_out__{column}"]


def test_stocks_carry_over_from_year_to_year() -> None:
    for one, next_ in years_of(COUNTRY):
        old, new = one.figures, next_.figures
        for name in ("regulation", "normative"):
            if one.year > 2020:
                gain = total(new, f"t2_{name}_issued") - total(new, f"t2_{name}_repealed")
                assert new[f"t2_{name}_in_force"] == total(old, f"t2_{name}_in_force") + gain
        if next_.year == 2020:
            for power in ("licensing", "other_service", "penalty", "coercion", "fee"):
                moved = total(old, f"t2_{power}_items_prev", f"t2_{power}_items_change")
                assert new[f"t2_{power}_items_prev"] == moved


def test_old_form_has_blanks_and_signed_changes() -> None:
    figures = [report.figures for report in COUNTRY.reports if report.generation == "G2019"]
    changes = [value for one in figures for code, value in one.items() if code.endswith("_items_change")]
    assert min(value or 0 for value in changes) < 0 < max(value or 0 for value in changes)
    assert any(value is None for one in figures for value in one.values())


def test_prose_agrees_with_the_tables() -> None:
    meant = statement_checks()
    compared = 0
    for report in COUNTRY.reports:
        whole = "".join(section.text for section in report.sections)
        for code, value in report.statements.items():
            assert code in meant
            assert str(value) in whole or value == 0
            if meant[code] and not report.printed_errors:
                assert total(report.figures, *meant[code]) == value, (report.title, code)
                compared += 1
    assert compared > 100


def test_same_seed_same_country() -> None:
    assert country(seed=1) == COUNTRY
    assert country(seed=2).reports[0].figures != COUNTRY.reports[0].figures


def test_larger_country_keeps_the_bodies_it_had() -> None:
    large = country(bodies=286)
    assert 1950 < len(large.reports) < 2010
    assert len({body.name for body in large.bodies}) == 286
    assert len({report.site.base(80) + report.place.path for report in large.reports}) == len(large.reports)
    figures = {(report.body.name, report.year): report.figures for report in large.reports}
    own = [report for report in COUNTRY.reports if report.scope == "body"]
    same = [figures.get((report.body.name, report.year)) == report.figures for report in own]
    assert sum(same) >= len(same) - 2


@pytest.mark.parametrize(("bodies", "years"), [(12, [2019, 2021]), (0, [2020]), (12, []), (12, [2018])])
def test_sizes_that_cannot_be(bodies: int, years: list[int]) -> None:
    with pytest.raises(ValueError):
        country(bodies=bodies, years=years)


def test_cases_that_others_look_for() -> None:
    forms = {form: [report for report in COUNTRY.reports if report.form is form] for form in Form}
    assert {form: len(found) for form, found in forms.items() if form is not Form.PAGE} == {
        Form.PAGE_AND_PDF: 2,
        Form.PDF_ONLY: 1,
        Form.WORD_ONLY: 1,
    }
    assert [report.title for report in COUNTRY.reports].count(BARE_TITLE) == 1
    assert sum(bool(report.place.twin) for report in COUNTRY.reports) == 1
    assert [(gap.body.name, gap.year) for gap in COUNTRY.gaps] == [("北坡县石桥镇人民政府", 2020)]
    assert {other.kind for other in COUNTRY.look_alikes} >= {"interpretation", "notice", "guide", "body_list"}


# The forms


@pytest.mark.parametrize("generation", ["G2019", "G2021"])
def test_layout_places_every_cell_once(generation: str) -> None:
    grids = blank_form(generation)
    assert [slot.code for grid in grids for slot in grid.slots if slot.code] == list(codes(generation))
    for grid in grids:
        area = sum(slot.rowspan * slot.colspan for slot in grid.slots)
        assert area == grid.height * grid.width


@pytest.mark.parametrize("generation", ["G2019", "G2021"])
@pytest.mark.parametrize("row", [4, 6, 12, 20])
def test_a_split_grid_is_whole(generation: str, row: int) -> None:
    grid = blank_form(generation)[1]
    above, below = grid.split(row)
    for part in (above, below):
        assert sum(slot.rowspan * slot.colspan for slot in part.slots) == part.height * part.width
    kept = [slot.code for part in (above, below) for slot in part.slots if slot.code]
    assert kept == [slot.code for slot in grid.slots if slot.code]


@pytest.mark.parametrize("skin", [0, 1, 2])
def test_html_gives_every_cell(skin: int) -> None:
    for report in COUNTRY.reports:
        grids = filled_form(report.generation, report.figures, signs=skin != 0)
        assert html_tables(as_html(report, skin=skin)) == [
            [row for row in printed(grid) if row] for grid in grids
        ]


def test_text_gives_every_figure() -> None:
    for report in COUNTRY.reports[:14]:
        lines = as_text(report).splitlines()
        assert lines[0] == report.title
        for grid in filled_form(report.generation, report.figures):
            for _, values in value_rows(grid):
                assert any(line.replace("\t\t", "\t").rstrip("\t").endswith(values[-1]) for line in lines)


@pytest.mark.parametrize("number", [0, 9, 17])
def test_docx_gives_every_cell(number: int) -> None:
    report = COUNTRY.reports[number]
    grids = filled_form(report.generation, report.figures)
    assert docx_tables(as_docx(report)) == [spread(grid) for grid in grids]
    assert as_docx(report) == as_docx(report)


@pytest.mark.parametrize("number", [0, 1, 9, 12, 17, 47])
def test_pdf_gives_every_cell(number: int) -> None:
    report = COUNTRY.reports[number]
    data = as_pdf(report)
    rows, pages = pdf_rows(data)
    assert pages > 1
    expected = [row for grid in filled_form(report.generation, report.figures) for row in value_rows(grid)]
    left = iter(rows)
    for label, values in expected:
        found = next(row for row in left if row[-len(values) :] == values and (not label or label in row))
        assert found
    assert as_pdf(report) == data


def test_some_pdf_breaks_within_a_table() -> None:
    attached = [report for report in COUNTRY.reports if report.form in (Form.PAGE_AND_PDF, Form.PDF_ONLY)]
    heads = [pdf_rows(as_pdf(report))[0] for report in attached]
    # A table that goes on has a first cell without text.
    assert any(row[0] == "" for rows in heads for row in rows)


# The sites


def items_of(site: Site, column: str | None = None) -> set[str]:
    everything = (*COUNTRY.reports, *COUNTRY.look_alikes, *COUNTRY.forbidden)
    return {
        item.place.path
        for item in everything
        if item.site == site and (column is None or item.place.column == column)
    }


@pytest.mark.parametrize("site", [TRS, OLD_TRS], ids=lambda site: site.key)
def test_trs_lists_page_right(site: Site) -> None:
    files = render_site(COUNTRY, site)
    columns = {report.place.column for report in COUNTRY.at_site(site)}
    assert len(columns) == (7 if site.nesting is Nesting.YEARS else 1)
    for column in columns:
        links, announced = trs_rows(files, column)
        found = [urlsplit(urljoin(site.base(80) + column, link)).path for link in links]
        assert len(found) == len(set(found)) == announced
        assert set(found) == items_of(site, column)


def proxy(site: Site, files: str, first: int, last: int) -> dict[str, str]:
    named = dict(re.findall(r"(\w+):'?([^,'}]*)'?", re.findall(r"param_\d+ = \{(.*?)\};", files)[0]))
    return {**named, "startrecord": str(first), "endrecord": str(last), "perpage": "5"}


def test_hanweb_records_and_proxy_make_up_the_total() -> None:
    files = render_site(COUNTRY, HANWEB)
    column = COUNTRY.at_site(HANWEB)[0].place.column
    page = files.get(column)
    assert page is not None
    text = page.body.decode()
    announced = int(re.findall(r"totalRecord:(\d+)", text)[0])
    found = records(text)
    assert len(found) == hanweb.PER_PAGE * hanweb.GROUP < announced
    while len(found) < announced:
        answer = files.get(hanweb.PROXY, proxy(HANWEB, text, len(found) + 1, 5000))
        assert answer is not None
        more = records(answer.body.decode())
        assert 0 < len(more) <= 15
        found += more
    assert len(set(found)) == announced
    assert set(found) == items_of(HANWEB, column)
    past = files.get(hanweb.PROXY, proxy(HANWEB, text, announced + 1, announced + 15))
    assert past is not None
    assert past.body == b"<datastore><recordset></recordset></datastore>"


def test_hanweb_proxy_knows_no_other_list() -> None:
    answer = render_site(COUNTRY, HANWEB).get(hanweb.PROXY, {"columnid": "1", "unitid": "1"})
    assert answer is not None
    assert records(answer.body.decode()) == []


def test_hanweb_columns_of_bodies_hold_all_records() -> None:
    files = render_site(COUNTRY, HANWEB_BODIES)
    columns = {report.place.column for report in COUNTRY.at_site(HANWEB_BODIES)}
    assert len(columns) == 3
    for column in columns:
        page = files.get(column)
        assert page is not None
        found = records(page.body.decode())
        assert [str(len(found))] == re.findall(r"totalRecord:(\d+)", page.body.decode())
        assert set(found) == items_of(HANWEB_BODIES, column)


@pytest.mark.parametrize("site", COUNTRY.sites, ids=lambda site: site.key)
def test_lists_cut_titles_and_keep_them_whole_beside(site: Site) -> None:
    files = render_site(COUNTRY, site)
    column = COUNTRY.at_site(site)[-1].place.column
    report = max(
        (one for one in COUNTRY.reports if one.place.column == column), key=lambda one: one.published
    )
    page = files.get(column)
    assert page is not None
    text = page.body.decode(site.charset)
    assert f'title="{report.title}"' in text
    assert "…</a>" in text or "...</a>" in text
    assert ("<!-- <li>" in text) == (site.family == "trs")


@pytest.mark.parametrize("site", COUNTRY.sites, ids=lambda site: site.key)
def test_pages_carry_the_mandatory_tags(site: Site) -> None:
    files = render_site(COUNTRY, site)
    report = COUNTRY.at_site(site)[0]
    page = files.get(report.place.path)
    assert page is not None
    text = page.body.decode(site.charset)
    for name, value in {
        "SiteName": site.name,
        "SiteIDCode": site.id_code,
        "ColumnName": "政府信息公开年报",
        "ColumnType": "信息公开年报",
        "ArticleTitle": report.title,
        "PubDate": f"{report.published:%Y-%m-%d %H:%M}",
        "ContentSource": report.body.name,
    }.items():
        assert f'<meta name="{name}" content="{value}"/>' in text
    assert VIEWS in page.body


def test_the_old_site_does_not_say_its_charset() -> None:
    page = render_site(COUNTRY, OLD_TRS).get(COUNTRY.at_site(OLD_TRS)[0].place.path)
    assert page is not None
    assert page.content_type == "text/html"
    assert b"charset=gb2312" in page.body
    assert "政府信息公开" in page.body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        page.body.decode("utf-8")


@pytest.mark.parametrize("report", [r for r in COUNTRY.reports if r.place.attachment], ids=lambda r: r.form)
def test_attachments_are_linked_and_there(report: Truth, server: Server) -> None:
    _, body = ask(server, report.site, report.place.path)
    text = body.decode().replace("&amp;", "&")
    links = [urljoin(server.url(report), link) for link in re.findall(r'href="([^"]+)"', text)]
    assert report.place.attachment is not None
    assert report.site.base(server.port) + report.place.attachment in links
    assert ("详见附件。" in text) == (report.form is not Form.PAGE_AND_PDF)
    response, data = ask(server, report.site, report.place.attachment)
    assert response.status == 200
    grids = filled_form(report.generation, report.figures)
    if report.form is Form.WORD_ONLY:
        assert docx_tables(data) == [spread(grid) for grid in grids]
    else:
        assert pdf_rows(data)[0][-1] == value_rows(grids[2])[0][1]


def test_the_twin_says_the_same() -> None:
    report = next(report for report in COUNTRY.reports if report.place.twin)
    files = render_site(COUNTRY, report.site)
    page, twin = files.get(report.place.path), files.get(report.place.twin or "")
    assert page is not None
    assert twin is not None
    assert html_tables(page.body.decode()) == html_tables(twin.body.decode())


@pytest.mark.parametrize("other", COUNTRY.look_alikes, ids=lambda other: other.title)
def test_look_alikes_have_no_statutory_table(other: object) -> None:
    item = next(one for one in COUNTRY.look_alikes if one is other)
    page = render_site(COUNTRY, item.site).get(item.place.path)
    assert page is not None
    assert html_tables(page.body.decode(item.site.charset)) == []


def test_robots_forbid_a_page_that_a_list_links_to(server: Server) -> None:
    for item in COUNTRY.forbidden:
        _, robots = ask(server, item.site, "/robots.txt")
        assert b"Disallow: /internal/" in robots
        assert item.place.path.startswith("/internal/")
        assert ask(server, item.site, item.place.path)[0].status == 200


# Nights and noise


def bodies_of(made: Country, night: int) -> dict[str, bytes]:
    found = {}
    for site in made.sites:
        files = render_site(made, site, night)
        for path in files.paths():
            page = files.get(path)
            assert page is not None
            found[site.key + path] = page.body
    return found


def test_same_seed_same_bytes() -> None:
    assert bodies_of(COUNTRY, 1) == bodies_of(country(), 1)


def test_the_second_night_differs_in_one_report() -> None:
    first, second = bodies_of(COUNTRY, 1), bodies_of(COUNTRY, 2)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == [REVISED.site.key + REVISED.place.path]
    changed = [code for code, value in REVISED.figures.items() if REVISED.at(2).figures[code] != value]
    assert changed == ["t4_review_other", "t4_review_total"]


def test_two_requests_differ_in_the_declared_noise_only(server: Server) -> None:
    for site in COUNTRY.sites:
        path = COUNTRY.at_site(site)[0].place.path
        one, two = (ask(server, site, path)[1] for _ in range(2))
        assert one != two
        quiet = [
            re.sub(rb"\d\d:\d\d:\d\d\"/>", b"", re.sub(rb'"hits">\d+<', b"", text)) for text in (one, two)
        ]
        assert quiet[0] == quiet[1]


def test_noise_can_be_switched_off() -> None:
    with Server(COUNTRY, noise=False) as quiet:
        path = COUNTRY.at_site(HANWEB)[0].place.path
        one, two = (ask(quiet, HANWEB, path)[1] for _ in range(2))
    assert one == two
    assert VIEWS not in one
    assert NOW not in one


# The server


def test_static_sites_answer_conditional_requests(server: Server) -> None:
    path = COUNTRY.at_site(TRS)[0].place.path
    first, _ = ask(server, TRS, path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": date}):
        again, body = ask(server, TRS, path, **headers)
        assert (again.status, body) == (304, b"")
    assert ask(server, TRS, path, If_None_Match='"other"')[0].status == 200
    assert ask(server, TRS, path, If_Modified_Since="no date")[0].status == 200


def test_dynamic_sites_do_not(server: Server) -> None:
    response, _ = ask(server, HANWEB, COUNTRY.at_site(HANWEB)[0].place.path)
    assert response.headers["ETag"] is None
    assert response.headers["Last-Modified"] is None


def test_a_revision_has_a_new_tag() -> None:
    with Server(COUNTRY) as running:
        first, old = ask(running, REVISED.site, REVISED.place.path)
        running.set_night(2)
        tag = first.headers["ETag"]
        second, new = ask(running, REVISED.site, REVISED.place.path, If_None_Match=tag)
    assert second.status == 200
    assert second.headers["Last-Modified"] != first.headers["Last-Modified"]
    assert html_tables(old.decode()) != html_tables(new.decode())


def test_directories(server: Server) -> None:
    bare, _ = ask(server, TRS, "/zwgk/zfxxgk/zfxxgknb")
    assert (bare.status, bare.headers["Location"]) == (301, "/zwgk/zfxxgk/zfxxgknb/")
    _, one = ask(server, TRS, "/zwgk/zfxxgk/zfxxgknb/")
    _, two = ask(server, TRS, "/zwgk/zfxxgk/zfxxgknb/index.html")
    assert re.sub(rb"\d{4,}<", b"", one) == re.sub(rb"\d{4,}<", b"", two)
    assert ask(server, TRS, "/nothing.html")[0].status == 404


def test_proxy_takes_a_form_on_a_kept_connection(server: Server) -> None:
    column = COUNTRY.at_site(HANWEB)[0].place.column
    connection = HTTPConnection(HANWEB.address, server.port, timeout=10)
    connection.request("GET", column)
    text = connection.getresponse().read().decode()
    kept = connection.sock
    fields = proxy(HANWEB, text, 16, 30)
    query = urlencode({name: fields.pop(name) for name in ("startrecord", "endrecord", "perpage")})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{hanweb.PROXY}?{query}", urlencode(fields), headers)
    posted = connection.getresponse()
    assert posted.headers["Content-Type"].startswith("text/xml")
    assert len(records(posted.read().decode())) == 15
    assert connection.sock is kept
    connection.close()


def test_every_report_is_served(server: Server) -> None:
    for report in COUNTRY.reports:
        response, _ = ask(server, report.site, report.place.path)
        assert response.status == 200


def test_log_tells_who_asked_for_what(server: Server) -> None:
    ask(server, TRS, "/robots.txt?log", User_Agent="tester")
    hit = next(hit for hit in server.log if hit.path == "/robots.txt?log")
    assert (hit.host, hit.method, hit.status, hit.agent) == (TRS.address, "GET", 200, "tester")
    assert hit.started <= hit.ended


def test_loopback_only(server: Server) -> None:
    assert {listener.server_address for listener in server._listeners} == {
        (site.address, server.port) for site in COUNTRY.sites
    }
    assert all(site.address.startswith("127.0.0.") for site in make_sites(MAX_SITES))


def test_stopped_means_stopped() -> None:
    with Server(COUNTRY) as running:
        connection = HTTPConnection(TRS.address, running.port, timeout=5)
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()
    with pytest.raises(ConnectionError):
        HTTPConnection(TRS.address, running.port, timeout=5).request("GET", "/")
    assert connection.sock.recv(1) == b"", "the kept connection was cut"
    connection.close()


def test_registry(server: Server) -> None:
    rows = list(csv.DictReader(server.registry_csv().splitlines()))
    assert tuple(rows[0]) == REGISTRY_COLUMNS
    assert len(rows) == 6
    assert {row["family"] for row in rows} == {"trs", "hanweb", ""}
    for row in rows:
        site = next(site for site in COUNTRY.sites if site.address in row["url"])
        assert ask(server, site, urlsplit(row["url"]).path)[0].status == 200


def test_truth_as_json(server: Server) -> None:
    truth = json.loads(server.truth_json())
    assert len(truth["reports"]) == len(COUNTRY.reports)
    assert len(truth["negatives"]) == len(COUNTRY.look_alikes)
    revised = next(one for one in truth["reports"] if one["revised"])
    assert revised["figures"] == revised["figures_by_version"][0] != revised["figures_by_version"][1]
    assert [len(one["printed_errors"]) for one in truth["reports"] if one["printed_errors"]] == [2, 1]


# The command line


def test_render(tmp_path: Path) -> None:
    assert main(["--bodies", "1", "render", str(tmp_path)]) == 0
    assert len(list(tmp_path.iterdir())) == 7 * 5


def test_a_port_in_use_is_one_line(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(server.port)]) == 2
    assert capsys.readouterr().err.startswith("sample: ")
