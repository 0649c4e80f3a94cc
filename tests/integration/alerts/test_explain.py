"""``explain``: the first stage that stopped an address or item, each with its remedy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.explain import explain
from alerts.explain_live import look_again
from alerts.explanation import Explanation
from alerts.wiring import open_alerts
from crawler.config import load
from crawler.errors import FetchError
from crawler.extract.detection import Detection
from crawler.extract.listing import ListingCandidate, ListingHints
from crawler.fetch.page import Page
from crawler.model.item import RawItem
from crawler.model.reading import NOT_WATCHED
from crawler.storage.database import Database, utc_now
from crawler.storage.fetched import keep_drops
from crawler.storage.tables import items, matches, sources
from crawler.urls import canonical_url, url_key
from tests.integration.alerts.calls import CONFIGURATION, publish
from tests.integration.commands import Command

ARTICLE = "https://a.example.org/news/hip"


def stage(command: Command, wanted: str, *options: str) -> tuple[str, str, str]:
    told = command("explain", wanted, *options, "--json").json
    return told["stage"], told["reason"], told["remedy"] or ""


@pytest.fixture
def base(home: Path, command: Command) -> Database:
    """The installation's database, with its subscription active."""
    command("db", "sync")
    return Database(f"sqlite:///{home / 'clusterwatch.db'}")


def change(base: Database, **columns: object) -> None:
    """What polling knows about source a."""
    with base.write() as connection:
        connection.execute(sources.update().values(**columns))


# -- an address ----------------------------------------------------------------------------------


def test_no_source_watches_the_site(command: Command, base: Database) -> None:
    told = stage(command, "https://b.example.org/x")
    assert told[:2] == ("source", "no source watches b.example.org")
    assert told[2].endswith("clusterwatch sources add https://b.example.org/")


def test_an_address_in_a_command_to_copy_is_quoted(command: Command, base: Database) -> None:
    change(base, last_ok=datetime(2026, 11, 1, tzinfo=UTC))
    told = stage(command, f"{ARTICLE}?id=3&p=1")
    assert told[2].endswith(f"clusterwatch explain '{ARTICLE}?id=3&p=1' --live")


def test_the_source_was_never_read(command: Command, base: Database) -> None:
    assert stage(command, ARTICLE)[:2] == ("source", "the source a has not been read yet")


def test_the_source_never_linked_the_address(command: Command, base: Database) -> None:
    change(base, last_ok=utc_now())
    assert stage(command, ARTICLE)[:2] == (
        "list",
        "the source a has not listed this address so far",
    )


def test_another_port_is_another_site(command: Command, home: Path, base: Database) -> None:
    more = '[[sources]]\nid = "b"\nurl = "https://a.example.org:8443/news"\n'
    (home / "clusterwatch.toml").write_text(CONFIGURATION.replace("[[sub", more + "[[sub"))
    command("db", "sync")
    change(base, last_ok=utc_now())
    assert "source b has" in stage(command, "https://a.example.org:8443/x")[1]
    assert "source a has" in stage(command, "https://a.example.org:443/x")[1]
    told = stage(command, "https://a.example.org:9000/x")
    assert told[1] == "no source watches a.example.org:9000"


def test_of_two_sources_of_a_site_the_nearer_section_is_asked(
    command: Command, home: Path, base: Database
) -> None:
    more = '[[sources]]\nid = "b"\nurl = "https://a.example.org/events/"\n'
    (home / "clusterwatch.toml").write_text(CONFIGURATION.replace("[[sub", more + "[[sub"))
    command("db", "sync")
    change(base, last_ok=utc_now())
    assert "source b has" in stage(command, "https://a.example.org/events/fair")[1]
    assert "source a has" in stage(command, "https://a.example.org/news/fair")[1]


@pytest.mark.parametrize(
    ("patterns", "reason"),
    [
        ('skip_links = ["/jobs/*", "/news/h*"]', "it matches the pattern /news/h* of skip_links"),
        ('only_links = ["/blog/*"]', "it matches no pattern of only_links: /blog/*"),
    ],
)
def test_the_pattern_of_a_narrowed_source_is_named(
    command: Command, home: Path, base: Database, patterns: str, reason: str
) -> None:
    declared = CONFIGURATION.replace("[[sub", f"{patterns}\n[[sub")
    (home / "clusterwatch.toml").write_text(declared)
    command("db", "sync")
    for failures in (0, 2):  # what hides all its items makes a source fail as well
        change(base, last_ok=utc_now(), failures=failures, error="Its list is there, but …")
        assert stage(command, ARTICLE) == (
            "list",
            f"the source a leaves it out: {reason}",
            "Change only_links or skip_links of the source a.",
        )


def test_the_source_is_paused(command: Command, base: Database) -> None:
    command("sources", "pause", "a")
    told = stage(command, ARTICLE)
    assert told == ("source", "the source a is paused", "clusterwatch sources resume a")


def test_the_source_cannot_be_read(command: Command, base: Database) -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    change(base, last_ok=since, failures=3, failing_since=since, error="it answers 503")
    assert stage(command, ARTICLE)[:2] == (
        "fetch",
        "the source a cannot be read since 2026-11-01: it answers 503",
    )


