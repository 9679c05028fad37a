"""Nianbao: the archive of China's annual reports on open government information (政府信息公开工作年度报告).

`nianbao.open(FOLDER_OR_URL)` reads a publication. Nothing heavy is imported before it is called.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.library import Archive


def open(place: str | PathLike[str], *, cache: str | PathLike[str] | None = None) -> Archive:
    """The publication in a folder, a kept release (`releases/DATE`), or at the http(s) address of its files.

    An address is that of the downloads, `https://SITE/downloads`; its files are fetched when a question first
    needs them: for as long as the archive is used, or into the folder `cache`, where they stay. Raises
    LibraryError, which names what is wrong and the remedy.
    """
    from nianbao.library import Archive

    return Archive(place, cache=cache)
