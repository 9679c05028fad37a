"""The settings of the night: a TOML file, and the environment over it. Secrets are never printed.

[night]                       # what a night may use; an option of the command wins
until = "06:00"
budget_minutes = 270
budget_requests = 50000
budget_bytes = "20G"

[thresholds]                  # names and meanings: nianbao/thresholds.csv
disk_mib = 5000

[deliver]                     # who hears of it
webhook = "https://example.org/hook"
dead_man = "https://example.org/ping"
mail_to = "archive@example.org"
mail_from = "nianbao@example.org"
mail_host = "mail.example.org"
mail_port = 587
mail_user = "nianbao"
mail_password = "…"           # better in NIANBAO_MAIL_PASSWORD
mail_security = "starttls"    # or "tls", or "none" for a server on this machine
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from nianbao.front.exits import CommandError, Exit
from nianbao.thresholds import Thresholds, packaged

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the report of a night goes. An empty string means nowhere."""

    webhook: str = field(default="", repr=False)
    dead_man: str = field(default="", repr=False)
    mail_to: str = ""
    mail_from: str = ""
    mail_host: str = ""
    mail_port: int = 587
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_security: Security = "starttls"


@dataclass(frozen=True, slots=True)
class Uses:
    """What a night may use when its command does not say."""

    until: str | None = None
    budget_minutes: float | None = None
    budget_requests: int | None = None
    budget_bytes: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. Without a file: no budget, the packaged thresholds, no delivery."""

    night: Uses = field(default_factory=Uses)
    thresholds: Thresholds = field(default_factory=packaged)
    deliver: Delivery = field(default_factory=Delivery)


def settings(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads the file, if there is one, and the environment. CommandError (CONFIGURATION) names what is wrong."""
    said = _read(path) if path else {}
    where = str(path)
    if odd := set(said) - {"night", "thresholds", "deliver"}:
        raise _wrong(where, f"there is no table [{min(odd)}]; there are [night], [thresholds] and [deliver]")
    for name, table in said.items():
        if not isinstance(table, dict):
            raise _wrong(where, f"{name}: is a table; write [{name}] and its settings below it")
    given = packaged()
    mine = said.get("thresholds", {})
    for name, value in mine.items():
        if name not in given.values or not isinstance(value, (int, float)) or isinstance(value, bool):
            raise _wrong(where, f"[thresholds] {name}: is no threshold, or no number; see docs/night.md")
    found = Settings(
        _filled(Uses(), said.get("night", {}), where, "night"),
        Thresholds({**given.values, **mine}),
        _filled(Delivery(), said.get("deliver", {}), where, "deliver"),
    )
    return _checked(replace(found, deliver=_from_environment(found.deliver, environment)), where)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _wrong(str(path), f"cannot be read ({error.strerror}); give another --settings") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The message of the parser names line and column, and nothing of what stands there.
        raise _wrong(str(path), f"is no TOML: {error}") from error


def _filled(empty: Any, said: Mapping[str, Any], where: str, table: str) -> Any:
    """The record with what was said in place of its defaults; types have to fit."""
    for name, value in said.items():
        known = {each.name: each for each in fields(empty)}
        if name not in known:
            raise _wrong(where, f"[{table}] {name}: there is no such setting; there are {', '.join(known)}")
        wanted = str(known[name].type)
        kind = type(value).__name__
        if kind not in wanted and not (wanted == "Security" or (kind == "int" and "float" in wanted)):
            raise _wrong(where, f"[{table}] {name}: is no {wanted.removesuffix(' | None')}")
    return replace(empty, **said)


def _from_environment(deliver: Delivery, environment: Mapping[str, str]) -> Delivery:
    """NIANBAO_WEBHOOK, NIANBAO_MAIL_PASSWORD and so on, each for the setting of its name."""
    said = {each.name: environment.get(f"NIANBAO_{each.name.upper()}") for each in fields(deliver)}
    given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if "mail_port" in given:
        if not given["mail_port"].isdigit():
            raise _wrong("NIANBAO_MAIL_PORT", "is no number")
        given["mail_port"] = int(given["mail_port"])
    return replace(deliver, **given)


def _checked(found: Settings, where: str) -> Settings:
    deliver = found.deliver
    if deliver.mail_security not in get_args(Security):
        raise _wrong(where, "[deliver] mail_security: is one of starttls, tls, none")
    if deliver.mail_to and not (deliver.mail_host and deliver.mail_from):
        raise _wrong(where, "[deliver] mail_to: needs mail_host and mail_from beside it")
    for name in ("webhook", "dead_man"):
        if (url := getattr(deliver, name)) and not url.startswith(("http://", "https://")):
            raise _wrong(where, f"[deliver] {name}: is no http or https address")
    return found


def _wrong(where: str, what: str) -> CommandError:
    return CommandError(f"{where}: {what}", Exit.CONFIGURATION)
