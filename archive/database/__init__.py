"""The file itself: opened, migrated, written in transactions; bytes packed; digests of what was derived."""
