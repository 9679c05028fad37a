"""What a page leads to: its links, its listing, which of them are followed."""
