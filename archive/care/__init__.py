"""Copies, shares, joined archives, and whether all is still what was kept."""
