"""Lists of indicators, one figure a row: their head, and the heads of their blocks."""
