"""The country as a whole: its registry made from lists of portals, its candidates, its survey."""
