"""From a grid, or from text that lost its grid, to figures."""
