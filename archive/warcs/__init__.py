"""Web archives: ours as WARC, those of other crawlers as answers."""
