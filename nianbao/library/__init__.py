"""A publication as Python objects (`nianbao.open`): DuckDB asks its Parquet files."""

from nianbao.library.archive import Archive
from nianbao.library.bodies import Body, Figure, Report
from nianbao.library.errors import LibraryError, NotFound
from nianbao.library.rows import Rows

__all__ = ["Archive", "Body", "Figure", "LibraryError", "NotFound", "Report", "Rows"]
