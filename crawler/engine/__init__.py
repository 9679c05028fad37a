"""The crawl as Scrapy runs it over the archive: whose turn it is, what is kept, when it ends."""
