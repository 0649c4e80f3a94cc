"""``status`` and ``explain``: what an operator and a reader are told."""

from __future__ import annotations

import shlex
from pathlib import Path

from sqlalchemy import select, update

from alerts.demo.mail_sink import MailSink
from crawler.storage.database import Database, utc_now
from crawler.storage.tables import items, polls
from crawler.storage.tables_stories import story_links
from tests.integration.alerts.calls import CONFIGURATION, publish
from tests.integration.commands import Command


def test_status_names_what_did_not_arrive_and_the_remedy(command: Command, home: Path) -> None:
    with MailSink() as sink:
        smtp = f'[email]\nsmtp = "{sink.url}"\nsender = "News <news@example.org>"\n'
        (home / "clusterwatch.toml").write_text(CONFIGURATION + smtp)
        command("subscriptions", "add", "email:ada@example.org", "--id", "ada", "--topic", "ai")
        command("subscriptions", "add", "slack:#news", "--id", "s", "--topic", "ai")
        publish(home, "1")
        sink.answer_data("554 5.6.0 not like this")
        command("digest", "send", "ada", "s", "--now")
        command("subscriptions", "test", "ada")
    status = command("status", "--json").json
    told = {one["subscription"]: one for one in status["undelivered"]}
    assert len(status["undelivered"]) == 2
    assert (told["ada"]["state"], told["ada"]["channel"]) == ("dead", "email")
    assert (told["s"]["state"], told["s"]["attempts"]) == ("retry", 1)
    assert "SLACK_BOT_TOKEN" in told["s"]["error"]
    assert told["s"]["next_attempt"]
    said = command("status").out
    [counted] = [line for line in said.splitlines() if line.startswith("Deliveries: ")]
    assert counted.count("1 not delivered") == 1
    assert "clusterwatch digest send ada --again" in said
    assert "Next try at" in said
    command("subscriptions", "remove", "ada")
    left = command("status", "--json").json["undelivered"]
    assert [one["subscription"] for one in left] == ["s"]


def test_status_counts_active_sources_alone(command: Command, home: Path) -> None:
    command("db", "sync")
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    with database.write() as connection:
        connection.execute(
            polls.insert().values(
                source="a",
                at=utc_now(),
                status="ok",
                requests=1,
                not_modified=0,
                seen=1,
                new=0,
                updated=0,
                failed=0,
            )
        )
    database.close()
    assert command("status", "--json").json["coverage"]["checked_24h"] == 1
    assert command("sources", "pause", "a").code == 0
    coverage = command("status", "--json").json["coverage"]
    assert (coverage["active"], coverage["checked_24h"]) == (0, 0)


def test_status_says_that_an_immediate_subscription_comes_at_once(command: Command) -> None:
    command("subscriptions", "add", "slack:#now", "--id", "now", "--schedule", "immediate")
    said = command("status").out
    assert "slack, immediate, at once" in said
    assert "no next digest" not in said


def test_an_address_that_is_no_item_is_explained(command: Command) -> None:
    elsewhere = command("explain", "https://b.example.org/1", "--json").json
    assert elsewhere["url"] == "https://b.example.org/1"
    watched = command("explain", "https://a.example.org/news/", "--json").json
    assert (watched["url"], watched["stage"]) == ("https://a.example.org/news/", "source")
    assert "the page that source a watches" in watched["reason"]
    command("sources", "pause", "a")
    assert "is paused" in command("explain", "https://a.example.org/news").out


def test_an_explanation_begins_with_the_answer(command: Command, home: Path) -> None:
    command("db", "sync")
    publish(home, "1", "2", "3", "4", "5", "6", "7")
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    link = {"relation": "independent", "anchors": [], "veto": "another year"}
    near = [link | {"item": "1", "other": one, "score": int(one) / 10} for one in "34567"]
    with database.write() as connection:
        connection.execute(
            story_links.insert(),
            [link | {"item": "2", "other": "1", "score": 0.9, "veto": ""}, *near],
        )
        story = connection.scalar(select(items.c.story).where(items.c.id == "1"))
        connection.execute(update(items).where(items.c.id == "2").values(story=story))
    database.close()
    lines = command("explain", "1").out.splitlines()
    assert command("stories", "join", "1", "3").code == 0
    assert "  joined by hand with “News number 3”" in command("explain", "1").out.splitlines()
    assert lines[0] == "pending: waits for the next digest of team"
    assert lines[1].strip() == "clusterwatch digest preview team"
    told = [line.strip() for line in lines if "“" in line or "more" in line]
    assert told == [
        "independent of “News number 2” (0.90)",
        "not one with “News number 7”: another year",
        "not one with “News number 6”: another year",
        "not one with “News number 5”: another year",
        "nor with 2 more",
    ]


def test_every_remedy_for_a_missed_topic_is_a_command(command: Command, home: Path) -> None:
    command("db", "sync")
    publish(home, "1", text="A printer of metal powder builds up parts layer by layer.")
    remedy = command("explain", "1", "--topic", "3d-printing", "--json").json["remedy"]
    assert remedy.startswith("Teach it: ")
    teach, _, note = remedy.removeprefix("Teach it: ").partition("; or note it: ")
    for line in (teach, note):
        assert command(*shlex.split(line)[1:]).code == 0


def test_nobody_is_told_to_teach_what_an_item_does_not_speak_of(
    command: Command, home: Path
) -> None:
    command("db", "sync")
    publish(home, "1")
    told = command("explain", "1", "--topic", "3d-printing", "--json").json
    assert told["reason"] == "nothing in it speaks of 3d-printing"
    line = told["remedy"].removeprefix("Was it missed? Note it: ")
    assert command(*shlex.split(line)[1:]).code == 0
