"""What web archives hold of registered hosts, found and read as the crawl finds and reads, with its own dates."""
