"""The warnings of the parser as data: what a reader should know of how a file was read, a kind of a closed
set and values with types. What a report itself says is the matter of `parsers.findings`.

`remarks.csv` has a row for each kind: the names and types of its values, and its words in Chinese and in
English (`parsers.templates`). A `reason` is what an error said, in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from parsers.templates import Templates, Values, Words, templates_in

TYPES = {"text": str, "count": int, "list": list}
"""What stands behind the name of a value in remarks.csv, and its type: one that JSON gives back equal."""


class RemarkKind(StrEnum):
    """Every kind of warning that there is; `as_said` is one that was kept before warnings had values."""

    AS_SAID = "as_said"
    UNDECODED = "undecoded"
    TEXT_CUT = "text_cut"
    PAGE_CUT = "page_cut"
    ARTICLE_HIDDEN = "article_hidden"
    ATTRIBUTES_LEFT_OUT = "attributes_left_out"
    TAGS_LEFT_OUT = "tags_left_out"
    ELEMENTS_LEFT_OUT = "elements_left_out"
    TABLE_DISSOLVED = "table_dissolved"
    SHEET_HIDDEN = "sheet_hidden"
    PICTURES_IN_PLACE_OF_TABLES = "pictures_in_place_of_tables"
    PICTURES_LEFT_OUT = "pictures_left_out"
    PICTURE_NOT_READ = "picture_not_read"
    PICTURE_READ = "picture_read"
    PICTURE_PAGES_LEFT_OUT = "picture_pages_left_out"
    PDF_MENDED = "pdf_mended"
    PDF_PAGES_LEFT_OUT = "pdf_pages_left_out"
    PDF_EMPTY = "pdf_empty"
    PDF_PAGE_OVERDRAWN = "pdf_page_overdrawn"
    PDF_PAGE_UNREADABLE = "pdf_page_unreadable"
    PDF_PAGE_WITHOUT_CHARACTERS = "pdf_page_without_characters"
    PDF_PAGE_OVERRULED = "pdf_page_overruled"
    PDF_SCANS_LEFT_OUT = "pdf_scans_left_out"
    PDF_SCANS_OF_HIDDEN_TEXT = "pdf_scans_of_hidden_text"
    PDF_SCANS_NOT_READ = "pdf_scans_not_read"
    PDF_SCANS_READ = "pdf_scans_read"
    PDF_SCAN_COARSE = "pdf_scan_coarse"
    MEMBER_ENCRYPTED = "member_encrypted"
    MEMBER_DAMAGED = "member_damaged"
    MEMBER_NOT_READ = "member_not_read"
    MEMBER_PICTURES_LEFT_OUT = "member_pictures_left_out"
    NOT_A_REPORT = "not_a_report"
    REPORTS_LEFT_OUT = "reports_left_out"
    YEAR_OF_FILE = "year_of_file"
    HEADS_TWICE = "heads_twice"
    NO_TITLE_ABOVE = "no_title_above"
    TITLE_READ_AS_ONE = "title_read_as_one"
    TITLE_READ_APART = "title_read_apart"
    YEARS_DIFFER = "years_differ"
    GENERATIONS_MIXED = "generations_mixed"
    TABLES_ABSENT = "tables_absent"
    TABLES_BLANK = "tables_blank"


@dataclass(frozen=True, slots=True)
class Remark:
    """One warning; ValueError where `values` are not those that its kind has in remarks.csv."""

    kind: RemarkKind
    values: Values = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        types = types_of(self.kind)
        if {name: type(value) for name, value in self.values.items()} != types:
            raise ValueError(f"{self.kind} has the values {types}, not {dict(self.values)}")

    @property
    def message(self) -> str:
        """The warning in English."""
        return self.words("en")

    @property
    def message_zh(self) -> str:
        """The warning in Chinese."""
        return self.words("zh")

    def words(self, language: str) -> str:
        """The warning in `zh` or `en`."""
        row = templates()[self.kind, ""]
        return Words(templates(), self.kind, language).vformat(row[language], (), self.values)

    def as_json(self) -> dict[str, Any]:
        """An item of `warnings_data` of `parse --json`."""
        return {"kind": self.kind.value, "values": dict(self.values), "message_zh": self.message_zh}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Remark:
        """The warning of `as_json`; ValueError, KeyError or TypeError for what can be put into no words."""
        remark = cls(RemarkKind(fields["kind"]), dict(fields["values"]))
        remark.words("en")
        return remark

    @classmethod
    def as_said(cls, message: str) -> Remark:
        """A warning of which only the words were kept."""
        return cls(RemarkKind.AS_SAID, {"message": message})


def messages(remarks: Iterable[Remark]) -> tuple[str, ...]:
    """The warnings in English."""
    return tuple(remark.message for remark in remarks)


@cache
def templates() -> Templates:
    """The rows of remarks.csv by kind and case."""
    return templates_in("remarks.csv")


@cache
def types_of(kind: RemarkKind) -> Mapping[str, type]:
    """The values of a kind by name, with their types."""
    named = (value.split(":") for value in templates()[kind, ""]["values"].split())
    return {name: TYPES[of] for name, of in named}
