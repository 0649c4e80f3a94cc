"""The Scrapy room: one long-lived, polite crawl in this process."""