@pytest.mark.parametrize(
    ("where", "reason", "remedy"),
    [
        ("robots", "robots.txt forbids it", "newsletter"),
        ("list", "matches the pattern /news/* of skip_links", "skip_links of the source a"),
        ("list", NOT_WATCHED + " (it stands under “Events”)", f"sources set a --like {ARTICLE}"),
        ("extract", "the page has no text", f"clusterwatch extract {ARTICLE}"),
        ("identity", "it has no address", f"clusterwatch extract {ARTICLE}"),
        ("fetch", "404", "clusterwatch sources show a"),
    ],
)
def test_a_recorded_drop_says_where_and_why(
    command: Command, base: Database, where: str, reason: str, remedy: str
) -> None:
    seen = datetime(2026, 11, 2, tzinfo=UTC)
    with base.write() as connection:
        drop = {"url": ARTICLE, "stage": where, "reason": reason, "last_seen": seen}
        keep_drops(base, connection, "a", [drop | {"url_key": url_key(canonical_url(ARTICLE))}])
    told = stage(command, ARTICLE)
    assert told[:2] == (where, f"seen by a on 2026-11-02: {reason}")
    assert remedy in told[2]


# -- an item ---------------------------------------------------------------------------------------


def test_below_the_threshold_says_by_how_much(command: Command, home: Path, base: Database) -> None:
    publish(home, "1")
    with base.write() as connection:
        connection.execute(matches.delete())
        connection.execute(items.update().values(text="At the fair, chatbots were shown."))
    told = stage(command, "1", "--topic", "ai")
    assert told[0] == "topic"
    assert told[1].startswith("it does not match ai: below the threshold by 0.0")
    assert "clusterwatch topics set ai" in told[2]
    told = stage(command, "1", "--for", "team")
    assert "it matches none of them; nearest: ai: below the threshold by 0.0" in told[1]


def test_below_the_threshold_says_what_was_found(
    command: Command, home: Path, base: Database
) -> None:
    publish(home, "1")
    with base.write() as connection:
        connection.execute(matches.delete())
        connection.execute(items.update().values(text="At the fair, chatbots were shown."))
    told = command("explain", "1", "--topic", "ai", "--json").json
    assert "found: field of AI: “chatbots” in the text, 13–21" in told["missing"]


def test_what_was_missing_is_told_in_words(command: Command, home: Path, base: Database) -> None:
    publish(home, "1")
    with base.write() as connection:
        text = "South Korea is far away. Nobody from Korea came to the fair."
        connection.execute(items.update().values(text=text))
    told = command("explain", "1", "--topic", "korea-cooperation", "--json").json
    assert "korea: South Korea found twice; no cooperation term in the item" in told["missing"]


def test_held_back_and_paused_and_before(command: Command, home: Path, base: Database) -> None:
    publish(home, "1")
    with base.write() as connection:
        connection.execute(items.update().values(first_seen=utc_now() - timedelta(days=3)))
    assert stage(command, "1", "--for", "team") == (
        "since",
        "it was seen before team became active",
        'Set since = "3d" for team.',
    )
    command("subscriptions", "pause", "team")
    assert stage(command, "1", "--for", "team")[0] == "state"
    with base.write() as connection:
        connection.execute(items.update().values(held_back="baseline"))
    assert stage(command, "1", "--for", "team")[0] == "held back"


def test_already_sent_names_the_day(command: Command, home: Path, base: Database) -> None:
    publish(home, "1")
    command("digest", "send", "team", "--now")
    today = utc_now().astimezone(ZoneInfo("Europe/Berlin")).date()
    assert stage(command, "1", "--for", "team") == (
        "delivered",
        f"already sent to team on {today} (shown)",
        "",
    )


def test_a_digest_that_is_not_sent_yet_is_no_delivery(
    command: Command, home: Path, base: Database
) -> None:
    command("subscriptions", "add", "slack:#news", "--id", "s", "--topic", "ai")
    publish(home, "1")
    command("digest", "send", "s", "--now")  # there is no token: it waits
    told = stage(command, "1", "--for", "s")
    assert told[0] == "sending"
    assert "not sent yet, next attempt" in told[1]


def test_another_telling_of_its_story_was_sent(
    command: Command, home: Path, base: Database
) -> None:
    publish(home, "1")
    command("digest", "send", "team", "--now")
    publish(home, "2")
    with base.write() as connection:
        connection.execute(items.update().values(story="s-1"))
    told = stage(command, "2", "--for", "team")
    assert told[0] == "story"
    assert told[1].startswith("merged into story s-1; “News number 1” already sent to team on ")
    assert "stories split 2" in told[2]


