"""`nianbao parse FILE --show`: the source drawn with the cells marked where each figure was read, as one HTML file.

Nothing of the source is trusted: the page runs no script, loads nothing, and holds of the source only text and
known tags, or pictures of its pages. How a kind of file is drawn is one module here; any other kind is drawn from
the blocks that its reader makes of it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from nianbao.show import copy, grids, lines, pictures
from nianbao.show.listing import Listing, listing
from nianbao.show.marks import Drawing, Mark, everything, marks_of
from parsers.document import ParseError
from parsers.readers import archive_file, image, read_documents, readers, zipped
from parsers.records import Report
from parsers.remarks import Remark
from parsers.report import parse
from web.saying import words

DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Source:
    """One file of what was given: its name, what was read of it, and how it is drawn."""

    name: str
    report: Report
    drawing: Drawing
    listings: list[Listing]


def page(data: bytes, name: str, url: str = "") -> str:
    """The whole HTML page; raises ParseError for a file that cannot be read."""
    sources = [
        _source(f"m{number}-", inner, member, url)
        for number, (member, inner) in enumerate(_files(data, name), 1)
    ]
    css = (files("nianbao.show") / "show.css").read_text("utf-8")
    css += "\n".join(source.drawing.css for source in sources)
    digest = b64encode(sha256(css.encode()).digest()).decode()
    facts = {"sources": sources, "name": name, "size": len(data), "sha256": sha256(data).hexdigest()}
    return _template().render(**facts, css=Markup(css), style=f"sha256-{digest}", words=words)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["markup"] = Markup
    return environment.from_string((files("nianbao.show") / "page.html").read_text("utf-8"))


def _source(prefix: str, data: bytes, name: str, url: str) -> Source:
    report = parse(data, url=url)
    marks = marks_of(report, prefix)
    drawing = _drawn(data, marks)
    return Source(name, report, drawing, [listing(one, marks, drawing.drawn) for one in everything([report])])


def _drawn(data: bytes, marks: Mapping[str, Mark]) -> Drawing:
    """The drawing for the kind that the readers take the file for."""
    reader = next(reader for reader in readers() if reader.claims(data))
    kind = getattr(reader, "__name__", "").rpartition(".")[2]
    if kind == "pdf":
        return pictures.drawn_pdf(data, marks)
    if kind == "image":
        return pictures.drawn_picture(data, marks)
    if kind == "text":
        return lines.drawn(data, marks)
    copied = copy.drawn(data, marks) if kind == "html" else None
    return copied or grids.drawn(read_documents(data), marks)


def _files(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """The file itself, or those in a zip that can be read; pictures only when nothing else is there."""
    if not archive_file.claims(data) or not zipped.names(data):
        return [(name, data)]
    inside = list(_members(data, zipped.Budget(), 1))
    papers = [member for member in inside if not image.claims(member[1])]
    return [member for member in papers or inside if _readable(member[1])] or [(name, data)]


def _members(data: bytes, budget: zipped.Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    for info, content in zipped.unpacked(data, budget):
        if isinstance(content, Remark) or not content:
            continue
        if not archive_file.claims(content):
            yield zipped.shown(info), content
        elif depth < DEEPEST:
            yield from _members(content, budget, depth + 1)


def _readable(data: bytes) -> bool:
    try:
        read_documents(data)
    except ParseError:
        return False
    return True
