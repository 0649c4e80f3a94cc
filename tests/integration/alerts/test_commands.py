"""The commands of delivery, in this process: what they print, write and answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from alerts.demo.mail_sink import MailSink
from crawler.storage.database import Database, utc_now
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.tables import items, metadata
from tests.integration.alerts.calls import CONFIGURATION, publish
from tests.integration.commands import Command


def test_now_sends_what_there_is_and_nothing_twice(command: Command, home: Path) -> None:
    assert command("digest", "send", "--json").json == []
    publish(home, "1", "2")
    preview = command("digest", "preview", "team", "--as", "html")
    assert "News number 1" in preview.out
    sent = command("digest", "send", "--now", "--json")
    assert sent.code == 0
    [delivery] = sent.json
    assert (delivery["state"], delivery["stories"], delivery["channel"]) == ("sent", 2, "file")
    assert delivery["window"].startswith("now:")
    assert "News number 2" in Path(delivery["external_id"]).read_text()
    again = command("digest", "send", "team", "--now")
    assert (again.code, again.out) == (0, "team: nothing new\n")
    assert len(list((home / "digests").iterdir())) == 1


def test_without_now_it_says_when_the_next_digest_is_due(command: Command) -> None:
    answer = command("digest", "send")
    assert answer.code == 0
    assert "team: nothing is due; next digest" in answer.out


@pytest.mark.parametrize("form", ["html", "text", "eml", "slack"])
def test_a_preview_in_every_form_marks_nothing(command: Command, home: Path, form: str) -> None:
    command("db", "sync")
    publish(home, "1")
    answer = command("digest", "preview", "team", "--as", form, "--out", "preview")
    assert (answer.code, answer.out) == (0, "")
    assert "News number 1" in (home / "preview").read_text()
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    assert DeliveryStore(database).find() == []
    database.close()


def test_a_preview_of_nothing_says_that_nothing_would_be_sent(command: Command) -> None:
    told = command("digest", "preview", "team", "--as", "html")
    assert (told.code, told.out) == (0, "")
    assert "team: nothing new, so that nothing would be sent" in told.err
    document = command("digest", "preview", "team", "--json").json
    assert (document["sends"], document["content"], document["stories"]) == (False, None, 0)


def test_a_preview_for_slack_is_the_payload_of_its_method(command: Command, home: Path) -> None:
    command("subscriptions", "add", "slack:#news", "--id", "s", "--topic", "ai")
    publish(home, "1")
    payload = command("digest", "preview", "s", "--as", "slack", "--json").json
    assert payload["channel"] == "#news"
    assert {"text", "blocks", "metadata"} <= set(payload)


def test_a_subscription_is_added_changed_paused_and_removed(command: Command) -> None:
    added = command(
        "subscriptions", "add", "email:ada@example.org", "--topic", "ai", "--schedule",
        "weekly mon 08:00", "--json",
    ).json[0]  # fmt: skip
    assert (added["id"], added["status"], added["timezone"]) == ("mail", "active", "Europe/Berlin")
    assert len(added["next"]) == 3
    changed = command("subscriptions", "set", "mail", "--quiet-hours", "20:00-07:00", "--json")
    assert changed.json[0]["quiet_hours"] == "20:00-07:00"
    cleared = command("subscriptions", "set", "mail", "--quiet-hours", "", "--json")
    assert cleared.json[0]["quiet_hours"] == ""
    paused = command("subscriptions", "pause", "mail", "--until", "2999-01-01")
    assert "paused until 2999-01-01" in paused.out
    assert command("subscriptions", "resume", "mail", "--json").json[0]["status"] == "active"
    assert command("subscriptions", "remove", "mail").code == 0
    assert [one["id"] for one in command("subscriptions", "list", "--json").json] == ["team"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("subscriptions", "add", "pigeon:loft"), "slack"),
        (("subscriptions", "add", "email:nobody"), "e-mail"),
        (("subscriptions", "add", "ada@example.org", "--topic", "ai"), "email:ada@example.org"),
        (("subscriptions", "add", "#news"), "slack:#news"),
        (("subscriptions", "add", "C0123456789"), "slack:C0123456789"),
        (("subscriptions", "add", "digests/"), "file:digests/"),
        (("subscriptions", "add", "ada"), "email:someone@example.org"),
        (("subscriptions", "add", "email:"), "to: "),
        (("subscriptions", "add", "slack:#c", "--topic", "aii"), 'did you mean "ai"'),
        (
            ("subscriptions", "add", "slack:#c", "--schedule", "dayly 8"),
            'schedule "dayly 8" is not understood. Allowed: "daily',
        ),
        (
            ("subscriptions", "add", "slack:#c", "--timezone", "Berlin"),
            'timezone: an IANA time zone such as "Europe/Berlin" is needed.',
        ),
        (
            ("subscriptions", "add", "slack:#c", "--quiet-hours", "8pm"),
            'quiet_hours: not of the right form; "20:00-07:00"',
        ),
        (
            ("subscriptions", "add", "slack:#c", "--since", "3 days"),
            'since: not of the right form; "3d"',
        ),
        (("subscriptions", "add", "slack:#c", "--language", "xx"), 'no "xx"; Known: bg, cs, da'),
        (("subscriptions", "add", "slack:#c", "--language", "english"), 'did you mean "en"'),
        (("subscriptions", "add", "slack:#c", "--id", "team"), "exists already"),
        (("subscriptions", "set", "team", "--topic", "ai"), "declared"),
        (("subscriptions", "pause", "teem"), "Did you mean team"),
        (("subscriptions", "pause", "team", "--until", "soon"), "2027-01-07"),
        (("digest", "preview", "nobody"), "subscriptions list"),
        (("digest", "preview", "team", "--as", "pdf"), "html, text, eml, slack"),
        (("digest", "preview", "team", "--at", "noon"), "2026-11-21T08:00"),
        (("digest", "send", "nobody", "--now"), "subscriptions list"),
        (("subscribers", "export"), "ADDRESS"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_code_2(
    command: Command, arguments: tuple[str, ...], said: str
) -> None:
    answer = command(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_a_wrong_schedule_in_the_file_names_the_place(command: Command, home: Path) -> None:
    (home / "clusterwatch.toml").write_text(CONFIGURATION + 'schedule = "0 8 * * 8"\n')
    answer = command("digest", "send")
    assert answer.code == 2
    assert '"team"' in answer.err
    assert "Allowed" in answer.err


def test_a_language_that_no_item_has_is_refused_in_the_file_too(
    command: Command, home: Path
) -> None:
    (home / "clusterwatch.toml").write_text(CONFIGURATION + 'languages = ["de", "nb"]\n')
    answer = command("digest", "send")
    assert answer.code == 2
    assert '"team" languages: there is no "nb"; did you mean "no"?' in answer.err


def test_what_cannot_be_sent_is_named_and_waits(command: Command, home: Path) -> None:
    command("subscriptions", "add", "slack:#news", "--id", "s", "--topic", "ai")
    publish(home, "1")
    answer = command("digest", "send", "s", "--now", "--json")
    assert answer.code == 1
    [delivery] = answer.json
    assert delivery["state"] == "retry"
    assert "SLACK_BOT_TOKEN" in delivery["error"]
    assert "SLACK_BOT_TOKEN" in answer.err
    before = command("status", "--json").json["deliveries"]
    test = command("subscriptions", "test", "s")
    assert (test.code, test.out) == (1, "")
    assert test.err.startswith("s → slack:#news: the test did not arrive: The channel")
    assert "delivery.failed" not in test.err
    assert command("status", "--json").json["deliveries"] == before  # nothing is queued


def test_what_still_waits_is_named_when_nothing_is_new(command: Command, home: Path) -> None:
    command("subscriptions", "add", "slack:#news", "--id", "s", "--topic", "ai")
    publish(home, "1")
    [first] = command("digest", "send", "s", "--now", "--json").json
    again = command("digest", "send", "s", "--now")
    assert (again.code, again.out) == (1, "")
    assert "s: 1 message waits since " in again.err
    assert "SLACK_BOT_TOKEN" in again.err
    assert "Next try: " in again.err
    assert " CE" in again.err  # in the subscription's own zone
    [waiting] = command("digest", "send", "s", "--now", "--json").json
    assert (waiting["id"], waiting["state"]) == (first["id"], "retry")
    assert command("digest", "send", "team", "--now", "--json").json != []
    assert command("digest", "send", "team", "--now").code == 0


def test_nothing_newer_overtakes_what_waits(
    command: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = '[email]\nsmtp = "{}"\nsender = "News <news@example.org>"\n'
    (home / "clusterwatch.toml").write_text(CONFIGURATION + mail.format("smtp://127.0.0.1:9"))
    command("subscriptions", "add", "email:ada@example.org", "--id", "ada", "--topic", "ai")
    publish(home, "1")
    [older] = command("digest", "send", "ada", "--now", "--json").json
    publish(home, "2")
    due = command("digest", "send", "ada")
    assert (due.code, due.out) == (1, "")
    assert "ada: 1 message waits since" in due.err
    [still] = command("digest", "send", "ada", "--now", "--json").json
    assert (still["id"], still["state"]) == (older["id"], "retry")
    with MailSink() as sink:
        (home / "clusterwatch.toml").write_text(CONFIGURATION + mail.format(sink.url))
        sent = command("digest", "send", "ada", "--now", "--again", "--json")
        assert [one["state"] for one in sent.json] == ["sent", "sent"]
        texts = [one.message.get_body(("plain",)).get_content() for one in sink.messages]  # type: ignore[union-attr]
    assert ["News number 1" in one for one in texts] == [True, False]
    assert ["News number 2" in one for one in texts] == [False, True]


def test_a_refused_recipient_is_dead_until_asked_again(
    command: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailSink() as sink:
        smtp = f'[email]\nsmtp = "{sink.url}"\nsender = "News <news@example.org>"\n'
        (home / "clusterwatch.toml").write_text(CONFIGURATION + smtp)
        command("subscriptions", "add", "email:ada@example.org", "--id", "ada", "--topic", "ai")
        publish(home, "1")
        sink.refuse("ada@example.org", 550)
        refused = command("digest", "send", "ada", "--now", "--json")
        assert (refused.code, refused.json[0]["state"]) == (1, "dead")
        status = command("status", "--json").json
        assert [one["status"] for one in status["subscriptions"]] == ["bounced", "active"]
        assert (status["incidents"], status["undelivered"]) == ([], [])
        assert command("subscriptions", "resume", "ada").code == 0
        sent = command("digest", "send", "ada", "--again", "--json")
        assert (sent.code, sent.json[0]["state"]) == (0, "sent")
        assert [mail.message["To"] for mail in sink.messages] == ["ada@example.org"]


def test_asking_first_mails_a_confirmation_and_nothing_else(command: Command, home: Path) -> None:
    with MailSink() as sink:
        smtp = f'[email]\nsmtp = "{sink.url}"\nsender = "News <news@example.org>"\n'
        (home / "clusterwatch.toml").write_text(CONFIGURATION + smtp)
        added = command(
            "subscriptions", "add", "email:ada@example.org", "--id", "ada", "--confirm", "--json"
        )
        assert added.json[0]["status"] == "pending"
        publish(home, "1")
        command("digest", "send", "--now")
        assert len(sink.messages) == 1
        assert command("digest", "send", "ada", "--now").code == 2


def test_a_persons_data_is_exported_and_erased(command: Command, home: Path) -> None:
    command("subscriptions", "add", "email:ada@example.org", "--id", "ada", "--topic", "ai")
    found = command("subscribers", "export", "Ada@Example.org").json
    assert [one["id"] for one in found["subscriptions"]] == ["ada"]
    assert command("subscribers", "erase", "ada@example.org").code == 0
    left = command("subscribers", "export", "ada@example.org").json
    assert left["subscriptions"] == []
    assert left["suppressed"]["reason"] == "erased"
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    with database.read() as connection:
        rows = [connection.execute(table.select()).all() for table in metadata.sorted_tables]
    database.close()
    assert "ada@example.org" not in repr(rows)
    again = command("subscriptions", "add", "email:ada@example.org", "--id", "ada2")
    assert (again.code, again.out) == (2, "")
    assert again.err.startswith("This address left before")
    assert "--confirm" in again.err
    ids = [one["id"] for one in command("subscriptions", "list", "--json").json]
    assert "ada2" not in ids


def test_an_address_that_nobody_knows_is_neither_erased_nor_blocked(command: Command) -> None:
    told = command("subscribers", "erase", "nobody@example.org")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("nobody@example.org is not known here: nothing was erased")
    assert command("subscribers", "export", "nobody@example.org").json["suppressed"] is None
    assert command("subscriptions", "add", "email:nobody@example.org", "--id", "new").code == 0
    erased = command("subscribers", "erase", "nobody@example.org")
    assert erased.out == (
        "Erased 1 subscription of this address. Backups made before still hold it.\n"
    )
    again = command("subscribers", "erase", "nobody@example.org")
    assert (again.code, again.out.split(".")[0]) == (0, "Erased 0 subscriptions of this address")


def test_an_address_that_only_the_list_of_what_was_received_holds_is_erased(
    command: Command, home: Path
) -> None:
    command("db", "sync")
    publish(home, "1")
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    with database.read() as connection:
        ids = list(connection.scalars(select(items.c.id)))
    DeliveryStore(database).mark("gone", "email:ada@example.org", ids, utc_now())
    assert command("subscribers", "export", "ada@example.org").json["received"] == 1
    assert command("subscribers", "erase", "ada@example.org").code == 0
    with database.read() as connection:
        rows = [connection.execute(table.select()).all() for table in metadata.sorted_tables]
    database.close()
    assert "ada@example.org" not in repr(rows)


def test_a_material_change_is_shown_with_its_item(command: Command, home: Path) -> None:
    command("db", "sync")
    publish(home, "1")
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    with database.write() as connection:
        [item] = connection.scalars(select(items.c.id))
        connection.execute(update(items).values(change="withdrawn"))
    database.close()
    shown = command("items", "show", item)
    assert "changed since it was first told: withdrawn" in shown.out


def test_release_shows_marks_and_lets_go_on(command: Command, home: Path) -> None:
    command("db", "sync")
    publish(home, "1")
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    DeliveryStore(database).hold("restored")
    database.close()
    held = command("digest", "send", "--now")
    assert held.code == 1
    assert "digest release" in held.err
    assert held.out == "team: 1 story waits; sending is held\n"
    until = ("--delivered-until", "2999-01-01")
    meant = command("digest", "release", *until, "--dry-run", "--json").json
    assert (meant["marked"], meant["pending"][0]["stories"]) == (1, 0)
    shown = command("digest", "release", "--dry-run", "--json").json
    assert shown["pending"] == [{"subscription": "team", "stories": 1}]
    assert (shown["held"], shown["released"]) == (True, False)
    marked = command("digest", "release", "--delivered-until", "2999-01-01", "--json").json
    assert (marked["marked"], marked["released"]) == (1, True)
    assert command("digest", "send", "--now").out == "team: nothing new\n"
