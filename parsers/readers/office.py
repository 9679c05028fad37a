"""Legacy Word (.doc, .wps) and RTF: LibreOffice turns them into .docx, which the Word reader reads."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from parsers.document import Container, Document, ParseError
from parsers.readers.doc_end import with_last_paragraph
from parsers.readers.ole import has_stream

ORDER = 40
SECONDS = 45.0
KILOBYTES = 900 * 1024
"""Of memory that LibreOffice may take for its data. An RTF of 16 MB with an object in it took 3.8 GB."""
LARGEST_RESULT = 200 * 1024 * 1024
_RTF = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]{0,64}\{\\rtf")

# No macros, no active content, nothing fetched that a document points to.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
%s</oor:items>
"""
_SETTING = '<item oor:path="{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SAFE = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def claims(data: bytes) -> bool:
    """A compound file with Word's stream in it or an encrypted package, or RTF."""
    return has_stream(data, "WordDocument", "EncryptedPackage") or _RTF.match(data) is not None


def read(data: bytes) -> list[Document]:
    """One document, as the Word reader reads what LibreOffice makes of the file.

    Raises ParseError when LibreOffice is missing, fails, or takes too long or too much memory.
    """
    from parsers.readers import docx

    if has_stream(data, "EncryptedPackage"):
        raise ParseError("the file is encrypted: save it without a password")
    rtf = _RTF.match(data) is not None
    container = Container.RTF if rtf else Container.DOC
    data, remarks = (data, ()) if rtf else with_last_paragraph(data)
    documents = docx.read(converted(data, "rtf" if rtf else "doc"))
    return [
        replace(document, container=container, remarks=(*document.remarks, *remarks))
        for document in documents
    ]


def converted(data: bytes, suffix: str, seconds: float = SECONDS) -> bytes:
    """The bytes of the .docx that LibreOffice makes of a file; no process is left behind."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ParseError(f"a .{suffix} file needs LibreOffice: install libreoffice-writer-nogui (or -writer)")
    with tempfile.TemporaryDirectory(prefix="nianbao-office-", ignore_cleanup_errors=True) as name:
        room = Path(name)
        source, result = room / f"in.{suffix}", room / "out" / "in.docx"
        source.write_bytes(data)
        _convert(program, room, source, result.parent, seconds)
        if not result.is_file():
            raise ParseError(f"LibreOffice cannot read the .{suffix} file: it is damaged or encrypted")
        if result.stat().st_size > LARGEST_RESULT:
            raise ParseError(f"LibreOffice makes more than {LARGEST_RESULT} bytes of the .{suffix} file")
        return result.read_bytes()


def _convert(program: str, room: Path, source: Path, target: Path, seconds: float) -> None:
    """Run LibreOffice with a profile of its own, for so long at most."""
    profile = room / "profile"
    (profile / "user").mkdir(parents=True)
    settings = "".join(_SETTING.format(*setting) for setting in _SAFE)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS % settings, encoding="utf-8")
    command = [
        *("/bin/sh", "-c", f'ulimit -d {KILOBYTES}; exec "$0" "$@"', program),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source)),
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command,
        cwd=room,
        env=_environment(room),
        start_new_session=True,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
    )
    try:
        _wait(process.pid, seconds)
    finally:
        # The process is not reaped yet, so that its number is still that of its group.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(number: int, seconds: float) -> None:
    """Wait until a process ends, without reaping it."""
    end = time.monotonic() + seconds
    while os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > end:
            raise ParseError(f"LibreOffice took longer than {seconds:.0f} seconds over the file")
        time.sleep(0.02)


def _environment(room: Path) -> dict[str, str]:
    """A home of its own, and proxies that lead nowhere."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    return {"LANG": "C.UTF-8", **kept, **nowhere, "HOME": str(room), "TMPDIR": str(room)}
