"""Pages that are empty without JavaScript, polled with a real Chromium."""

from __future__ import annotations

import pytest

from crawler.fetch.chromium import Chromium
from tests.browser.scripted import serve_api, serve_scripted, shell
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import article, path_of, some
from tests.integration.fetch.server import Server

pytestmark = pytest.mark.usefixtures("chromium")


async def test_a_list_that_scripts_fill_is_watched_like_any_other(
    house: House, server: Server
) -> None:
    news = some(server.url(), 6)
    serve_scripted(server, news[1:])
    for one in news:
        server.put(path_of(server, one), article(one.title))
    house.watch(server.url("/news"), render="browser")
    first = await house.poll()
    assert (first.status, first.kind, first.new, first.error) == ("ok", "listing", 5, "")
    serve_api(server, news)
    second = await house.poll()
    assert [item.title for item in second.items] == [news[0].title]
    assert all("Clusterwatch" in one.headers["user-agent"] for one in server.seen)
