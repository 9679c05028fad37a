"""The two languages of the pages: Chinese first, English by a switch that a cookie keeps.

`phrases.csv` has every phrase of the templates once, `words.py` the closed sets. What was printed in a report
stays as printed, in Chinese.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from archive.csvs import packaged
from web.saying import words

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

LANGUAGES = ("zh", "en")
TAGS = {"zh": "zh-Hans", "en": "en"}
COOKIE = "lang"
YEAR = 365 * 24 * 3600


@cache
def phrases() -> dict[str, tuple[str, str]]:
    """Each phrase by its key: (Chinese, English)."""
    return {row["key"]: (row["zh"], row["en"]) for row in packaged("phrases.csv", "web")}


@cache
def provinces() -> dict[str, str]:
    """The short English names of provinces by their codes."""
    return {row["code"]: row["en"] for row in packaged("provinces.csv", "web")}


@dataclass(frozen=True, slots=True)
class Speech:
    """What a page says, in one language: `t("home.title")`, `t.of(("已收录", "held"))`, `t.kind("unit_differs")`."""

    lang: str = "zh"

    def __call__(self, key: str, **values: object) -> str:
        """A phrase with its values put in; KeyError for one that phrases.csv lacks."""
        return self.of(phrases()[key]).format(**values)

    def of(self, pair: tuple[str, str]) -> str:
        """One of a pair of words, Chinese where there is no English."""
        return pair[1] or pair[0] if self.lang == "en" else pair[0]

    def member(self, name: str, value: str) -> str:
        """The word for a member of a closed set of words.py, such as `t.member("COVERAGE", "late")`."""
        return self.of(getattr(words, name).get(value, (value, "")))

    def kind(self, name: str) -> str:
        """What a kind of finding is called."""
        return self.of(words.kind(name))

    def identity(self, name: str) -> str:
        """What an identity says."""
        return self.of(words.identity(name))

    def unit(self, name: str) -> str:
        """A unit; as it stands in the codebook when it has no word."""
        return self.member("UNITS", name.partition(" ")[0])

    def province(self, code: str) -> str:
        """The English name of a province on an English page; empty for all else, which stays as it is written."""
        return provinces().get(code, "") if self.lang == "en" else ""

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return TAGS[self.lang]

    @property
    def other(self) -> str:
        """The other language."""
        return LANGUAGES[1 - LANGUAGES.index(self.lang)]


def asked(request: Request) -> str:
    """The language that the address asks for, if it does."""
    wanted = request.args.get("lang") or ""
    return wanted if wanted in LANGUAGES else ""


def speech(request: Request) -> Speech:
    """The language of an answer: as the address asks, as the cookie remembers, else Chinese."""
    return Speech(asked(request) or _remembered(request) or LANGUAGES[0])


def _remembered(request: Request) -> str:
    try:
        kept = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return kept.value if kept is not None and kept.value in LANGUAGES else ""


def cookie(lang: str) -> str:
    """The header that keeps the language for a year; it says nothing else about the visitor."""
    return f"{COOKIE}={lang}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly"
