"""Bytes in, a Report out. Pure: no network, no database, no clock."""

PARSER_VERSION = "12"
"""Raised whenever a reading may come out differently; captures read by another version are read again."""
