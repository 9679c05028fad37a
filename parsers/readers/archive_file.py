"""An archive of files: the documents of every member that can be read. Zip only; others say what to do."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import replace

from parsers.document import Document, ParseError
from parsers.readers import image, opendocument, zipped
from parsers.readers.zipped import Budget, shown, unpacked
from parsers.remarks import Remark, RemarkKind, messages

ORDER = 60
DEEPEST = 2
_FOREIGN = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z"}
_OFFICE = ("word/document.xml", "xl/workbook.xml")
_UNREAD = {"OFD.xml": "an OFD file", "ppt/presentation.xml": "a slide show"}
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def claims(data: bytes) -> bool:
    """A zip that is not an office file, or an archive of another kind."""
    if any(data.startswith(magic) for magic in _FOREIGN):
        return True
    if not data.startswith(b"PK\x03\x04") or opendocument.claims(data):
        return False
    return not zipped.names(data).intersection(_OFFICE)


def read(data: bytes) -> list[Document]:
    """The documents of all members that can be read; the others are named in the remarks of the first.

    A document has its member's name as its last title. Pictures are read only when nothing else is there.
    Raises ParseError when nothing can be read, or when a limit is passed (entries, bytes, ratio, depth).
    """
    for magic, kind in _FOREIGN.items():
        if data.startswith(magic):
            raise ParseError(f"a {kind} archive is not opened: unpack it and give the files")
    documents, remarks = _read(data, Budget(), 1)
    if not documents:
        why = "; ".join(messages(remarks[:5])) or "it is empty"
        raise ParseError(f"nothing in the archive can be read: {why}")
    first = documents[0]
    return [replace(first, remarks=(*first.remarks, *remarks)), *documents[1:]]


def _read(data: bytes, budget: Budget, depth: int) -> tuple[list[Document], list[Remark]]:
    """The documents of one archive and what there is to say about the rest."""
    _refuse_unread(data)
    remarks: list[Remark] = []
    members: list[tuple[zipfile.ZipInfo, bytes]] = []
    for info, content in unpacked(data, budget):
        if isinstance(content, Remark):
            remarks.append(content)
        elif content and not _is_litter(info):
            members.append((info, content))
    pictures = [member for member in members if image.claims(member[1])]
    others = [member for member in members if not image.claims(member[1])]
    documents = _documents(others, budget, depth, remarks)
    if not documents:
        documents = _documents(pictures, budget, depth, remarks)
    elif pictures:
        remarks.append(Remark(RemarkKind.MEMBER_PICTURES_LEFT_OUT, {"pictures": len(pictures)}))
    return documents, remarks


def _documents(
    members: list[tuple[zipfile.ZipInfo, bytes]], budget: Budget, depth: int, remarks: list[Remark]
) -> list[Document]:
    """The documents of some members; what cannot be read is added to the remarks."""
    found: list[Document] = []
    for info, content in members:
        name = shown(info)
        try:
            found += [_titled(document, name) for document in _member(content, budget, depth, remarks)]
        except ParseError as error:
            remarks.append(Remark(RemarkKind.MEMBER_NOT_READ, {"file": name, "reason": str(error)}))
    return found


def _member(content: bytes, budget: Budget, depth: int, remarks: list[Remark]) -> list[Document]:
    from parsers.readers import read_documents

    if not claims(content):
        return read_documents(content)
    if depth >= DEEPEST:
        raise ParseError(f"an archive {depth + 1} deep is not opened: unpack it and give the files")
    documents, more = _read(content, budget, depth + 1)
    remarks += more
    return documents


def _titled(document: Document, name: str) -> Document:
    """The document with its file name, without the ending, as a title of last resort."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return replace(document, titles=(*document.titles, stem)) if stem else document


def _is_litter(info: zipfile.ZipInfo) -> bool:
    """A link, or what an operating system leaves in archives."""
    return stat.S_ISLNK(info.external_attr >> 16) or any(part in info.filename for part in _LITTER)


def _refuse_unread(data: bytes) -> None:
    """A zip that is one document of a kind that no reader knows is not an archive of files."""
    for name in zipped.names(data).intersection(_UNREAD):
        raise ParseError(f"{_UNREAD[name]} is not read: save it as PDF or .docx")
