"""Our settings as Scrapy's: polite, bounded, in the asyncio loop that the process owns."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import crawler
from crawler.config import Settings
from crawler.fetch.unpacking import ACCEPTED

HANDLER = "crawler.fetch.handler.PoliteDownloadHandler"
MAX_REDIRECTS = 8
WAITING_PER_REQUEST = 4
LARGE_PAGES = 40  # pages of the largest size that may be in memory at once


# What of Scrapy is left out, and what of ours comes in.
_COMPONENTS: dict[str, Any] = {
    "TELNETCONSOLE_ENABLED": False,
    "LOG_ENABLED": False,
    "LOGSTATS_INTERVAL": 0,
    "MEMUSAGE_ENABLED": False,
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    # Scrapy loads what it has by default even where a setting turns it off, and all that this
    # needs (an SSH server, an HTTP client): so what is used is named instead.
    "EXTENSIONS_BASE": {},
    "SPIDER_MIDDLEWARES": {
        # Every answer goes to the spider. (The request's handle_httpstatus_all would let
        # redirects through unfollowed as well.)
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    },
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.fetch.robots.RobotsMiddleware": 100,
        "crawler.fetch.middlewares.HostSlotMiddleware": 110,
        "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
        "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
        "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": 580,
        "crawler.fetch.middlewares.UnpackingMiddleware": 590,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
        "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
        "crawler.fetch.middlewares.HandedMiddleware": 950,  # in the handler's place
    },
    "ITEM_PIPELINES": {"crawler.fetch.pipelines.StorePipeline": 100},
}


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """Scrapy's settings for one long-lived crawl of this installation.

    What they leave out is left out on purpose: cookies, retries (polling decides when to
    try again), Scrapy's own robots.txt and delays (ours hold across hosts and runs).
    """
    crawl = settings.crawl
    return {
        "BOT_NAME": "Clusterwatch",
        "USER_AGENT": user_agent(crawl.contact),
        "SPIDER_MODULES": ["spiders"],
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            "http": HANDLER,
            "https": HANDLER,
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        # The gate counts requests under way; these wait for their hosts' turns as well.
        "CONCURRENT_REQUESTS": WAITING_PER_REQUEST * crawl.concurrent_requests,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_ITEMS": 1,
        # A large page being read must not keep the other sources from starting.
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": LARGE_PAGES * crawl.max_page_bytes,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": crawl.timeout.total_seconds(),
        "DOWNLOAD_MAXSIZE": crawl.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "RETRY_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "CLUSTERWATCH_OBEY_ROBOTS": crawl.obey_robots,
        "CLUSTERWATCH_PROXY": crawl.proxy,
        "HTTPPROXY_ENABLED": False,
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "METAREFRESH_MAXDELAY": 10,
        **_COMPONENTS,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": ACCEPTED,
        },
    }


def user_agent(contact: str) -> str:
    """Who we are and whom to write to, as RFC 9110 10.1.5 asks robots to say."""
    contact = "".join(char for char in contact if char.isprintable() and char not in "()")
    where = f"+{contact}" if contact else "news watcher"
    return f"Clusterwatch/{crawler.__version__} ({where})"


def proxy_for(url: str, proxy: str) -> str:
    """The proxy for an address, "" for hosts that NO_PROXY names and for loopback."""
    host = urlsplit(url).hostname or ""
    if not proxy or host in ("localhost", "::1") or host.startswith("127."):
        return ""
    if os.environ.get("NO_PROXY") or os.environ.get("no_proxy"):
        return "" if proxy_bypass(host) else proxy
    return proxy
