"""Legacy Word and RTF through LibreOffice: the same tables as the .docx, and no process left behind."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.document import Container, Document, Paragraph, ParseError, Table
from parsers.readers import doc_end, office, ole, spreadsheet
from parsers.readers import docx as word
from parsers.remarks import Remark, RemarkKind

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


def written(ending: str = "以上为全部内容") -> bytes:
    """A .docx with a heading, a table whose first row spans, and a paragraph if need be."""
    document = docx.Document()
    document.add_paragraph("甲局某年年报")
    table = document.add_table(rows=3, cols=3)
    table.style = "Table Grid"
    for number, row in enumerate([["项目", "人数", ""], ["一、新收", "3", "0"], ["二、结转", "—", "12"]]):
        for at, text in enumerate(row):
            table.cell(number, at).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    if ending:
        document.add_paragraph(ending)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same report as .doc and .rtf."""
    room = tmp_path_factory.mktemp("legacy")
    return {kind: _old(written(), kind, room) for kind in ("doc", "rtf")}


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A .doc whose last table nothing follows."""
    return _old(written(""), "doc", tmp_path_factory.mktemp("endless"))


def _old(data: bytes, kind: str, room: Path) -> bytes:
    (room / "a.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
    target = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format"}[kind]
    command = ["soffice", profile, "--headless", "--convert-to", target, "a.docx"]
    subprocess.run(command, cwd=room, check=True, capture_output=True, timeout=120)
    return (room / f"a.{kind}").read_bytes()


def told(document: Document) -> list[object]:
    """What a document says, without places."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in block.cells]
        for block in document.blocks
        if isinstance(block, Table) or block.text
    ]


@needs_office
@pytest.mark.parametrize(("kind", "container"), [("doc", Container.DOC), ("rtf", Container.RTF)])
def test_it_reads_like_the_docx(kind: str, container: Container, legacy: dict[str, bytes]) -> None:
    assert office.claims(legacy[kind])
    (document,) = office.read(legacy[kind])
    assert document.container is container
    assert told(document) == told(word.read(written())[0])


@needs_office
def test_a_table_that_nothing_follows_is_a_table(endless: bytes) -> None:
    (document,) = office.read(endless)
    (wanted,) = word.read(written(""))
    assert told(document) == told(wanted)
    assert document.warnings == ()


@needs_office
def test_a_table_at_the_end_that_cannot_be_mended_is_named(endless: bytes) -> None:
    place = endless.find(b"\x07\0\x07\0\0\0") + 4
    full = endless[:place] + b"x\0" + endless[place + 2 :]
    assert doc_end.with_last_paragraph(full) == (full, (Remark(RemarkKind.TABLE_DISSOLVED),))


@needs_office
def test_a_file_with_a_paragraph_at_its_end_stays_as_it_is(legacy: dict[str, bytes]) -> None:
    assert doc_end.with_last_paragraph(legacy["doc"]) == (legacy["doc"], ())


@needs_office
@pytest.mark.parametrize("shift", [0, 1, 8, 10, 16])
def test_a_file_whose_sectors_have_no_size_stays_as_it_is(endless: bytes, shift: int) -> None:
    damaged = endless[:30] + bytes([shift]) + endless[31:]
    assert doc_end.with_last_paragraph(damaged) == (damaged, ())


@needs_office
@given(st.data())
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_ends_raise_nothing(endless: bytes, data: st.DataObject) -> None:
    damaged = bytearray(endless)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(8, len(damaged)))])
    changed, _ = doc_end.with_last_paragraph(cut)
    assert len(changed) == len(cut)


@needs_office
def test_a_wps_file_is_told_by_its_stream(legacy: dict[str, bytes]) -> None:
    assert ole.has_stream(legacy["doc"], "WordDocument")
    assert not spreadsheet.claims(legacy["doc"])


def test_what_is_not_word_is_not_claimed() -> None:
    for data in (
        b"<html><body>x</body></html>",
        b"MIME-Version: 1.0\r\n",
        ole.MAGIC + bytes(2000),
        b"",
        b"{",
    ):
        assert not office.claims(data)


def test_rtf_may_begin_with_blanks_or_a_mark() -> None:
    assert office.claims(b"\xef\xbb\xbf{\\rtf1 x}")
    assert office.claims(b"\r\n {\\rtf1 x}")


def test_an_encrypted_package_names_the_remedy() -> None:
    entry = "EncryptedPackage\0".encode("utf-16-le").ljust(64, b"\0") + (34).to_bytes(2, "little") + b"\x02"
    data = ole.MAGIC + bytes(504) + entry.ljust(128, b"\0")
    assert office.claims(data)
    with pytest.raises(ParseError, match="encrypted: save it without a password"):
        office.read(data)


def test_a_name_that_only_stands_in_the_text_is_no_stream() -> None:
    assert not ole.has_stream(
        ole.MAGIC + bytes(504) + "WordDocument\0".encode("utf-16-le") + bytes(200), "WordDocument"
    )


def test_without_libreoffice_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ParseError, match="needs LibreOffice: install"):
        office.read(b"{\\rtf1 x}")


def stand_in(room: Path, script: str) -> None:
    """A program named soffice that runs a Python script."""
    program = room / "soffice"
    program.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    program.chmod(0o755)


def test_a_converter_that_hangs_is_ended_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    stand_in(
        tmp_path,
        "import subprocess, time, pathlib\n"
        "child = subprocess.Popen(['/bin/sleep', '300'])\n"
        f"pathlib.Path({str(child)!r}).write_text(str(child.pid))\n"
        "time.sleep(300)\n",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ParseError, match="took longer than 2 seconds"):
        office.converted(b"{\\rtf1 x}", "rtf", seconds=2)
    assert _ends(int(child.read_text()))


def _ends(number: int) -> bool:
    """Does a process end within two seconds (or is only unreaped by its new parent)?"""
    for _ in range(40):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_converter_that_makes_nothing_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(tmp_path, "raise SystemExit(1)")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ParseError, match=r"cannot read the \.doc file: it is damaged or encrypted"):
        office.converted(b"anything", "doc")


@needs_office
def test_damaged_word_files_raise_nothing_else(legacy: dict[str, bytes]) -> None:
    broken = legacy["doc"][:1536] + b"\xff" * 4096 + legacy["doc"][5632:]
    message = ""
    try:
        office.read(broken)
    except ParseError as error:
        message = str(error)
    assert "\n" not in message


@needs_office
def test_nothing_is_left_in_the_temporary_folder(
    legacy: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    office.read(legacy["rtf"])
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=900).map(lambda tail: ole.MAGIC + tail))
def test_claims_takes_any_bytes(data: bytes) -> None:
    assert office.claims(data) in (True, False)
