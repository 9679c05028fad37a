"""What a night is to do, as its command and its settings say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nianbao.nightly.budgets import Budget
from nianbao.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night is to do. `about` tells nights of single sources or hosts apart; `reports` is where reports go.

    With `cluster`, the scheduler at that address is asked to crawl and to read.
    """

    db: Path
    out: Path
    crawl_options: Sequence[str] = ()
    about: str = ""
    jobs: int = 1
    budget: Budget = field(default_factory=Budget)
    settings: Settings = field(default_factory=Settings)
    reports: Path | None = None
    cluster: str | None = None

    @property
    def command(self) -> str:
        """The night as the archive names it: a night goes on only with one of the same command."""
        return f"night {self.about}".rstrip()
