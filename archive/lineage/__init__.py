"""Bodies in time: what renamed, merged or split them, and the chains that this makes."""
