"""How a release, or one table of it, is cited: as a sentence, for BibTeX, RIS and CSL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.publication.notices import AUTHOR, TITLE
from archive.releases.manifest import Manifest


@dataclass(frozen=True)
class Reference:
    """The same reference for a reader (`text`) and for programs; `csl` is one item of CSL-JSON."""

    text: str
    bibtex: str
    ris: str
    csl: dict[str, Any]


def reference(release: Manifest, url: str, table: str = "") -> Reference:
    """The reference to a release at its lasting address; of one `table` also its rows and their digest."""
    title = f"{TITLE}, table {table}" if table else TITLE
    year, month, day = (int(part) for part in release.name[:10].split("-"))
    key = f"nianbao-{release.name}" + (f"-{table}" if table else "")
    said = ""
    if table:
        held = release.tables[table]
        said = f"{held.rows} rows, SHA-256 {held.digest}"
    csl = {
        "id": key,
        "type": "dataset",
        "title": title,
        "author": [{"literal": AUTHOR}],
        "issued": {"date-parts": [[year, month, day]]},
        "version": release.name,
        "URL": url,
        **({"note": said} if said else {}),
    }
    text = f"{AUTHOR} ({year}). {title} (release {release.name}) [Data set]. {url}" + (
        f" ({said})" if said else ""
    )
    return Reference(text, _bibtex(csl), _ris(csl), csl)


def _bibtex(csl: dict[str, Any]) -> str:
    """`misc`, which every style knows; double braces keep a name whole."""
    (year, month, day), (author,) = csl["issued"]["date-parts"][0], csl["author"]
    fields = {
        "author": f"{{{author['literal']}}}",
        "title": f"{{{csl['title']}}}",
        "year": str(year),
        "date": f"{year}-{month:02}-{day:02}",
        "version": csl["version"],
        "howpublished": "Data set",
        "url": csl["URL"],
        "note": csl.get("note", ""),
    }
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{csl['id']},\n" + ",\n".join(lines) + "\n}\n"


def _ris(csl: dict[str, Any]) -> str:
    year, month, day = csl["issued"]["date-parts"][0]
    lines = [
        ("TY", "DATA"),
        ("ID", csl["id"]),
        *(("AU", author["literal"]) for author in csl["author"]),
        ("TI", csl["title"]),
        ("PY", str(year)),
        ("DA", f"{year}/{month:02}/{day:02}"),
        ("ET", csl["version"]),
        ("UR", csl["URL"]),
        *((("N1", csl["note"]),) if "note" in csl else ()),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)
