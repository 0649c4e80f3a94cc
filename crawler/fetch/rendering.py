"""One page as a browser shows it: its scripts run, every request of theirs made by us.

Chromium itself reaches no network. What a page asks for is fetched by the crawl like any page
(robots.txt, host gate, address guard, size limit, our User-Agent) and handed to the browser.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any

from crawler.errors import ClusterwatchError, FetchError
from crawler.fetch.assets import Assets
from crawler.fetch.browser import Limits, SharedBrowser, died_error
from crawler.fetch.browser_requests import EMPTY, REFUSE, passed_back, passed_on, verdict
from crawler.fetch.endings import Ended, unless
from crawler.fetch.page import Page
from crawler.logs import event

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Request, Route
    from playwright.async_api import Page as Tab

logger = logging.getLogger(__name__)
_LOOKS = 12  # at a page that never stands still
_HTML = "text/html; charset=utf-8"
# In a world of its own, where the page's scripts cannot bend the document's methods. Shadow
# trees are laid open, texts for browsers without scripts are taken out.
_OUTLINE = "document.documentElement ? document.documentElement.outerHTML.length : 0"
_DOCUMENT = """(() => {
  const open = root => {
    for (const host of root.querySelectorAll('*')) {
      if (host.shadowRoot) { open(host.shadowRoot); host.append(...host.shadowRoot.childNodes); }
    }
  };
  if (!document.documentElement) return '';
  open(document);
  document.querySelectorAll('noscript').forEach(one => one.remove());
  const html = document.documentElement.outerHTML;
  return html.length > %d ? null : '<!DOCTYPE html>' + html;
})()"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page's script asks for."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the address is said."""
        return self.method == "GET" and not self.headers and not self.body


Ask = Callable[[Asked], Awaitable[Page]]  # raises FetchError where no answer comes


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page with its scripts run."""

    page: Page
    barred: tuple[str, ...] = ()  # addresses its scripts asked for and robots.txt forbids


