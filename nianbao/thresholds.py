"""From where on something counts as wrong: `thresholds.csv`, and what the settings put in its place."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers by name; an unknown name is a fault of the program."""

    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def whole(self, name: str) -> int:
        """A threshold that counts."""
        return int(self.values[name])


def packaged() -> Thresholds:
    """The thresholds as they come with the program."""
    text = resources.files(__package__).joinpath("thresholds.csv").read_text("utf-8")
    return Thresholds({row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())})
