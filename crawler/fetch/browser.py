"""The one browser of this process: started on first use, cut off from the network, killed when
it takes too much, closed when idle."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import ConfigError, FetchError
from crawler.fetch.chromium import Chromium, browser_environment, find_chromium
from crawler.logs import event

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

logger = logging.getLogger(__name__)
_MEGABYTE = 1024 * 1024
# Nothing of Chromium's own may reach the network: every request of a page is answered by us
# (crawler.fetch.rendering), and what escapes that finds a proxy that refuses it, loopback
# included, no names and no UDP.
_CUT_OFF = (
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pings",
)
_FRUGAL = ("--disable-gpu", "--mute-audio", "--blink-settings=imagesEnabled=false")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rendering may cost."""

    seconds: float = 120.0  # from its turn to the finished page; waiting for hosts included
    quiet_seconds: float = 0.6  # without a request, then the page counts as filled
    requests: int = 150
    memory_megabytes: int = 1024  # of all the browser's processes together
    script_megabytes: int = 512  # of one page's scripts
    idle_seconds: float = 60.0  # then the browser is closed
    watch_seconds: float = 1.0  # between two looks at its memory
    close_seconds: float = 5.0  # to close in peace


class SharedBrowser:
    """One page at a time, so that a crash or a kill hurts that page's poll alone."""

    def __init__(
        self,
        user_agent: str,
        limits: Limits,
        *,
        find: Callable[[], Chromium] = find_chromium,
    ) -> None:
        self._user_agent = user_agent
        self._limits = limits
        self._find = find
        self._turn = asyncio.Lock()
        self._driver: Playwright | None = None
        self._browser: Browser | None = None
        self._session: Any = None  # speaks with the browser itself
        self._pids: set[int] = set()
        self._wall: socket.socket | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def context(self) -> AsyncIterator[tuple[BrowserContext, asyncio.Future[str]]]:
        """(a context without cookies or storage, a future that says why the browser died).

        Raises ConfigError where Chromium is missing or does not start.
        """
        async with self._turn:
            self._stay_open()
            await self._start()
            assert self._browser is not None
            died: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            gone = _once(died, "The browser crashed.")
            self._browser.on("disconnected", gone)
            watch = asyncio.ensure_future(self._watch(died))
            context: BrowserContext | None = None
            try:
                context = await self._context()
                yield context, died
            finally:
                watch.cancel()
                if context is None or died.done() or not await self._closed(context):
                    await self._end(kill=True)  # the next page gets a fresh one
                died.cancel()
                if self._browser is not None:
                    self._browser.remove_listener("disconnected", gone)
                self._close_when_idle()

    async def close(self) -> None:
        """End the browser and its driver."""
        self._stay_open()
        async with self._turn:
            await self._end()

    # -- starting and ending ------------------------------------------------------------------

    async def _start(self) -> None:
        if self._browser is not None and self._browser.is_connected():
            return
        found = self._find()
        from playwright.async_api import Error, async_playwright

        await self._end()
        self._wall = _refusing_port()
        self._driver = await async_playwright().start()
        try:
            self._browser = await self._driver.chromium.launch(
                executable_path=found.path,
                chromium_sandbox=found.sandbox,
                args=self._arguments(self._wall.getsockname()[1]),
                env=dict(browser_environment()),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=30_000,
            )
            self._session = await self._browser.new_browser_cdp_session()
            await self._look_at_processes()
        except Error as error:
            await self._end(kill=True)
            raise _not_started(found, error) from error
        event(logger, logging.INFO, "browser.started", version=self._browser.version)

    def _arguments(self, port: int) -> list[str]:
        heap = f"--js-flags=--max-old-space-size={self._limits.script_megabytes}"
        return [f"--proxy-server=http://127.0.0.1:{port}", heap, *_CUT_OFF, *_FRUGAL]

    async def _context(self) -> BrowserContext:
        assert self._browser is not None
        return await self._browser.new_context(
            user_agent=self._user_agent,
            service_workers="block",
            accept_downloads=False,
            viewport={"width": 1280, "height": 2000},
            reduced_motion="reduce",
        )

    async def _closed(self, context: BrowserContext) -> bool:
        """Whether a context could be closed: a page that hangs may keep it."""
        try:
            await asyncio.wait_for(context.close(), self._limits.close_seconds)
        except Exception:
            return False
        return True

    async def _end(self, *, kill: bool = False) -> None:
        if kill:
            self._kill()
        for close in (self._browser and self._browser.close, self._driver and self._driver.stop):
            if close:
                with suppress(Exception):  # it may be dead already
                    await asyncio.wait_for(close(), self._limits.close_seconds)
        self._kill()  # what did not end in peace
        if self._wall is not None:
            self._wall.close()
        self._driver = self._browser = self._session = self._wall = None

    def _kill(self) -> None:
        for pid in self._pids:
            if _is_chromium(pid):  # a number may be another program's by now
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        self._pids = set()

    # -- idleness ------------------------------------------------------------------------------

    def _stay_open(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _close_when_idle(self) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._limits.idle_seconds, self._close_soon)

    def _close_soon(self) -> None:
        if not self._turn.locked():
            self._closing = asyncio.ensure_future(self.close())

    # -- memory --------------------------------------------------------------------------------

    async def _watch(self, died: asyncio.Future[str]) -> None:
        """Kill a browser that takes more memory than a page is worth."""
        while not died.done():
            await asyncio.sleep(self._limits.watch_seconds)
            with suppress(Exception):  # it may be going
                await self._look_at_processes()
            used = sum(_private_bytes(pid) for pid in self._pids)
            if used > self._limits.memory_megabytes * _MEGABYTE and not died.done():
                died.set_result(
                    f"The page needs more than {self._limits.memory_megabytes} MB in the browser."
                )
                self._kill()

    async def _look_at_processes(self) -> None:
        answer = await self._session.send("SystemInfo.getProcessInfo")
        self._pids = {int(one["id"]) for one in answer["processInfo"]}


def died_error(reason: str, url: str) -> FetchError:
    """Why a page could not be rendered."""
    return FetchError(
        reason, url=url, kind="other", remedy="Watch the site's feed or another of its pages."
    )


def _once(died: asyncio.Future[str], reason: str) -> Callable[[Any], None]:
    def gone(_: Any) -> None:
        if not died.done():
            died.set_result(reason)

    return gone


def _not_started(found: Chromium, error: Exception) -> ConfigError:
    text = str(error)
    if "sandbox" in text.lower() and found.sandbox:
        return ConfigError(
            "Chromium finds no sandbox on this machine.",
            remedy="Allow user namespaces, or install its helper (Debian: chromium-sandbox).",
        )
    first = next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
    return ConfigError(
        f"Chromium does not start: {first[:200]}", remedy=f"Try it: {found.path} --version"
    )


def _refusing_port() -> socket.socket:
    """A loopback port that is ours and refuses every connection: bound, never listening."""
    wall = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    wall.bind(("127.0.0.1", 0))
    return wall


def _private_bytes(pid: int) -> int:
    """Memory a process has for itself, from Linux' /proc; 0 where nobody says."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text("ascii").split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


def _is_chromium(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"chrom" in command.partition(b"\0")[0].lower()
