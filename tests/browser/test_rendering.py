"""Pages that are empty without JavaScript, polled with a real Chromium."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.fetch.chromium import Chromium
from crawler.storage.tables import sources
from tests.browser.conftest import QUICK, renderer
from tests.browser.scripted import FILL, SCRIPT, serve_api, serve_scripted, shell
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.pages import article, listing, path_of, some
from tests.integration.fetch.server import Answer, Server

pytestmark = pytest.mark.usefixtures("chromium")


def children() -> set[int]:
    """Browsers that this process started, by the number of their process."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"chrom" in command.split(b"\0")[0] and b"playwright" in command and ours(folder):
            found.add(int(folder.name))
    return found


def ours(folder: Path) -> bool:
    """Whether a process (its folder in /proc) descends from this one: other tests run beside it."""
    while folder.name not in ("0", "1"):
        if folder.name == str(os.getpid()):
            return True
        try:
            stat = (folder / "stat").read_text(errors="replace")
        except OSError:
            return False
        folder = folder.with_name(stat.rpartition(")")[2].split()[1])
    return False


async def gone(before: set[int]) -> None:
    """Wait until this process has no browser that it did not have before."""
    for _ in range(200):
        if not children() - before:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("a browser is still there")


def environment(pid: int) -> bytes:
    """The variables of a process; none of one that has ended, as a browser's helpers do."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


async def test_a_list_that_scripts_fill_is_watched_like_any_other(
    house: House, server: Server
) -> None:
    news = some(server.url(), 6)
    serve_scripted(server, news[1:])
    for one in news:
        server.put(path_of(server, one), article(one.title))
    house.watch(server.url("/news"), render="browser")
    async with house.crawl() as crawl:
        first = await crawl.poll(house.parts.sources.get("one"))
        serve_api(server, news)
        second = await crawl.poll(house.parts.sources.get("one"))
    assert (first.status, first.kind, first.new, first.error) == ("ok", "listing", 5, "")
    assert [item.title for item in second.items] == [news[0].title]
    assert all("Clusterwatch" in one.headers["user-agent"] for one in server.seen)
    assert not any("cookie" in one.headers for one in server.seen)


async def test_articles_that_scripts_fill_give_their_text(house: House, server: Server) -> None:
    news = some(server.url(), 4)
    text = "The members agreed on lasers, and a longer text follows with every detail. " * 5
    article = f"<main><article><h1>' + location.pathname + '</h1><p>{text}</p></article></main>"
    show = f"document.getElementById('root').innerHTML = '{article}';"
    script = f"if (location.pathname != '/news') {{ {show} }} else {{ {FILL} }}"
    serve_scripted(server, news, script=script)
    for one in news:
        server.put(
            path_of(server, one), Answer(shell().encode(), headers={"Content-Type": "text/html"})
        )
    house.watch(server.url("/news"), render="browser")
    outcome = await house.poll()
    assert (outcome.new, outcome.failed) == (4, 0)
    assert all("lasers" in item.text for item in house.items())


async def test_a_site_redesigned_into_an_application_repeats_nothing(
    house: House, server: Server
) -> None:
    news = some(server.url(), 6)
    server.put("/news", listing(news[1:]))
    for one in news:
        server.put(path_of(server, one), article(one.title))
    house.watch(server.url("/news"))
    assert (await house.poll()).new == 5
    learned = house.parts.sources.get("one").state.learned
    serve_scripted(server, news)
    assert "--render browser" in (await house.poll()).error
    store = house.parts.sources
    source = store.get("one").source
    with store.database.write() as connection:  # as the configuration file's sync does
        connection.execute(sources.update().values(render="browser"))
    outcome = await house.poll()
    assert (outcome.status, [item.title for item in outcome.items]) == ("ok", [news[0].title])
    assert (source.render, store.get("one").source.render) == ("", "browser")
    assert store.get("one").state.learned != learned


async def test_detection_says_when_a_browser_is_needed_and_uses_it_when_asked(
    house: House, server: Server
) -> None:
    serve_scripted(server, some(server.url(), 5))
    async with house.crawl() as crawl:
        alone = await crawl.detect(server.url("/news"))
        shown = await crawl.detect(server.url("/news"), render="browser")
    assert (alone.kind, alone.needs_browser) == ("page", True)
    assert (shown.kind, shown.needs_browser, len(shown.items)) == ("listing", False, 5)


async def test_a_poll_without_a_browser_names_the_remedy(house: House, server: Server) -> None:
    serve_scripted(server, some(server.url(), 5))
    house.watch(server.url("/news"))
    outcome = await house.poll()
    assert outcome.status == "failed"
    assert "clusterwatch sources set one --render browser" in outcome.error


async def test_only_what_fills_the_page_is_asked_for_and_as_politely_as_ever(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(delay_per_host=timedelta(milliseconds=150))
    news = some(server.url(), 4)
    head = "<link rel=stylesheet href=/style.css><link rel=preload as=font href=/f.woff2>"
    extra = (
        "<img src=/picture.png><video src=/film.mp4 autoplay></video><iframe src=/frame></iframe>"
        "<a ping=/ping href=/x>x</a>"
    )
    script = FILL + "navigator.sendBeacon('/beacon', 'x'); new EventSource('/events');"
    serve_scripted(server, news, script=script, page=shell(head, extra))
    async with house.crawl() as crawl:
        await crawl.detect(server.url("/news"), render="browser")
    asked = [path for path in server.paths() if "feed" not in path and "rss" not in path]
    assert asked == ["/news", "/app.js", "/api/news"]
    seen = sorted(server.seen, key=lambda one: one.started)
    gaps = [after.started - before.ended for before, after in pairwise(seen)]
    assert min(gaps) >= 0.14


ATTACKS = """
const target = location.search.slice(1) || TARGET;
const ask = (...all) => fetch(...all).catch(() => {{}});
ask(target + "/fetch"); ask(target + "/post", {{method: "POST", body: "x", mode: "no-cors"}});
ask("/redirect");
for (const tag of ["script", "img", "iframe", "video", "embed"]) {{
  const one = document.createElement(tag); one.src = target + "/" + tag; document.body.append(one);
}}
for (const rel of ["prefetch", "preconnect", "dns-prefetch", "modulepreload", "stylesheet"]) {{
  const one = document.createElement("link");
  one.rel = rel; one.href = target + "/" + rel; document.head.append(one);
}}
navigator.sendBeacon(target + "/beacon", "x");
try {{ new WebSocket(target.replace("http", "ws") + "/socket"); }} catch (error) {{}}
try {{ new EventSource(target + "/events"); }} catch (error) {{}}
try {{ new WebTransport(target.replace("http:", "https:")); }} catch (error) {{}}
const code = `fetch("${{target}}/worker"); importScripts("${{target}}/imported");`;
new Worker(URL.createObjectURL(new Blob([code])));
try {{ navigator.serviceWorker.register("/sw.js"); }} catch (error) {{}}
const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:" + target.slice(7)}}]}});
peer.createDataChannel("x"); peer.createOffer().then(one => peer.setLocalDescription(one));
window.open(target + "/popup");
const form = document.createElement("form"); form.target = "_blank";
form.action = target + "/form"; document.body.append(form); form.submit();
"""


async def test_no_way_out_of_the_browser_reaches_an_internal_address(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(allow_networks=("127.0.0.1/32",))
    connections = 0

    async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.close()

    inner = await asyncio.start_server(count, "127.0.0.2", 0)
    secret = f"http://127.0.0.2:{inner.sockets[0].getsockname()[1]}"
    script = FILL + ATTACKS.format().replace("TARGET", f'"{secret}"')
    serve_scripted(server, some(server.url(), 5), script=script)
    server.put("/redirect", Answer(status=302, headers={"Location": secret + "/redirected"}))
    async with house.crawl() as crawl:
        found = await crawl.detect(server.url("/news"), render="browser")
    inner.close()
    await inner.wait_closed()
    assert len(found.items) == 5
    assert connections == 0
    assert "/redirect" in server.paths()  # our own client followed, and was held by the guard


async def test_a_page_whose_script_leads_inside_shows_nothing_of_it(
    make_house: MakeHouse, server: Server
) -> None:
    house = make_house(allow_networks=("127.0.0.1/32",))
    async with Server("127.0.0.2") as inner:
        serve_scripted(server, [], script=f'location.href = "{inner.url("/secret")}";')
        inner.put("/secret", "<h1>Secret</h1>")
        house.watch(server.url("/news"), render="browser")
        outcome = await house.poll()
        assert (outcome.status, inner.seen) == ("failed", [])


async def test_robots_txt_holds_for_what_scripts_ask_for(house: House, server: Server) -> None:
    serve_scripted(server, some(server.url(), 5))
    server.put("/robots.txt", Answer(b"User-agent: *\nDisallow: /api/\n"))
    house.watch(server.url("/news"), render="browser")
    outcome = await house.poll()
    assert outcome.status == "failed"
    assert "robots.txt forbids what its scripts ask for" in outcome.error
    assert "/api/news" not in server.paths()


async def test_nothing_of_one_visit_is_kept_for_the_next(house: House, server: Server) -> None:
    count = """
      const visits = +(localStorage.visits || 0) + document.cookie.length + 1;
      localStorage.visits = visits; document.cookie = "seen=1";
      document.title = "visit " + visits;
    """
    serve_scripted(server, some(server.url(), 5), script=FILL + count)
    async with house.crawl() as crawl:
        titles = [
            (await crawl.detect(server.url("/news"), render="browser")).title for _ in range(2)
        ]
    assert titles == ["visit 1", "visit 1"]


async def test_a_script_that_may_be_kept_is_asked_for_once(house: House, server: Server) -> None:
    serve_scripted(server, some(server.url(), 5))
    kept = {"Content-Type": SCRIPT, "Cache-Control": "public, max-age=3600"}
    server.put("/app.js", Answer(FILL.encode(), headers=kept))
    async with house.crawl() as crawl:
        for _ in range(2):
            await crawl.detect(server.url("/news"), render="browser")
    assert server.paths().count("/app.js") == 1
    assert server.paths().count("/api/news") == 2


BROKEN = {
    "never done": ("for (;;) {}", replace(QUICK, seconds=1.5), "not done within"),
    "endless memory": (
        "const held = []; for (;;) held.push(new Array(1e5).fill(0).map(String));",
        replace(QUICK, script_megabytes=64),
        "crashed",
    ),
    "too much memory": (FILL, replace(QUICK, memory_megabytes=1, quiet_seconds=3), "1 MB"),
    "too large": (
        'document.body.append("x".repeat(2000000));', QUICK, "larger than max_page_bytes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
async def test_a_page_that_breaks_the_browser_fails_alone(
    house: House, server: Server, how: str
) -> None:
    script, limits, told = BROKEN[how]
    house.renderer = lambda: renderer(limits)
    serve_scripted(server, some(server.url(), 5), script=script)
    server.put("/good", shell().replace("/app.js", "/good.js"))
    server.put("/good.js", Answer(FILL.encode(), headers={"Content-Type": SCRIPT}))
    house.watch(server.url("/news"), "broken", render="browser")
    house.watch(server.url("/good"), "good", render="browser")
    async with house.crawl() as crawl:
        outcome = await crawl.poll(house.parts.sources.get("broken"))
        assert outcome.status == "failed"
        assert told in outcome.error
        if how != "too much memory":
            assert (await crawl.poll(house.parts.sources.get("good"))).new == 5


async def test_an_idle_browser_is_closed(house: House, server: Server) -> None:
    serve_scripted(server, some(server.url(), 5))
    before = children()
    house.renderer = lambda: renderer(replace(QUICK, idle_seconds=0.05))
    async with house.crawl() as crawl:
        await crawl.detect(server.url("/news"), render="browser")
        await gone(before)
        again = await crawl.detect(server.url("/news"), render="browser")
    assert len(again.items) == 5
    assert children() - before == set()


async def test_no_secret_of_ours_is_in_the_browsers_environment(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    serve_scripted(server, some(server.url(), 5))
    before = children()
    async with house.crawl() as crawl:
        await crawl.detect(server.url("/news"), render="browser")
        started = children() - before
        environments = [found for pid in started if (found := environment(pid))]
    assert environments
    assert os.environ["SLACK_BOT_TOKEN"] == "xoxb-secret"
    assert not any(b"xoxb-secret" in one for one in environments)


async def test_a_missing_browser_is_one_line_with_its_remedy(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch, chromium: Chromium
) -> None:
    monkeypatch.setenv("CLUSTERWATCH_CHROMIUM", "/nowhere/chromium")
    house.watch(server.url("/news"), render="browser")
    outcome = await house.poll()
    assert outcome.status == "failed"
    assert "CLUSTERWATCH_CHROMIUM names /nowhere/chromium" in outcome.error
    assert "apt install chromium" in outcome.error
    assert server.seen == []
