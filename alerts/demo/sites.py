"""Replayed sites: saved pages served on loopback, as their own web servers would serve them.

    async with ReplaySites(demo_root()) as sites:
        sites.origins["biosaxony"]        # "http://127.0.0.1:41873"
        sites["biosaxony"].start_url      # the address a person would watch
        sites["biosaxony"].requests       # every request so far: path, status, headers, time
        path = sites.publish(datetime.now(UTC))   # one more item appears, dated now

Each site has its own free port. Answers carry a strong ETag and Last-Modified; conditional
requests are answered as RFC 9110, section 13 says (If-None-Match decides where it is given),
HEAD works, a missing or superfluous trailing slash is redirected, anything else that is not
saved gets the site's own error page with status 404. Nothing is compressed and no cookie set.
``sites["biosaxony"].outage = 503`` answers everything with that status until it is None again.
The servers live in the loop that enters them; a client of another thread may use them while
that loop runs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import MappingProxyType, TracebackType
from typing import Self

from aiohttp import web

from alerts.demo.loopback import serve
from alerts.demo.saved import Folder, SavedPage, SavedSite, load_publication, load_sites

_PLACEHOLDER = re.compile(rb"\{\{(origin|slot:[a-z-]+|now:[^{}\n]{1,40})\}\}")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that a site answered."""

    method: str
    path: str  # with its query, as it was sent
    status: int
    headers: Mapping[str, str]  # names in lower case
    time: datetime  # UTC

    @property
    def conditional(self) -> bool:
        """Whether the request asked "has this changed?"."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class ReplaySite:
    """One site on its own port; ``ReplaySites`` starts it."""

    def __init__(self, saved: SavedSite) -> None:
        self.saved = saved
        self.origin = ""  # "http://127.0.0.1:PORT" once served
        self.requests: list[LoggedRequest] = []
        self.outage: int | None = None  # status of every answer while it is set
        self._pages = list(saved.pages)
        self._slots: Mapping[str, bytes] = {}
        self._now: datetime | None = None

    @property
    def id(self) -> str:
        return self.saved.id

    @property
    def name(self) -> str:
        return self.saved.name

    @property
    def start_url(self) -> str:
        """The address a person would watch."""
        return self.origin + self.saved.start

    def application(self) -> web.Application:
        """The web application that answers for this site."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    def publish(
        self, pages: tuple[SavedPage, ...], slots: Mapping[str, bytes], now: datetime
    ) -> None:
        """Add ``pages`` and fill ``slots``; the pages that have such a slot change ``now``."""
        changed = [_touched(page, slots, now) for page in self._pages]
        self._pages = changed + [replace(page, modified=now) for page in pages]
        self._slots = slots
        self._now = now.astimezone(self.saved.zone)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        response = self._respond(request)
        response.headers.update(self.saved.headers)
        self.requests.append(
            LoggedRequest(
                method=request.method,
                path=request.raw_path,
                status=response.status,
                headers=MappingProxyType({k.lower(): v for k, v in request.headers.items()}),
                time=datetime.now(UTC),
            )
        )
        return response

    def _respond(self, request: web.Request) -> web.Response:
        if request.method not in {"GET", "HEAD"}:
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        if self.outage is not None:
            return web.Response(status=self.outage, text="Service unavailable")
        page = self._find(request.path, frozenset(request.query.items()))
        if page is not None:
            return self._page_response(request, page)
        if twin := self._slash_twin(request):
            return web.Response(status=301, headers={"Location": twin})
        return self._body_response(self.saved.not_found, status=404)

    def _find(self, path: str, query: frozenset[tuple[str, str]]) -> SavedPage | None:
        """The most specific page of ``path`` whose parameters the request carries."""
        fitting = [page for page in self._pages if page.path == path and page.query <= query]
        return max(fitting, key=lambda page: len(page.query), default=None)

    def _slash_twin(self, request: web.Request) -> str | None:
        twin = request.path[:-1] if request.path.endswith("/") else request.path + "/"
        known = any(page.path == twin and not page.query for page in self._pages)
        return str(request.rel_url.with_path(twin)) if known else None

    def _page_response(self, request: web.Request, page: SavedPage) -> web.Response:
        response = self._body_response(page, status=200)
        if _unchanged(request, response.headers["ETag"], page.modified):
            kept = {name: response.headers[name] for name in ("ETag", "Last-Modified")}
            return web.Response(status=304, headers=kept)
        return response

    def _body_response(self, page: SavedPage, *, status: int) -> web.Response:
        body = self._filled(page)
        headers = {"Content-Type": page.content_type}
        if status == 200:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers["Last-Modified"] = _http_date(page.modified)
        return web.Response(status=status, body=body, headers=headers)

    def _filled(self, page: SavedPage) -> bytes:
        if not page.is_text:
            return page.body
        # A slot's text holds placeholders itself, so it is filled first.
        return _PLACEHOLDER.sub(self._fill, _PLACEHOLDER.sub(self._fill, page.body))

    def _fill(self, match: re.Match[bytes]) -> bytes:
        kind, _, argument = match[1].decode("ascii").partition(":")
        if kind == "origin":
            return self.origin.encode("ascii")
        if kind == "slot":
            return self._slots.get(argument, b"")
        if self._now is None:
            raise ValueError(f"{match[0]!r} on a page that is not published")
        return _moment(self._now, argument).encode("ascii")


class ReplaySites:
    """All sites below ``root``, served while the context is open."""

    def __init__(self, root: Folder) -> None:
        """Read the manifests. Raises ConfigError where one cannot be read."""
        self._publication = load_publication(root)
        self._sites = {saved.id: ReplaySite(saved) for saved in load_sites(root)}
        self._servers = AsyncExitStack()

    @property
    def origins(self) -> Mapping[str, str]:
        """Site id → origin."""
        return MappingProxyType({site.id: site.origin for site in self})

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """Every site's requests, oldest first."""
        return tuple(sorted((r for site in self for r in site.requests), key=lambda r: r.time))

    def __getitem__(self, site_id: str) -> ReplaySite:
        return self._sites[site_id]

    def __iter__(self) -> Iterator[ReplaySite]:
        return iter(self._sites.values())

    def __len__(self) -> int:
        return len(self._sites)

    def publish(self, now: datetime) -> str:
        """Publish the held-back item, dated ``now`` (aware); returns its address."""
        held = self._publication
        site = self._sites[held.site]
        site.publish(held.pages, held.slots, now)
        return site.origin + held.path

    @property
    def publication_title(self) -> str:
        """Title of the item that ``publish`` adds."""
        return self._publication.title

    @property
    def publication_site(self) -> str:
        """Id of the site on which ``publish`` adds it."""
        return self._publication.site

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for site in self:
                site.origin = await stack.enter_async_context(serve(site.application()))
            self._servers = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._servers.aclose()


def _touched(page: SavedPage, slots: Mapping[str, bytes], now: datetime) -> SavedPage:
    markers = (b"{{slot:%s}}" % name.encode("ascii") for name in slots)
    return replace(page, modified=now) if any(mark in page.body for mark in markers) else page


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _moment(now: datetime, form: str) -> str:
    if form == "rfc822":
        return format_datetime(now.replace(microsecond=0))
    if form == "iso":
        return now.isoformat(timespec="seconds")
    return now.strftime(form)


def _unchanged(request: web.Request, etag: str, modified: datetime) -> bool:
    """RFC 9110, section 13.2.2: If-None-Match (weak comparison) goes before If-Modified-Since."""
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return "*" in tags or etag in tags
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # an invalid date, or one without a zone, is to be ignored
        return False
