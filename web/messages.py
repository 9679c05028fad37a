"""What findings say, in Chinese: the archive keeps messages in English, and `messages.csv` how each is said."""

from __future__ import annotations

import re
from functools import cache

from archive.csvs import packaged


def in_chinese(kind: str, message: str) -> str:
    """The message of a finding in Chinese; what has no words here stays as it is."""
    for pattern, words in _rules().get(kind, ()):
        message = pattern.sub(words, message)
    return message


@cache
def _rules() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """By the kind of finding, what is replaced by what, in order."""
    rules: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for row in packaged("messages.csv", "web"):
        rules.setdefault(row["kind"], []).append((re.compile(row["pattern"], re.DOTALL), row["zh"]))
    return rules
