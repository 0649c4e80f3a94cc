"""Real Chromium, the crawl's house and its loopback servers, a website with its visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from crawler.errors import ConfigError
from crawler.fetch.browser import Limits
from crawler.fetch.chromium import Chromium, find_chromium
from crawler.fetch.rendering import Renderer
from tests.browser.website import Website, fill, website
from tests.integration.conftest import sqlite_schema
from tests.integration.fetch.conftest import House, make_house, matcher, server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium", "make_house", "matcher", "server", "sqlite_schema"]
QUICK = Limits(seconds=20, quiet_seconds=0.2, watch_seconds=0.2, close_seconds=2)


def renderer(limits: Limits = QUICK, max_bytes: int = 1_000_000) -> Renderer:
    """One that waits no longer than pages on loopback need."""
    return Renderer("Clusterwatch/tests", max_bytes, limits=limits)


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    one = make_house()
    one.renderer = renderer
    return one


@pytest.fixture
def chromium() -> Chromium:
    try:
        return find_chromium()
    except ConfigError as error:
        pytest.skip(error.line())


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """One installation with a filled archive for all browser tests of the web side."""
    with website(tmp_path_factory.mktemp("site")) as made:
        fill(made)
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: Playwright's loop must be gone before tests with their own."""
    playwright = pytest.importorskip("playwright.sync_api")
    try:
        found = find_chromium()
    except ConfigError as error:
        pytest.skip(error.line())
    with playwright.sync_playwright() as running:
        options = ["--no-sandbox", "--disable-quic"] if not found.sandbox else ["--disable-quic"]
        launched = running.chromium.launch(executable_path=found.path, args=options)
        yield launched
        launched.close()
