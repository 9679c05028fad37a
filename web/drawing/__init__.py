"""Charts, maps, forms and marked sources: numbers in, markup out."""
