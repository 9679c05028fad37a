"""Bytes out: the kept sources, harmless to open, and the download files of the publication."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from datasette.utils.asgi import Response

from archive.swap import CHECKSUMS
from web.marking import marked
from web.queries import Facts

# Nothing in a kept page may run, load, submit, or reach its siblings here.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'self'"
NOWHERE = "原件中找不到这一格。 The kept source has no such cell."
TEXT = ("text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml", "application/json")
ENDINGS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}


def kept(capture: Facts, place: str = "", alone: bool = False) -> Response:
    """The kept source: a page sandboxed without scripts, styles or pictures; any other file to download.

    With a `place` the page is a copy in which the cell that stands there is marked; `alone` its table only.
    """
    data: bytes = capture["data"]
    kind = capture["content_type"].partition(";")[0].strip().lower()
    headers = {
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",  # the card of a figure shows it within the page of its report
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    if kind in TEXT or (not kind and b"<html" in data[:4096].lower()):
        shown = "text/html" if "html" in kind or not kind else "text/plain"
        if place and shown == "text/html" and (copy := marked(data, charset(data), place, alone)):
            return Response(copy, headers=headers, content_type="text/html; charset=utf-8")
        if alone:
            return Response(NOWHERE, headers=headers, content_type="text/plain; charset=utf-8")
        return Response(data, headers=headers, content_type=f"{shown}; charset={charset(data)}")
    name = capture["sha256"][:16] + ENDINGS.get(kind, ".bin")
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(
        data, headers=headers, content_type=kind if kind in ENDINGS else "application/octet-stream"
    )


def where(sha256: str, place: str, alone: bool = False) -> str:
    """The address of a figure's place in its kept source; `alone` that of its table only."""
    named = quote(place, safe="")
    if not place.startswith("table["):
        return f"/capture/{sha256}#{named}"
    return f"/capture/{sha256}?place={named}{'&part=table' if alone else ''}#{named}"


def charset(data: bytes) -> str:
    """UTF-8 when the bytes are, else GB 18030: what a page declares about itself is often wrong."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that may be downloaded: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


def offers(out: Path) -> list[Offer]:
    """The files that the publication lists in its checksums, and the checksums; no other file is served."""
    sums = out / CHECKSUMS
    if not sums.is_file():
        return []
    pairs = [line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines()]
    found = [
        Offer(name, (out / name).stat().st_size, digest) for digest, name in pairs if (out / name).is_file()
    ]
    return [*found, Offer(CHECKSUMS, sums.stat().st_size, "")]
