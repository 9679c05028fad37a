"""Settings: a file, the environment over it, and what is wrong with them said without a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nianbao import thresholds
from nianbao.front.exits import CommandError, Exit
from nianbao.settings import Delivery, Settings, Uses, settings

ROOT = Path(__file__).parents[2]


def read(tmp_path: Path, text: str, **environment: str) -> Settings:
    path = tmp_path / "nianbao.toml"
    path.write_text(text, "utf-8")
    return settings(path, environment)


def test_without_a_file_nothing_is_limited_or_delivered() -> None:
    found = settings(None, {})
    assert (found.night, found.deliver) == (Uses(), Delivery())
    assert found.thresholds == thresholds.packaged()


def test_a_file_and_the_environment_over_it(tmp_path: Path) -> None:
    text = (
        '[night]\nbudget_minutes = 90\n[thresholds]\nstale_days = 3\n[deliver]\nwebhook = "http://a.cn/1"\n'
    )
    found = read(tmp_path, text, NIANBAO_WEBHOOK="http://b.cn/2", NIANBAO_MAIL_PORT="2525", OTHER="x")
    assert found.night.budget_minutes == 90
    assert found.thresholds["stale_days"] == 3
    assert found.thresholds["flood_share"] == thresholds.packaged()["flood_share"]
    assert (found.deliver.webhook, found.deliver.mail_port) == ("http://b.cn/2", 2525)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("night = ", "is no TOML"),
        ("night = 5", "night: is a table"),
        ("thresholds = [1]", "thresholds: is a table"),
        ("[nights]", "[nights]"),
        ("[night]\nuntill = '06:00'", "untill"),
        ("[night]\nbudget_requests = 'many'", "budget_requests: is no int"),
        ("[thresholds]\nstale_weeks = 1", "stale_weeks"),
        ("[thresholds]\nstale_days = 'a week'", "stale_days"),
        ("[deliver]\nwebhook = 'file:///etc/passwd'", "webhook: is no http"),
        ("[deliver]\nmail_to = 'a@b.cn'", "needs mail_host"),
        ("[deliver]\nmail_security = 'ssl'", "starttls, tls, none"),
        ("[deliver]\nmail_port = '25'", "mail_port: is no int"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CommandError, match=re.escape(words)) as raised:
        read(tmp_path, text)
    assert raised.value.code is Exit.CONFIGURATION
    assert "nianbao.toml" in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.toml: cannot be read"):
        settings(tmp_path / "none.toml", {})


def test_no_secret_is_ever_printed(tmp_path: Path) -> None:
    text = '[deliver]\nwebhook = "http://h.cn/SECRET"\ndead_man = "http://h.cn/SECRET"\nmail_password = "SECRET"\n'
    assert "SECRET" not in repr(read(tmp_path, text))
    for broken in ("[deliver]\nwebhook = 'ftp://SECRET'", "[deliver]\nmail_password = SECRET", text + "x"):
        with pytest.raises(CommandError) as raised:
            read(tmp_path, broken)
        assert "SECRET" not in str(raised.value)


def test_the_settings_of_the_document_can_be_read(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "night.md").read_text("utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    found = read(tmp_path, block)
    assert found.deliver.mail_host
    assert found.night.until == "06:00"


def test_every_threshold_is_used_and_every_used_one_is_there() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "nianbao").rglob("*.py"))
    used = set(re.findall(r'thresholds(?:\[|\.whole\()\s*"(\w+)"', code))
    assert used == set(thresholds.packaged().values)