def test_quiet_hours_and_holidays_hold_it(command: Command, home: Path, base: Database) -> None:
    now = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)  # 22:30 in Berlin
    quiet = CONFIGURATION + 'quiet_hours = "20:00-07:00"\nholidays = "2026-11-22"\n'
    (home / "clusterwatch.toml").write_text(quiet)
    publish(home, "1")
    with open_alerts(load(None), sync=True) as parts:
        night = explain(parts, "1", subscription="team", now=now)
        feast = explain(parts, "1", subscription="team", now=now + timedelta(days=1, hours=12))
    assert (night.stage, night.reason) == (
        "quiet hours",
        "team has quiet hours until 2026-11-21 07:00 CET",
    )
    assert feast.reason == "team has holidays until 2026-11-23 07:00 CET"


# -- live ------------------------------------------------------------------------------------------

TEXT = "<p>A neural network reads the scans of the hospital. " + "It helps the doctors. " * 20
PAGE = f"<html><head><title>Hip</title></head><body><article><h1>Hip</h1>{TEXT}</p></article>"


class Site:
    """A crawl that answers from memory."""

    def __init__(
        self, body: str = PAGE, linked: bool = True, error: str = "", beside: bool = False
    ) -> None:
        self.body, self.linked, self.error, self.beside = body, linked, error, beside

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Site]:
        yield self

    async def get(self, url: str) -> Page:
        if self.error:
            raise FetchError("robots.txt forbids it", url=url, kind=self.error)
        return Page(url, url, 200, self.body.encode(), {"content-type": "text/html"})

    async def detect(
        self, url: str, hints: ListingHints | None = None, render: str = ""
    ) -> Detection:
        hip = (RawItem(url=ARTICLE, title="Hip"),)
        other = (ListingCandidate("Events: 1 item", hip, 1.0),) if self.beside else ()
        return Detection("listing", items=hip if self.linked else (), candidates=other)


Live = Callable[..., Explanation]


@pytest.fixture
def live(home: Path, base: Database, monkeypatch: pytest.MonkeyPatch) -> Live:
    change(base, last_ok=utc_now())

    def look(site: Site, topic: str = "") -> Explanation:
        with open_alerts(load(None)) as parts:
            monkeypatch.setattr(parts.crawler, "crawl", site, raising=False)
            found = explain(parts, ARTICLE, topic=topic, now=utc_now())
            return asyncio.run(look_again(parts, found, ARTICLE, topic, utc_now()))

    return look


def test_live_says_that_the_source_links_it_now(live: Live) -> None:
    found = live(Site())
    assert (found.stage, found.remedy) == ("list", "clusterwatch crawl a")
    assert "links it now" in found.reason
    assert any(line.startswith("live: matches ai (0.") for line in found.lines)


def test_live_says_that_nothing_links_it(live: Live) -> None:
    found = live(Site(linked=False))
    assert (found.stage, found.reason) == ("list", "the page that a watches does not link it")
    assert found.remedy == "Add the page that lists it: clusterwatch sources add URL"
    assert "live: the page that a watches does not link it" in found.lines


def test_live_tells_a_link_of_another_list_from_none(live: Live) -> None:
    found = live(Site(linked=False, beside=True))
    assert (found.stage, found.remedy) == (
        "list",
        f"Watch that list instead: clusterwatch sources set a --like {ARTICLE}",
    )
    assert "not in the list that is watched" in found.reason
    page = PAGE.replace("<body>", f'<body><nav><a href="{ARTICLE}">Hip</a></nav>')
    lines = live(Site(page, linked=False)).lines
    assert "live: the page that a watches links it, but in no list" in lines


def test_live_leaves_what_the_patterns_say(live: Live, base: Database) -> None:
    """Wherever the address stands now, the source takes it from nowhere."""
    change(base, skip_links=["/news/*"])
    short = Site("<html><title>Menu</title><body><p>Short.</p></body></html>")
    for site in (Site(linked=False, beside=True), short):
        found = live(site)
        assert "it matches the pattern /news/* of skip_links" in found.reason
        assert found.remedy == "Change only_links or skip_links of the source a."
    assert "live: not an item: its text has 0 characters" in found.lines


def test_live_names_robots_and_faults(live: Live) -> None:
    assert live(Site(error="robots")).stage == "robots"
    assert live(Site(error="timeout")).stage == "fetch"


def test_live_says_that_a_page_is_no_item(live: Live) -> None:
    found = live(Site("<html><title>Menu</title><body><p>Short.</p></body></html>"))
    assert found.stage == "extract"
    assert found.reason.startswith("not an item: ")


def test_live_tells_what_a_topic_misses(live: Live) -> None:
    found = live(Site(), "korea-cooperation")
    assert "live: korea-cooperation: no term of the topic was found" in found.lines


def test_every_subscription_is_told_of_and_an_erased_item_is_not_said_to_stay(
    command: Command, home: Path, base: Database
) -> None:
    more = '[[subscriptions]]\nid = "other"\nto = "file:others/"\ntopics = ["ai"]\n'
    (home / "clusterwatch.toml").write_text(CONFIGURATION + more)
    command("db", "sync")
    publish(home, "1")
    said = command("explain", "1").out
    assert "  team: pending: " in said
    assert "  other: pending: " in said
    assert "other: " not in command("explain", "1", "--for", "team").out
    command("items", "erase", "1")
    erased = command("explain", "1").out
    assert "It stays in the archive" not in erased
    assert "no word of it" in erased
