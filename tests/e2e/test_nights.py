"""Whole nights: killed or stopped at each stage they go on and end right, and an unchanged site costs nothing."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from mockserver import MockServer, Reply
from nighting import BODIES, Nights, kept, site

from crawler.verdicts.recheck import AUDIT
from nianbao.front.exits import Exit
from sample.make import country
from sample.server import Hit, Server

STAGES = ("crawl", "read", "publish", "verify")


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(site(pause=0.1)) as made:
        yield made


@pytest.fixture
def nights(tmp_path: Path, server: MockServer) -> Nights:
    return Nights(tmp_path, server)


def is_whole(nights: Nights, code: int, morning: dict[str, object], sections: int = 2) -> None:
    """The night ended well, with every report once, published, told and reported."""
    assert (code, morning["outcome"]) == (Exit.OK, "ok"), morning
    totals = nights.totals()
    assert (totals["report"], totals["version"]) == (len(BODIES), len(BODIES))
    assert totals["section"] == sections * len(BODIES)
    with closing(sqlite3.connect(nights.out / "nianbao.db")) as db:
        assert db.execute("select count(*) from v_reports").fetchone()[0] == len(BODIES)
    assert (nights.out / "SHA256SUMS").exists()
    assert not (nights.out / ".publishing").exists()
    latest = json.loads((nights.folder / "nights" / "latest.json").read_text("utf-8"))
    assert latest["sentence"] == morning["sentence"]
    assert nights.rows("select outcome from run where command like 'night%'") == [("ok",)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "how"),
    [*((stage, signal.SIGKILL) for stage in STAGES), ("crawl", signal.SIGTERM), ("read", signal.SIGHUP)],
)
def test_a_night_that_was_cut_short_ends_right(
    nights: Nights, server: MockServer, stage: str, how: signal.Signals
) -> None:
    process = nights.start()
    nights.wait_for(stage, process)
    time.sleep(0.3 if stage == "crawl" else 0.0)
    process.send_signal(how)
    _out, err = process.communicate(timeout=60)
    if how is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == Exit.INTERRUPTED, err
        assert "it goes on" in err
    code, morning, _err = nights.run()
    is_whole(nights, code, morning)
    assert morning["crawl"]["requests"] == len(BODIES) + 1
    # Nothing is asked again that was answered: one request may have been in flight.
    assert len(server.paths()) <= len(BODIES) + 2


def test_an_unchanged_site_costs_nothing(nights: Nights, server: MockServer) -> None:
    code, first, _err = nights.run()
    is_whole(nights, code, first)
    before, asked = nights.totals(), len(server.log)
    code, second, _err = nights.run("--recheck", "all")
    assert (code, nights.totals()) == (Exit.OK, before)
    assert second["read"]["versions"] == second["crawl"]["new_captures"] == 0
    again = [each for each in server.log[asked:] if each.path != "/robots.txt"]
    assert len(again) == len(BODIES) + 1
    audited = nights.rows("select count(*) from fetch where outcome = 'ok' group by run_id order by min(at)")
    plain = [each for each in again if not {name.lower() for name in each.headers} & {"if-none-match"}]
    # One in thirty documents is asked for in full each day, to catch a server whose 304 is not true.
    assert len(plain) == (audited[1][0] if len(audited) > 1 else 0) <= 2


def test_a_budget_is_kept_and_the_next_night_goes_on(nights: Nights, server: MockServer) -> None:
    code, first, _err = nights.run("--budget-requests", 6)
    assert (code, first["outcome"]) == (Exit.WRONG, "partial")
    assert "its 6 requests are spent" in first["sentence"]
    assert len(server.log) <= 6
    assert first["published"]["reports"] == nights.totals()["report"] > 0
    code, second, _err = nights.run()
    assert (code, second["outcome"]) == (Exit.OK, "ok")
    assert nights.totals()["report"] == len(BODIES)
    assert len(server.paths()) == len(BODIES) + 1


def test_a_night_whose_time_is_over_says_what_it_left(nights: Nights) -> None:
    code, morning, _err = nights.run("--budget-minutes", 0)
    assert (code, morning["outcome"], morning["published"]) == (Exit.WRONG, "partial", None)
    assert "its time was over" in morning["sentence"]


def test_hosts_that_turn_us_away_are_their_own_word(nights: Nights, server: MockServer) -> None:

    server.routes.clear()
    server.routes["*"] = Reply(
        "<html><title>网站防火墙</title>您的请求可能存在攻击行为 event_id 123</html>", 403
    )
    server.routes["/robots.txt"] = Reply("", 404)
    code, morning, _err = nights.run()
    assert (code, morning["outcome"]) == (Exit.BLOCKED, "blocked"), morning["alarms"]
    assert "blocked" in {alarm["monitor"] for alarm in morning["alarms"]}


def test_a_family_that_stopped_matching_leaves_its_page_for_the_engineer(
    nights: Nights, server: MockServer
) -> None:
    nights.run()
    changed = "<html><body><p>栏目正在建设中。</p></body></html>"
    server.routes["/nb/"] = kept(changed)
    code, morning, _err = nights.run()
    assert code == Exit.WRONG
    (alarm,) = [alarm for alarm in morning["alarms"] if alarm["monitor"] == "families"]
    assert "source s0" in alarm["what"]
    (page,) = (nights.folder / "fixtures").glob("*.html")
    assert page.read_text("utf-8") == changed
    assert str(page) in alarm["what"]
    waiting = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert waiting == {"file": page.name, "url": server.url("/nb/"), "result": None}
    time.sleep(1.1)
    second = nights.run()[1]
    since = [{a["monitor"]: a["since"] for a in each["alarms"]}["families"] for each in (morning, second)]
    assert since[1] == since[0] < second["began"]


def test_another_night_is_told_apart(nights: Nights) -> None:
    """A night of one source does not take up a whole night that was cut short."""
    process = nights.start()
    nights.wait_for("crawl", process)
    process.kill()
    process.communicate()
    code, _morning, _err = nights.run("--source", "s0")
    assert code == Exit.OK
    assert [
        row[0] for row in nights.rows("select command from run where command like 'night%' order by 1")
    ] == [
        "night",
        "night --source s0",
    ]


def gives_a_mark(server: Server, hit: Hit) -> bool:
    """Whether the site tells at this address by what it can be asked conditionally."""
    parts = urlsplit(hit.path)
    site = next(site for site in server.country.sites if site.address == hit.host)
    resource = server.find(site, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))
    return resource is not None and bool(resource.modified and resource.etag)


_AUDITED = """
select f.url, f.request_id, f.at from fetch f where f.outcome = 'ok'
and f.run_id = (select id from run where command like 'crawl%' order by started_at desc, rowid desc limit 1)
"""


@pytest.mark.slow
def test_the_unchanged_sample_country_costs_nothing(tmp_path: Path) -> None:
    """No new blob, no new version, and on the wire a full answer only where a site gives no mark to ask with."""
    with Server(country(years=range(2023, 2026)), noise=False) as server:
        nights = Nights(tmp_path, None)
        nights.registry.write_text(server.registry_csv(), "utf-8")
        first = nights.run()[1]
        before, asked = nights.totals(), len(server.log)
        code, second, err = nights.run("--recheck", "all")
        again = [hit for hit in server.log[asked:] if hit.path != "/robots.txt" and hit.method == "GET"]
        marked = [hit for hit in again if gives_a_mark(server, hit)]
    assert second["outcome"] in ("ok", "partial"), err
    assert code in (Exit.OK, Exit.WRONG)
    assert nights.totals() == before
    assert before["report"] > 30
    assert (second["crawl"]["new_captures"], second["read"]["versions"]) == (0, 0)
    assert second["published"]["reports"] == first["published"]["reports"] == before["report"]
    assert len(marked) > before["report"] / 2
    assert {hit.status for hit in marked} <= {200, 304}
    # One in thirty addresses is asked for in full, on a day of its own.
    audited = {
        urlsplit(url).path
        for url, request, at in nights.rows(_AUDITED)
        if int(request, 16) % AUDIT == datetime.fromisoformat(at).toordinal() % AUDIT
    }
    assert {urlsplit(hit.path).path for hit in marked if hit.status == 200} <= audited


def test_a_good_night_tells_everybody_and_a_bad_one_not_the_switch(
    nights: Nights, server: MockServer
) -> None:
    with MockServer({"/hook": Reply("ok"), "/ping": Reply("ok")}) as ears:
        said = {"NIANBAO_WEBHOOK": ears.url("/hook"), "NIANBAO_DEAD_MAN": ears.url("/ping")}
        code, morning, _err = nights.run(**said)
        assert code == Exit.OK
        assert [asked.path for asked in ears.log] == ["/hook", "/ping"]
        assert json.loads(ears.log[0].body) == morning
        server.routes["/nb/"] = "<html><body><p>系统维护</p></body></html>"
        code, _morning, _err = nights.run("--recheck", "all", **said)
        assert code != Exit.OK
        assert [asked.path for asked in ears.log[2:]] == ["/hook"]


def test_a_report_that_nobody_got_is_an_alarm_and_tells_no_key(nights: Nights) -> None:
    settings = nights.folder / "nianbao.toml"
    settings.write_text(
        '[deliver]\nwebhook = "http://127.0.0.1:9/KEY"\ndead_man = "http://127.0.0.1:9/KEY"\n', "utf-8"
    )
    code, morning, err = nights.run("--settings", settings)
    assert (code, morning["outcome"]) == (Exit.WRONG, "partial")
    assert "delivery" in morning["sentence"]
    assert "the webhook at 127.0.0.1 could not be reached" in err
    everything = err + json.dumps(morning) + (nights.folder / "nights" / "latest.html").read_text("utf-8")
    assert "KEY" not in everything


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ("[thresholds]\ndisk_least_mib = 1e12\n", Exit.DISK_FULL, "make room"),
        ("[nights]\n", Exit.CONFIGURATION, "there is no table [nights]"),
    ],
)
def test_a_night_that_cannot_begin_says_why(nights: Nights, settings: str, code: Exit, words: str) -> None:
    path = nights.folder / "nianbao.toml"
    path.write_text(settings, "utf-8")
    ended, morning, err = nights.run("--settings", path)
    assert (ended, morning) == (code, {})
    assert words in err
