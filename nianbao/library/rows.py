"""Rows of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nianbao.library.errors import needed

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Rows:
    """Rows of an answer: as an Arrow table, as a pandas DataFrame, or one by one as dicts."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(self._table.column_names)

    def arrow(self) -> pa.Table:
        """The rows as a table of pyarrow."""
        return self._table

    def pandas(self) -> pd.DataFrame:
        """The rows as a DataFrame. Raises LibraryError where pandas is not installed."""
        needed("pandas")
        return self._table.to_pandas()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._table.to_batches():
            yield from batch.to_pylist()

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __repr__(self) -> str:
        return f"<Rows: {len(self)} of {len(self.columns)} columns>"
