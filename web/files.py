"""Bytes out: the kept sources, harmless to open, and the download files of the publication."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from datasette.utils.asgi import Response

from archive.publication.swap import CHECKSUMS
from parsers.readers import mhtml
from web.data.queries import Facts

# Nothing in a kept page may run, load, submit, or reach its siblings here.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'self'"
NOWHERE = "原件中找不到这一格。 The kept source has no such cell."
TOO_MUCH = "原件过于繁复，无法标出这一格，可查看整个原件。 The kept source takes too much to mark a cell in it: see it whole."
HEADERS = {
    "Content-Security-Policy": SANDBOX,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",  # the card of a figure shows it within the page of its report
    "Cache-Control": "public, max-age=31536000, immutable",
}
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


def kept(capture: Facts) -> Response:
    """The kept source: a page sandboxed without scripts, styles or pictures; any other file to download."""
    data: bytes = capture["data"]
    if kind := shown_type(capture):
        return Response(data, headers=dict(HEADERS), content_type=f"{kind}; charset={charset(data)}")
    kind = _type(capture)
    name = capture["sha256"][:16] + ENDINGS.get(kind, ".bin")
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        data, headers=headers, content_type=kind if kind in ENDINGS else "application/octet-stream"
    )


def shown_type(capture: Facts) -> str:
    """As what a kept source is shown in the browser: `text/html`, `text/plain`, or empty for a file to download."""
    kind = _type(capture)
    if kind in TEXT or (not kind and b"<html" in capture["data"][:4096].lower()):
        return "text/html" if "html" in kind or not kind else "text/plain"
    return ""


def page_of(capture: Facts) -> tuple[bytes, str] | None:
    """The page in which the cells of a kept source stand, and its charset: the source itself, or its pages
    joined as the reader joins them. None for other files. Raises ParseError for pages that hold nothing."""
    data: bytes = capture["data"]
    if mhtml.claims(data):
        return mhtml.page(data), "utf-8"
    return (data, charset(data)) if shown_type(capture) == "text/html" else None


def _type(capture: Facts) -> str:
    return str(capture["content_type"].partition(";")[0].strip().lower())


def copy(page: bytes) -> Response:
    """A copy of a kept page in which a cell is marked, as harmless as the page itself."""
    return Response(page, headers=dict(HEADERS), content_type="text/html; charset=utf-8")


def unmarked(given_up: bool) -> Response:
    """What is said in the frame of a cell that cannot be shown."""
    text, status = (TOO_MUCH, 422) if given_up else (NOWHERE, 200)
    return Response(text, status=status, headers=dict(HEADERS), content_type="text/plain; charset=utf-8")


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