class Renderer:
    """Renders pages one after the other, in one shared browser."""

    def __init__(
        self,
        user_agent: str,
        max_page_bytes: int,
        *,
        limits: Limits | None = None,
        browser: SharedBrowser | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._max_bytes = max_page_bytes
        self._browser = browser or SharedBrowser(user_agent, self._limits)
        self._assets = Assets()

    async def render(self, page: Page, ask: Ask) -> Rendered:
        """``page`` as it is after its scripts ran; ``ask`` fetches what they want.

        Raises FetchError for a page that is too large, takes too long or kills the browser,
        ConfigError where there is no browser.
        """
        from playwright.async_api import Error

        async with self._browser.context() as (context, died):
            view = _View(page, ask, self._limits, self._assets, self._max_bytes)
            try:
                html = await unless(view.html(context), died)
            except Ended:
                raise died_error(died.result(), page.url) from None
            except Error as error:
                # The browser's end and the page's error come in either order.
                await asyncio.wait({died}, timeout=0.2)
                reason = died.result() if died.done() else _one_line(error)
                raise died_error(reason, page.url) from error
            finally:
                await view.end()
        headers = {**page.headers, "content-type": _HTML}
        for name in ("etag", "last-modified"):  # of the page as it came, not of this one
            headers.pop(name, None)
        event(
            logger, logging.DEBUG, "page.rendered", url=page.url, requests=view.requests,
            bytes=len(html),
        )  # fmt: skip
        body = html.encode("utf-8", "replace")
        return Rendered(
            replace(page, url=view.address, body=body, headers=headers), tuple(view.barred)
        )

    async def close(self) -> None:
        """End the browser, if it runs."""
        await self._browser.close()


class _View:
    """One tab with one page in it, and everything it asks for."""

    def __init__(
        self, page: Page, ask: Ask, limits: Limits, assets: Assets, max_bytes: int
    ) -> None:
        self.address = page.url  # of the document the tab shows
        self.requests = 0
        self.barred: list[str] = []
        self._ask = ask
        self._limits = limits
        self._assets = assets
        self._max_bytes = max_bytes
        self._ahead: Page | None = page  # the next document, fetched already
        self._bytes_left = 8 * max_bytes
        self._under_way: set[asyncio.Future[Any]] = set()
        self._tab: Tab | None = None
        self._crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def html(self, context: BrowserContext) -> str:
        """The document once it stands still. Raises FetchError."""
        await context.route("**/*", self._answer)
        tab = self._tab = await context.new_page()
        context.on("page", _close_popup)
        tab.on("crash", self._crash)
        try:
            return await unless(self._filled(context, tab), self._crashed)
        except Ended:
            raise died_error("The page crashed in the browser.", self.address) from None

    def _crash(self, _: Tab) -> None:
        if not self._crashed.done():
            self._crashed.set_result(None)

    async def end(self) -> None:
        """Let nothing of this page go on."""
        for work in list(self._under_way):
            work.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)
        self._crashed.cancel()

    # -- waiting -------------------------------------------------------------------------------

    async def _filled(self, context: BrowserContext, tab: Tab) -> str:
        shown = False
        try:
            async with asyncio.timeout(self._limits.seconds):
                await tab.goto(self.address, wait_until="domcontentloaded", timeout=0)
                shown = True
                await self._stillness(context, tab)
        except TimeoutError as error:
            if not shown:
                raise self._late() from error
        # A page that never stands still is taken as far as it has come.
        try:
            async with asyncio.timeout(self._limits.close_seconds):
                html = await _evaluated(context, tab, _DOCUMENT % self._max_bytes)
        except TimeoutError as error:
            raise self._late() from error
        if html is None:
            raise FetchError(
                "The page, its scripts run, is larger than max_page_bytes.",
                url=self.address, kind="size",
            )  # fmt: skip
        return str(html)

    def _late(self) -> FetchError:
        return FetchError(
            f"The page's scripts were not done within {self._limits.seconds:.0f} s.",
            url=self.address, kind="timeout",
        )  # fmt: skip

    async def _stillness(self, context: BrowserContext, tab: Tab) -> None:
        """Wait until nothing is asked for and the document has the same size twice."""
        before = (-1, -1)
        for _ in range(_LOOKS):
            await self._quiet()
            now = (self.requests, int(await _evaluated(context, tab, _OUTLINE)))
            if now == before and not self._under_way:
                return
            before = now

    async def _quiet(self) -> None:
        while True:
            while self._under_way:
                await asyncio.wait(self._under_way)
            seen = self.requests
            await asyncio.sleep(self._limits.quiet_seconds)
            if seen == self.requests and not self._under_way:
                return

    # -- answering -----------------------------------------------------------------------------

    async def _answer(self, route: Route) -> None:
        from playwright.async_api import Error

        work = asyncio.ensure_future(self._decided(route))
        self._under_way.add(work)
        try:
            # The tab may be gone before its last answers; a failed one is an answer as well.
            with suppress(Error, asyncio.CancelledError):
                await asyncio.wait({work})
                if not work.cancelled() and work.exception() is not None:
                    if not isinstance(work.exception(), (Error, ClusterwatchError)):
                        logger.error("browser.request_broken", exc_info=work.exception())
                    await route.abort()
        finally:
            self._under_way.discard(work)

    async def _decided(self, route: Route) -> None:
        request = route.request
        kind = self._kind(request)
        what = verdict(kind, request.method, request.url, self.address, request.headers)
        if what == EMPTY:
            await route.fulfill(status=200, content_type="text/css", body="")
        elif what == REFUSE or self.requests >= self._limits.requests or self._bytes_left <= 0:
            await route.abort("blockedbyclient")
        elif kind == "document":
            await self._document(route)
        else:
            await self._part(route, request)

    def _kind(self, request: Request) -> str:
        """Playwright's resource type; a frame's document is a "frame"."""
        if not request.is_navigation_request():
            return request.resource_type
        assert self._tab is not None
        return "document" if request.frame == self._tab.main_frame else "frame"

    async def _document(self, route: Route) -> None:
        """The page itself, or where its script leads to."""
        page, self._ahead = self._ahead, None
        if page is None:
            url = route.request.url.partition("#")[0]
            page = await self._fetched(Asked(url))
            if page.url != url:
                # The browser has to learn where it is; it asks again and gets what we have.
                self._ahead = page
                moved = f'<meta http-equiv="refresh" content="0;url={escape(page.url)}">'
                await route.fulfill(status=200, content_type=_HTML, body=moved)
                return
        self.address = page.url
        await _fulfil(route, page)

    async def _part(self, route: Route, request: Request) -> None:
        """A script or what scripts ask for."""
        kept = self._assets.get(request.url) if request.method == "GET" else None
        if kept is None:
            headers = passed_on(await request.all_headers())
            body = request.post_data_buffer or b""
            asked = Asked(request.url, request.method, headers, body)
            kept = await self._fetched(asked)
            if request.resource_type == "script" and request.method == "GET":
                self._assets.keep(request.url, kept)
        await _fulfil(route, kept)

    async def _fetched(self, asked: Asked) -> Page:
        self.requests += 1
        try:
            page = await self._ask(asked)
        except FetchError as error:
            if error.kind == "robots":
                self.barred.append(asked.url)
            event(
                logger, logging.INFO, "browser.refused", url=asked.url, page=self.address,
                reason=error.message,
            )  # fmt: skip
            raise
        self._bytes_left -= len(page.body)
        return page


async def _fulfil(route: Route, page: Page) -> None:
    if 300 <= page.status < 400:  # the browser would follow by itself
        await route.abort("failed")
        return
    await route.fulfill(status=page.status, headers=passed_back(page.headers), body=page.body)


async def _close_popup(tab: Tab) -> None:
    from playwright.async_api import Error

    with suppress(Error):
        await tab.close()


async def _evaluated(context: BrowserContext, tab: Tab, expression: str) -> Any:
    session = await context.new_cdp_session(tab)
    tree = await session.send("Page.getFrameTree")
    world = await session.send(
        "Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]}
    )
    answer = await session.send(
        "Runtime.evaluate",
        {
            "expression": expression,
            "contextId": world["executionContextId"],
            "returnByValue": True,
        },
    )
    await session.detach()
    return answer["result"].get("value")


def _one_line(error: Exception) -> str:
    first = next((one.strip() for one in str(error).splitlines() if one.strip()), "no reason given")
    return f"The browser could not show the page: {first[:200]}"
