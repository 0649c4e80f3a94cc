"""``/clusterwatch …``: looked up, subscribed and added by the functions of the command line."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.demo.slack_double import SlackDouble
from alerts.slack_app.entering import wish
from alerts.slack_app.requests import plain
from crawler.errors import UsageError
from crawler.storage.database import utc_now
from crawler.storage.tables_recipients import allowances
from tests.integration.slack_app.office import ADA, DIRECT, NEWS, TOPIC, Office, opened, running
from tests.integration.web.stock import put, told, words

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>House &lt;!here&gt; news</title>
<link>http://127.0.0.1/</link><description>News</description>
<item><title>First &lt;news&gt; of the house</title><link>http://127.0.0.1/news/1</link>
<guid>1</guid><pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate></item>
<item><title>Second report of the house</title><link>http://127.0.0.1/news/2</link>
<guid>2</guid><pubDate>Thu, 19 Nov 2026 08:00:00 +0000</pubDate></item>
</channel></rss>"""


def test_latest_lists_the_newest_stories_escaped_and_linked(office: Office) -> None:
    put(office.web, 2, "An <!channel> older *story*", words(2), published=told(3))
    office.say("latest")
    heading, newest, older = office.last.text.splitlines()
    assert heading == "*Newest*"
    assert newest.startswith("• <https://alpha.example/news/1|Sachsen und Südkorea &lt;bauen&gt;")
    assert newest.endswith("· Cluster Alpha · 21 Nov")
    assert "An &lt;!channel&gt; older ∗story∗" in older
    assert office.slack.posts == ()  # to who asked alone


def test_latest_of_a_topic_by_its_id_or_name(office: Office) -> None:
    put(office.web, 2, "Nothing of that", words(2))
    for name in (TOPIC, TOPIC.upper()):
        office.say(f"latest {name}")
        assert len(office.last.text.splitlines()) == 2
    office.say("latest nonsense &lt;!here&gt;")
    assert "There is no topic" in office.last.text
    assert "&lt;!here&gt;" in office.last.text
    assert TOPIC in office.last.text


def test_search_finds_words_in_any_language(office: Office) -> None:
    put(office.web, 2, "한국과 독일의 협력", words(2), language="ko")
    office.say("search 협력")
    assert "한국과 독일의 협력" in office.last.text
    office.say("search Absichtserklärung Seoul")
    assert "Sachsen und Südkorea" in office.last.text
    office.say("search nowhere-to-be-found")
    assert office.last.text.endswith(": nothing.")
    office.say("search")
    assert "Search for what?" in office.last.text


def test_why_explains_an_address_as_slack_writes_it(office: Office) -> None:
    office.say("why <https://alpha.example/news/1|alpha.example/news/1>")
    assert f"*{TOPIC}*" in office.last.text
    assert "Südkorea" in office.last.text
    office.say("why <http://elsewhere.org/a|elsewhere.org/a>")
    bare = office.last.text
    office.say("why https://elsewhere.org/a")
    assert bare == office.last.text
    office.say("why https://elsewhere.example/a?b=1&amp;c=2")
    assert "no source watches elsewhere.example" in office.last.text


def test_subscribe_enters_the_channel_and_says_so_to_all(office: Office) -> None:
    office.say(f"subscribe topics ai, {TOPIC} weekdays at 7:30")
    (row,) = [
        row for row in office.web.parts.subscription_store.all() if row.subscription.id != "team"
    ]
    one = row.subscription
    assert (one.to, one.topics, one.schedule) == (
        f"slack:{NEWS}", ("ai", TOPIC), "weekdays 07:30",
    )  # fmt: skip
    assert (one.status, one.timezone, row.status_by) == ("active", "Europe/Berlin", f"slack:{ADA}")
    (post,) = office.slack.posts
    assert post.text.startswith(f"<@{ADA}> subscribed this conversation to ai, {TOPIC}")
    assert "first digest comes Mon 23 Nov, 07:30 (Europe/Berlin)" in post.text
    office.say(f"subscribe {TOPIC},ai weekdays at 07:30")
    assert "That comes here already" in office.last.text


