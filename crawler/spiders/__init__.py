"""What Scrapy runs."""
