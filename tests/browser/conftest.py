"""Real Chromium, the crawl's house and its loopback servers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.errors import ConfigError
from crawler.fetch.browser import Limits
from crawler.fetch.chromium import Chromium, find_chromium
from crawler.fetch.rendering import Renderer
from tests.integration.fetch.conftest import House, empty_database, make_house, matcher, server

__all__ = ["chromium", "empty_database", "make_house", "matcher", "server"]
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
