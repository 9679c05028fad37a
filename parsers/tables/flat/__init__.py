"""From blocks to one stream of lines of cells: what is printed side by side, run together or broken over
lines."""