def test_a_direct_message_subscribes_the_person(office: Office) -> None:
    office.say("subscribe all at 08:00", channel=DIRECT)
    tos = {row.subscription.to for row in office.web.parts.subscription_store.all()}
    assert f"slack:{ADA}" in tos
    assert "subscribed this conversation to everything" in office.last.text


def test_what_was_subscribed_here_can_be_ended_here(office: Office) -> None:
    office.say("subscribe ai at 08:00")
    office.say("unsubscribe")  # the file's subscription comes here too
    named = re.search(r"Which one\? (.+)", office.last.text)
    assert named is not None
    office.say("unsubscribe team")
    assert "declared in the configuration file" in office.last.text
    other = next(one for one in named[1].split(", ") if one != "team")
    office.say(f"unsubscribe {other}")
    assert f"ended the subscription {other}" in office.slack.posts[-1].text
    assert len(office.web.parts.subscription_store.all()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "subscribe", "subscribe at 08:00", "subscribe ai at", "subscribe ai at 25:99",
        "subscribe nonsense at 08:00", "subscribe ai at 8 o'clock", "subscribe topics at 08:00",
    ],
)  # fmt: skip
def test_a_wish_that_is_not_understood_is_refused_in_words(office: Office, text: str) -> None:
    office.say(text)
    assert len(office.web.parts.subscription_store.all()) == 1
    assert office.last.text
    assert "did not work" not in office.last.text


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "ftp://x.example",
    ],
)
def test_add_refuses_addresses_that_are_not_the_webs(office: Office, address: str) -> None:
    before = len(office.web.parts.crawler.sources.all())
    office.say(f"add {address}")
    assert len(office.web.parts.crawler.sources.all()) == before
    assert office.last.text
    assert "did not work" not in office.last.text


class _Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/feed"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(FEED if found else b"")

    def log_message(self, *given: object) -> None:
        """Tests speak for themselves."""


def taken_today(office: Office) -> dict[str, int]:
    with office.web.parts.crawler.database.read() as connection:
        rows = connection.execute(select(allowances.c.mark, allowances.c["count"]))
        return {str(mark): int(taken) for mark, taken in rows}


