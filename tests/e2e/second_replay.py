"""A second replay of the seed sites: what their editors wrote, and servers that disguise it.

``tests/fixtures/replay/sites/*.txt`` hold the truth (path, date, title, topics, text);
``templates`` the markup of six content management systems around it.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from tests.e2e.loops import Run, loop_thread

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "replay"
SHORT = [
    "",
    "Jan.",
    "Feb.",
    "März",
    "Apr.",
    "Mai",
    "Juni",
    "Juli",
    "Aug.",
    "Sep.",
    "Okt.",
    "Nov.",
    "Dez.",
]
LONG = [
    "",
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


@dataclass(frozen=True)
class Written:
    """One item as its editor wrote it."""

    path: str  # without leading slash; for the table of links: the NewsId
    title: str
    teaser: str
    day: date | None
    topics: tuple[str, ...]
    blocks: tuple[tuple[str, Any], ...]  # (p|h|ul|figure, words)
    sticky: bool = False

    @property
    def paragraphs(self) -> list[str]:
        return [words for kind, words in self.blocks if kind == "p"]


def _blocks(text: str) -> tuple[tuple[str, Any], ...]:
    found: list[tuple[str, Any]] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        if part.startswith("## "):
            found.append(("h", part[3:]))
        elif part.startswith("! "):
            found.append(("figure", part[2:].split(" | ")[1]))
        elif part.startswith("- "):
            if not found or found[-1][0] != "ul":
                found.append(("ul", []))
            found[-1][1].append(part[2:])
        else:
            found.append(("p", part))
    return tuple(found)


def written(site: str) -> list[Written]:
    """The items of one site, in the order of its list."""
    text = (FOLDER / "sites" / f"{site}.txt").read_text("utf-8")
    return [_written(part) for part in re.split(r"^=== ", text, flags=re.M)[1:]]


def _written(part: str) -> Written:
    head, _, body = part.partition("\n---\n")
    path, *lines = head.strip().splitlines()
    values = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "seed" in values:
        body = (FOLDER / "seeds" / f"{values['seed']}.txt").read_text("utf-8")
    day = None if values["date"] == "none" else date.fromisoformat(values["date"])
    topics = tuple(sorted(values.get("topics", "").split()))
    sticky = values.get("sticky") == "yes"
    return Written(path, values["title"], values["teaser"], day, topics, _blocks(body), sticky)


@dataclass(frozen=True)
class Hit:
    """One request as a server saw it."""

    site: str
    path: str
    conditional: bool
    status: int


@dataclass
class Site:
    """One served site."""

    id: str
    start: str  # the address a user would give
    list_path: str
    items: list[Written]
    article_path: Callable[[Written], str]
    validators: str = ""  # "etag", "weak", "modified" or none
    charset: str = "utf-8"
    gzipped: bool = False
    extra: Mapping[str, tuple[int, str]] = field(default_factory=dict)  # path -> (status, body)
    redirects: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    revision: int = 0
    hits: int = 0

    @property
    def url(self) -> str:
        return self.origin + self.start


def _slash(item: Written) -> str:
    return f"/{item.path}/"


def build_sites() -> list[Site]:
    """The six sites, as their editors left them."""
    bund = "/DE/Aktuelles/Erfolge/erfolge_node.html"
    return [
        Site("bund", "/DE/Aktuelles/Erfolge", bund, written("bund"), lambda one: f"/{one.path}",
             "etag", redirects={"/DE/Aktuelles/Erfolge": bund}),
        Site("karten", "/aktuelles/", "/aktuelles/", written("karten"), _slash, "weak",
             extra={"/robots.txt": (200, "User-agent: *\nDisallow: /aktuelles/reinraum-kurs\n")}),
        Site("gazette", "/news/", "/news/", written("gazette"), _slash, "modified", gzipped=True),
        Site("bloecke", "/neuigkeiten/", "/neuigkeiten/", written("bloecke"), _slash,
             extra={"/feed/": (410, "<h1>Gone</h1>")}),
        Site("klynge", "/Nyheder.aspx?PID=19", "/Nyheder.aspx", written("klynge"),
             lambda one: f"/Nyhed.aspx?{one.path}", charset="windows-1252"),
        Site("twin", "/en/updates", "/en/updates", written("twin"),
             lambda one: f"/en/{one.path}", "etag"),
    ]  # fmt: skip


class SecondReplay:
    """Six servers on loopback and the log of what was asked of them."""

    def __init__(self, run: Run) -> None:
        self.run = run  # runs a coroutine in the servers' loop
        self.sites = {site.id: site for site in build_sites()}
        self.log: list[Hit] = []
        self._pages = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True)
        self._runners: list[web.AppRunner] = []

    def publish(self, site: str, item: Written) -> None:
        """One more item, at the top of its list."""
        self.sites[site].items.insert(0, item)
        self.sites[site].revision += 1

    async def start(self) -> None:
        for site in self.sites.values():
            app = web.Application()
            app.router.add_route("*", "/{tail:.*}", self._handler(site))
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            site.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self._runners.append(runner)

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    def _handler(self, site: Site) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            response = self._answer(site, request)
            asked = {"If-None-Match", "If-Modified-Since"} & set(request.headers)
            self.log.append(Hit(site.id, request.path_qs, bool(asked), response.status))
            return response

        return answer

    def _answer(self, site: Site, request: web.Request) -> web.Response:
        path = request.path
        if path in site.extra:
            status, text = site.extra[path]
            kind = "text/plain" if path.endswith(".txt") else "text/html"
            return web.Response(status=status, text=text, content_type=kind)
        if path in site.redirects:
            return _moved(site.redirects[path])
        template, values = self._page(site, request)
        if not template and f"{path}/" in {_slash(one) for one in site.items}:
            return _moved(f"{path}/")
        if not template:
            return web.Response(status=404, text="<h1>404</h1>", content_type="text/html")
        return _served(site, request, self._render(site, template, values))

    def _page(self, site: Site, request: web.Request) -> tuple[str, dict[str, Any]]:
        if request.path == site.list_path:
            return f"{site.id}_list.html", {"items": site.items}
        if request.path == "/feed/" and site.id == "gazette":
            return "gazette_feed.xml", {"items": site.items}
        for item in site.items:
            if _asks_for(site, request, item):
                others = [one for one in site.items if one is not item and one.day][:3]
                return f"{site.id}_article.html", {"item": item, "others": others}
        return "", {}

    def _render(self, site: Site, template: str, values: dict[str, Any]) -> bytes:
        site.hits += 1
        session = hashlib.md5(f"{site.id}{site.hits}".encode()).hexdigest()
        months = [
            (name, list(group))
            for name, group in groupby(
                [one for one in site.items if one.day], key=lambda one: f"{one.day:%B %Y}"
            )
        ]
        text = self._pages.get_template(template).render(
            **values, origin=site.origin, session=session, hits=41000 + site.hits,
            short=SHORT, long=LONG, months=months,
        )  # fmt: skip
        return text.encode(site.charset, "xmlcharrefreplace")


def _asks_for(site: Site, request: web.Request, item: Written) -> bool:
    if site.id == "klynge":
        asked = parse_qs(request.query_string).get("NewsId")
        return request.path == "/Nyhed.aspx" and asked == [item.path]
    return request.path == site.article_path(item)


def _moved(target: str) -> web.Response:
    return web.Response(status=301, headers={"Location": target})


def _served(site: Site, request: web.Request, body: bytes) -> web.Response:
    kind = "application/rss+xml" if request.path == "/feed/" else "text/html"
    headers = {"Content-Type": kind}
    tag = f'"{hashlib.sha1(body).hexdigest()}"'
    moment = f"Tue, 03 Nov 2020 10:{site.revision:02d}:00 GMT"
    if site.validators == "modified":
        headers["Last-Modified"] = moment
    elif site.validators:
        headers["ETag"] = tag if site.validators == "etag" else f"W/{tag}"
    unchanged = (
        headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]
    ) or ("Last-Modified" in headers and request.headers.get("If-Modified-Since") == moment)
    if unchanged:
        return web.Response(status=304, headers=headers)
    if site.gzipped and "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(
            body=gzip.compress(body), headers=headers | {"Content-Encoding": "gzip"}
        )
    return web.Response(body=body, headers=headers)


@contextmanager
def serving() -> Iterator[SecondReplay]:
    """The six sites, served by a loop in a thread of its own."""
    with loop_thread() as run:
        replay = SecondReplay(run)
        run(replay.start())
        try:
            yield replay
        finally:
            run(replay.stop())


def news(path: str, title: str, words: str, day: datetime) -> Written:
    """An item written today."""
    blocks = _blocks(words)
    return Written(path, title, blocks[0][1].split(". ")[0] + ".", day.date(), (), blocks)
