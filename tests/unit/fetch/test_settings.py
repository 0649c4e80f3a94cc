"""What of Scrapy a crawl loads."""

from __future__ import annotations

from pathlib import Path

from scrapy.settings import Settings as ScrapySettings

from crawler.config import load
from crawler.fetch.settings import scrapy_settings


def test_nothing_of_scrapys_is_loaded_that_is_not_named(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text("", "utf-8")
    settings = ScrapySettings(scrapy_settings(load(file, environment={})))
    assert not settings.get_component_priority_dict_with_base("EXTENSIONS")
    used = settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")
    assert sorted(used.values()) == [100, 110, 350, 400, 500, 580, 590, 600, 850, 950]
    names = " ".join(getattr(one, "__name__", str(one)) for one in used)
    assert not {"CookiesMiddleware", "HttpCacheMiddleware", "RetryMiddleware"} & set(names.split())
