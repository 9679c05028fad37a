"""Every release is kept: whole tables once, then what changed, so that what was cited can be read for ever.

`RELEASES/DATE/manifest.json` names for each table a chain of files: a Parquet file of the whole table, and a file of
changes for every later release in which it changed. Files that releases share are hard links.
"""
