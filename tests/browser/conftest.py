"""Real Chromium, the crawl's house and its loopback servers."""

from __future__ import annotations

import pytest

from crawler.errors import ConfigError
from crawler.fetch.chromium import Chromium, find_chromium
from tests.integration.fetch.conftest import empty_database, house, make_house, matcher, server

__all__ = ["chromium", "empty_database", "house", "make_house", "matcher", "server"]


@pytest.fixture
def chromium() -> Chromium:
    try:
        return find_chromium()
    except ConfigError as error:
        pytest.skip(error.line())
