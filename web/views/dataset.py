"""The release as schema.org and DCAT tell of a data set, for search engines of data: JSON-LD in the page of the files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from markupsafe import Markup

from archive.publication.datapackage import LICENCE
from web.files import Offer

TYPES = {
    "csv": "text/csv",
    "gz": "application/gzip",
    "parquet": "application/vnd.apache.parquet",
    "db": "application/vnd.sqlite3",
    "json": "application/json",
}
CONTEXT = {
    "@vocab": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
}


def described(
    conn: sqlite3.Connection, offers: Iterable[Offer], home: str, as_of: str, years: list[int]
) -> Markup:
    """The element that describes this release and its files."""
    (reports,) = conn.execute("select count(*) from report").fetchone()
    facts = {
        "@context": CONTEXT,
        "@type": ["Dataset", "dcat:Dataset"],
        "@id": f"{home}/downloads",
        "url": f"{home}/downloads",
        "name": "China's annual reports on open government information",
        "alternateName": "政府信息公开工作年度报告",
        "description": f"Every figure of {reports} annual reports that Chinese authorities have published about open"
        " government information, each with its source, and whether the form's own arithmetic proves it.",
        "inLanguage": ["zh-Hans", "en"],
        "license": LICENCE["path"],
        "dct:license": {"@id": LICENCE["path"]},
        "isAccessibleForFree": True,
        "version": as_of,
        "dateModified": as_of,
        "dct:modified": as_of,
        "spatialCoverage": {"@type": "Place", "name": "China"},
        "temporalCoverage": f"{years[-1]}/{years[0]}" if years else "",
        "creator": {"@type": "Organization", "name": "Nianbao", "url": home},
        "distribution": [_file(each, home) for each in offers if each.name.rpartition(".")[2] in TYPES],
    }
    # Within the page no text of the data may end the element.
    text = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">{text}</script>')


def _file(offer: Offer, home: str) -> dict[str, object]:
    url, kind = f"{home}/downloads/{offer.name}", TYPES[offer.name.rpartition(".")[2]]
    return {
        "@type": ["DataDownload", "dcat:Distribution"],
        "name": offer.name,
        "contentUrl": url,
        "dcat:downloadURL": {"@id": url},
        "encodingFormat": kind,
        "dcat:mediaType": kind,
        "contentSize": f"{offer.size} B",
        "dcat:byteSize": offer.size,
        "sha256": offer.sha256,
    }
