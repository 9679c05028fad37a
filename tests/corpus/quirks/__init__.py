"""What print does to the form: every quirk of field reports as one small function, with what must be read."""

from tests.corpus.quirks import cells, drawn, flat, labels, lists, pages, shape, spans, words
from tests.corpus.quirks.base import PRINTERS, QUIRKS, Printer, Quirk, sheet_quirk, unchanged

__all__ = ["PRINTERS", "QUIRKS", "Printer", "Quirk", "sheet_quirk", "unchanged"]
_FILLED_BY = (labels, shape, spans, lists, flat, drawn, cells, words, pages)
