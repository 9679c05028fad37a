"""Commands that only look: a report, its history, a difference, the state of the archive."""
