"""Pages that are empty until their scripts run, written by the test that serves them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.integration.fetch.pages import News
from tests.integration.fetch.server import Answer, Server

SCRIPT = "text/javascript"
FILL = """
fetch("/api/news").then(answer => answer.json()).then(news => {
  document.getElementById("root").innerHTML = "<main><h1>News</h1><ul class='news-list'>" +
    news.map(one => `<li class="news-item"><h3><a href="${one.url}">${one.title}</a></h3>
      <time datetime="${one.day}">${one.day}</time><p>${one.summary}</p></li>`).join("") +
    "</ul></main>";
});
"""


def shell(head: str = "", body: str = "") -> str:
    """What such a site answers everywhere: a root to fill and a script that fills it."""
    return (
        '<!doctype html><html lang="en"><head><title>News of the cluster</title>'
        f'{head}</head><body><noscript>You need to enable JavaScript.</noscript><div id="root">'
        f'</div>{body}<script src="/app.js"></script></body></html>'
    )


def api(news: Sequence[News]) -> bytes:
    """What the script asks for."""
    rows = [
        {"url": one.url, "title": one.title, "summary": one.summary,
         "day": f"{one.day:%Y-%m-%d}" if one.day else ""}
        for one in news
    ]  # fmt: skip
    return json.dumps(rows).encode()


def serve_scripted(
    server: Server, news: Sequence[News], *, script: str = FILL, page: str = ""
) -> None:
    """A news page at /news that is empty without its script."""
    server.put("/news", Answer((page or shell()).encode(), headers={"Content-Type": "text/html"}))
    server.put("/app.js", Answer(script.encode(), headers={"Content-Type": SCRIPT}))
    serve_api(server, news)


def serve_api(server: Server, news: Sequence[News]) -> None:
    body = api(news)
    server.put("/api/news", Answer(body, headers={"Content-Type": "application/json"}))