@pytest.mark.parametrize("typed", ["<http://{0}>", "<http://{0}|{0}>", "{0}"])
def test_add_detects_and_stores_a_source(tmp_path: Path, typed: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/feed"
    allowed = 'allow_networks = ["127.0.0.0/8"]'
    try:
        with running(SlackDouble()) as slack, opened(tmp_path, slack, allowed) as office:
            office.say("add " + typed.format(url.removeprefix("http://")))
            assert office.last.text.startswith("Now watched: *<http://127.0.0.1")
            assert "First &lt;news&gt;" in office.last.text
            watched = [row.source for row in office.web.parts.crawler.sources.all()]
            (added,) = [one for one in watched if one.url == url]
            assert added.name == "House <!here> news"
            assert "&lt;!here&gt;" in office.last.text
            assert added.declared_by == ""
            assert taken_today(office) == {"slack:add": 1}  # also where two ways were tried
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_add_refuses_what_is_watched_already(office: Office) -> None:
    office.say("add https://alpha.example/news")
    assert 'The source "alpha" watches' in office.last.text


@pytest.mark.parametrize(
    ("language", "watched", "no_article"),
    [
        ("en", 'The source "alpha" watches https://alpha.example/news already.',
         'There is no article "foo".\nGive the address of an article.'),
        ("de", "Die Quelle „alpha“ beobachtet https://alpha.example/news schon.",
         "Den Artikel „foo“ gibt es nicht.\n"),
        ("da", 'Kilden "alpha" følger allerede https://alpha.example/news.',
         'Der er ingen artikel "foo".\n'),
    ],
)  # fmt: skip
def test_refusals_name_no_command_of_a_terminal(
    office: Office, language: str, watched: str, no_article: str
) -> None:
    speak(office, language)
    office.say("add https://alpha.example/news")
    assert office.last.text == watched
    office.say("why foo")
    assert office.last.text.startswith(no_article)
    assert "clusterwatch" not in office.last.text


def test_unknown_words_and_none_get_help(office: Office) -> None:
    for text in ("", "help", "frobnicate <@U1>", "LATESTX"):
        office.say(text)
        assert "What I can do" in office.last.text
        assert TOPIC in office.last.text


def test_a_command_is_acknowledged_although_its_work_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("alerts.slack_app.app.said", broken)
    assert office.say("latest").status_code == 200
    assert "did not work" in office.last.text
    assert "secret detail" not in office.last.text


def test_what_was_typed_is_read_without_slacks_markup() -> None:
    assert (
        plain("why <https://a.example/x?a=1&amp;b=2|a.example>")
        == "why https://a.example/x?a=1&b=2"
    )
    assert plain("search &lt;b&gt;  x") == "search <b> x"
    # What was typed without a scheme, Slack links the old way.
    assert plain("add <http://a.example/x|a.example/x>") == "add a.example/x"
    assert len(plain("<" * 100_000)) <= 3_000


@pytest.mark.parametrize(
    ("text", "topics", "schedule"),
    [
        ("topics ai at 08:00", ["ai"], "daily 08:00"),
        ("ai korea-cooperation", ["ai", "korea-cooperation"], "daily 08:00"),
        ("3D printing, AI at 9:05", ["3D printing", "AI"], "daily 09:05"),
        ("everything weekly monday at 07:00", ["*"], "weekly mon 07:00"),
        ("ai immediate", ["ai"], "immediate"),
    ],
)
def test_a_wish_names_topics_and_a_time(text: str, topics: list[str], schedule: str) -> None:
    assert wish(text) == (topics, schedule)


def test_a_wish_without_topics_is_none() -> None:
    with pytest.raises(UsageError):
        wish("at 08:00")


@pytest.mark.parametrize(
    ("language", "nothing", "unknown", "help_line", "why"),
    [
        ("de", "Gefunden zu „qqqq“: nichts.", "Das Thema „x“ gibt es nicht.", "Was ich kann",
         "keine Quelle beobachtet elsewhere.example"),
        ("da", "Fundet for “qqqq”: intet.", 'Der er intet emne "x".', "Hvad jeg kan",
         "ingen kilde følger elsewhere.example"),
    ],
)  # fmt: skip
def test_a_conversation_is_answered_in_the_language_of_its_digests(
    office: Office, language: str, nothing: str, unknown: str, help_line: str, why: str
) -> None:
    speak(office, language)
    answers = []
    for text in ("search qqqq", "latest x", "help", "why https://elsewhere.example/1"):
        office.say(text)
        answers.append(office.last.text)
    assert answers[0] == nothing
    assert answers[1].startswith(unknown)
    assert answers[2].startswith(f"*{help_line}*")
    assert why in answers[3]
    office.say(f"subscribe topics ai, {TOPIC} weekdays at 07:30")
    rows = office.web.parts.subscription_store.all()
    made = [row.subscription for row in rows if row.subscription.id != "team"]
    assert [one.digest_language for one in made] == [language]


def test_a_channel_named_in_the_file_is_known_by_its_id(office: Office) -> None:
    from alerts.slack_app.requests import Origin
    from alerts.slack_app.words import words_here
    from crawler.storage.channel_ids import ChannelMemory

    parts = office.web.parts
    named = replace(
        office.team, id="named", to="slack:#nyheder", digest_language="da", declared_by=""
    )
    parts.subscriptions.enter(named, now=office.web.now, by="operator")
    ChannelMemory(parts.crawler.database, utc_now).remember_channel("#nyheder", "C0NYHEDER1")
    assert words_here(parts, Origin(ADA, "C0NYHEDER1")).language == "da"
    assert words_here(parts, Origin(ADA, NEWS)).language == "en"


def speak(office: Office, language: str) -> None:
    """The digests that come here speak ``language`` from now on."""
    from sqlalchemy import update

    from crawler.storage.tables_recipients import subscriptions

    with office.web.parts.crawler.database.write() as connection:
        connection.execute(update(subscriptions).values(digest_language=language))
