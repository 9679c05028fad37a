"""The report of a night as files: one HTML page that needs nothing else, and one JSON, the last of them kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

LATEST = "latest"


def page(report: Mapping[str, Any]) -> str:
    """A night's JSON as a page: everything escaped, no script, nothing loaded, readable on a phone."""
    stages = [{**stage, "took": _took(stage)} for stage in report["stages"]]
    ringing = [alarm for alarm in report["alarms"] if alarm["level"] != "note"]
    notes = [alarm for alarm in report["alarms"] if alarm["level"] == "note"]
    return _template().render({**report, "stages": stages, "ringing": ringing, "notes": notes})


def write(report: Mapping[str, Any], folder: Path, keep: int) -> Path:
    """Writes the page and the JSON under the time of the night and as `latest`; gives the page's path.

    Of the reports before, the last `keep` stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"night-{report['began'].replace(':', '')}"
    texts = {"html": page(report), "json": json.dumps(report, ensure_ascii=False, indent=1) + "\n"}
    for kind, text in texts.items():
        for name in (stem, LATEST):
            fresh = folder / f".{name}.{kind}"
            fresh.write_text(text, "utf-8")
            fresh.replace(folder / f"{name}.{kind}")
        for old in sorted(folder.glob(f"night-*.{kind}"))[:-keep]:
            old.unlink()
    return folder / f"{stem}.html"


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["code"] = _code
    return made.get_template("night.html")


def _code(text: str) -> Markup:
    """A sentence with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _took(stage: Mapping[str, Any]) -> str:
    if not stage["ended_at"]:
        return "not ended"
    span = datetime.fromisoformat(stage["ended_at"]) - datetime.fromisoformat(stage["at"])
    return f"{span.total_seconds():.0f} s"
