"""Archives: what is in them is read, limits hold before anything is unpacked, names are never paths."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Container, ParseError
from parsers.readers import archive_file, read_documents, zipped

PAGE = (
    "<html><head><title>甲</title></head><body><p>第一段文字</p>"
    "<table><tr><td>一</td><td>2</td></tr><tr><td>三</td><td>4</td></tr></table></body></html>"
).encode()


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def named_in(raw: bytes, content: bytes) -> bytes:
    """A zip of one member whose name is these bytes, in no declared encoding."""
    stand_in = b"n" * len(raw)
    return packed({stand_in.decode(): content}).replace(stand_in, raw)


def encrypted(data: bytes) -> bytes:
    """The same zip with the encryption bit of all its members set."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(signature)
        while start >= 0:
            (flags,) = struct.unpack_from("<H", changed, start + offset)
            struct.pack_into("<H", changed, start + offset, flags | 1)
            start = changed.find(signature, start + 4)
    return bytes(changed)


def test_all_readable_members_are_read() -> None:
    data = packed({"a.html": PAGE, "b.html": PAGE})
    assert archive_file.claims(data)
    documents = read_documents(data)
    assert [document.container for document in documents] == [Container.HTML, Container.HTML]


def test_a_members_name_is_its_last_title() -> None:
    (document,) = archive_file.read(packed({"folder/年度 报告.html": PAGE}))
    assert document.titles[-1] == "年度 报告"


def test_a_name_without_a_flag_is_gb18030() -> None:
    (document,) = archive_file.read(named_in("甲局年报.html".encode("gb18030"), PAGE))
    assert document.titles[-1] == "甲局年报"


def test_a_name_without_a_flag_may_be_utf8() -> None:
    (document,) = archive_file.read(named_in("乙局.html".encode(), PAGE))
    assert document.titles[-1] == "乙局"


def test_a_member_that_cannot_be_read_is_a_warning() -> None:
    (document,) = archive_file.read(packed({"a.html": PAGE, "b.bin": b"\x00\x01\x02\xff" * 30}))
    assert any("b.bin" in warning for warning in document.warnings)


def test_what_systems_leave_behind_is_passed_over() -> None:
    (document,) = archive_file.read(packed({"__MACOSX/._a.html": b"\x00\x05", "a.html": PAGE}))
    assert not document.warnings


def test_one_level_of_nesting_is_opened() -> None:
    (document,) = archive_file.read(packed({"inner.zip": packed({"a.html": PAGE})}))
    assert document.container is Container.HTML


def test_deeper_nesting_is_not_opened() -> None:
    data = packed({"2.zip": packed({"3.zip": packed({"a.html": PAGE})})})
    with pytest.raises(ParseError, match="3 deep is not opened"):
        archive_file.read(data)


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(ParseError, match="1 files too many"):
        archive_file.read(packed({f"{number}.html": PAGE for number in range(201)}))


def test_entries_of_nested_archives_count_too() -> None:
    inner = packed({f"{number}.txt": b"x" for number in range(150)}, zipfile.ZIP_STORED)
    (document,) = archive_file.read(packed({"a.html": PAGE, "1.zip": inner, "2.zip": inner}))[:1]
    assert any("too many" in warning for warning in document.warnings)


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    with pytest.raises(ParseError, match="times its size"):
        archive_file.read(packed({"bomb.html": bytes(50_000_000)}))


def test_a_large_total_is_refused() -> None:
    infos = []
    for number in range(3):
        info = zipfile.ZipInfo(f"{number}.html")
        info.file_size, info.compress_size = 80_000_000, 60_000_000
        infos.append(info)
    with pytest.raises(ParseError, match="bytes too many"):
        zipped.Budget().spend(infos)


def test_a_small_file_of_zeros_is_no_bomb() -> None:
    (document,) = archive_file.read(packed({"zeros.bin": bytes(900_000), "a.html": PAGE}))
    assert document.container is Container.HTML


def test_an_encrypted_archive_names_the_remedy() -> None:
    with pytest.raises(ParseError, match=r"a\.html is encrypted: unpack it with its password"):
        archive_file.read(encrypted(packed({"a.html": PAGE})))


@pytest.mark.parametrize("name", ["../../up.html", "/root.html", "C:\\x\\y.html", "a\u202eb.html", "n" * 300])
def test_a_name_is_never_a_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (document,) = archive_file.read(packed({name: PAGE}))
    assert list(tmp_path.iterdir()) == []
    assert all(letter.isprintable() for letter in document.titles[-1])


def test_a_link_is_passed_over() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        link = zipfile.ZipInfo("link.html")
        link.external_attr = 0o120777 << 16
        package.writestr(link, b"/etc/passwd")
        package.writestr("a.html", PAGE)
    assert len(archive_file.read(out.getvalue())) == 1


@pytest.mark.parametrize(("head", "kind"), [(b"Rar!\x1a\x07\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z")])
def test_other_archives_say_what_to_do(head: bytes, kind: str) -> None:
    assert archive_file.claims(head + bytes(40))
    with pytest.raises(ParseError, match=f"a {kind} archive is not opened: unpack it"):
        archive_file.read(head + bytes(40))


def test_an_ofd_file_says_what_to_do() -> None:
    with pytest.raises(ParseError, match="OFD file is not read: save it as PDF"):
        archive_file.read(packed({"OFD.xml": b"<x/>", "Doc_0/Document.xml": b"<x/>"}))


def test_an_empty_archive_is_an_error() -> None:
    with pytest.raises(ParseError, match="empty"):
        archive_file.read(packed({"folder/": b"", ".DS_Store": b"x"}))


def test_a_truncated_archive_is_one_clear_line() -> None:
    data = packed({"a.html": PAGE * 50})
    with pytest.raises(ParseError, match="damaged"):
        archive_file.read(data[: len(data) // 2])


@settings(deadline=None)
@given(st.integers(0, 300), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_raises_nothing_else(at: int, patch: bytes) -> None:
    data = bytearray(packed({"a.html": PAGE, "b.html": PAGE}))
    data[at : at + len(patch)] = patch
    message = ""
    try:
        archive_file.read(bytes(data))
    except ParseError as error:
        message = str(error)
    assert "\n" not in message


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_claims_takes_any_bytes(data: bytes) -> None:
    assert archive_file.claims(data) in (True, False)
