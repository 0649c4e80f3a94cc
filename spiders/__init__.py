"""How news is found: one Scrapy spider and a strategy for each kind of source."""
