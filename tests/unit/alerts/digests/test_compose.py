"""What a digest says: title line, sections, receipt, footer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.digests.words import words_for
from crawler.model.digest import Receipt
from tests.fixtures.digest_makers import NOW, digest_of, item, many, selected


def test_the_title_line_already_says_it() -> None:
    digest = digest_of([selected(item(str(n)), "korea" if n < 3 else "ai") for n in range(7)])
    assert digest.title == "Cluster news, 21 November: 3 on Korea, 4 on AI"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Cluster news, 21 November: 1 on AI, 1 on 3D printing"),
        ("de", "Cluster-Nachrichten, 21. November: 1 zu KI, 1 zu 3D-Druck"),
        ("da", "Klyngenyt, 21. november: 1 om AI, 1 om 3D-print"),
        ("de-AT", "Cluster-Nachrichten, 21. November: 1 zu KI, 1 zu 3D-Druck"),
        ("xx", "Cluster news, 21 November: 1 on AI, 1 on 3D printing"),
    ],
)
def test_the_title_is_in_the_digests_language(language: str, title: str) -> None:
    shown = [selected(item("a"), "print"), selected(item("b"), "ai")]
    assert digest_of(shown, digest_language=language).title == title


def test_rolled_up_stories_count_in_the_title_and_are_listed() -> None:
    digest = digest_of([selected(item("a"))], [selected(item("b", "Second")), selected(item("c"))])
    assert digest.counts == "3 on AI"
    assert digest.rolled_up_line == "2 more"
    assert digest.rolled_up[0] == ("Second", "https://harbour.example/news/b")


def test_stories_without_a_topic_stand_last_under_a_heading_of_their_own() -> None:
    digest = digest_of([selected(item("a"), ""), selected(item("b"), "ai")], topics=("*",))
    assert [section.heading for section in digest.sections] == [
        "Artificial intelligence",
        "Other news",
    ]
    assert digest.counts == "1 on AI, 1 other story"


def test_a_digest_without_any_topic_needs_no_heading() -> None:
    digest = digest_of([selected(item("a"), ""), selected(item("b"), "")], topics=("*",))
    assert [section.heading for section in digest.sections] == [""]
    assert digest.counts == "2 stories"


def test_topics_beyond_the_fourth_are_counted_in_the_title() -> None:
    shown = [selected(item(str(n)), f"topic-{n}") for n in range(6)]
    assert digest_of(shown, topics=("*",)).counts.endswith("1 on topic-3, 2 other stories")


def test_sections_follow_the_order_of_the_subscription_and_keep_the_ranking_within() -> None:
    shown = [selected(item("a", "A"), "print"), selected(item("b", "B"), "korea")]
    shown += [selected(item("c", "C"), "print")]
    sections = digest_of(shown).sections
    assert [section.topic for section in sections] == ["korea", "print"]
    assert [story.title for story in sections[1].stories] == ["A", "C"]


def test_an_alert_with_one_story_is_titled_by_its_headline() -> None:
    digest = digest_of([selected(item("a", "Robots arrive"))], schedule="immediate")
    assert digest.title == "AI: Robots arrive"


@pytest.mark.parametrize(
    ("window", "day"),
    [
        ("2026-11-20", "20 November"),
        ("now:2026-11-20T23:30:00Z", "21 November"),
        ("2026-11-20T23:30:00Z", "21 November"),
        ("x" * 10, "21 November"),
    ],
)
def test_a_daily_window_is_dated_by_its_name_and_others_by_the_readers_day(
    window: str, day: str
) -> None:
    assert digest_of([], window=window).masthead == f"Cluster news, {day}"


def test_nothing_new_is_one_line() -> None:
    digest = digest_of([])
    assert digest.title == "Cluster news, 21 November: nothing new"
    assert digest.empty_line == "Nothing new on your topics."
    assert digest.sections == ()


def test_a_changed_story_is_one_line_and_keeps_the_digest_from_being_empty() -> None:
    digest = digest_of([], changed=[item("a", "Corrected figures")])
    assert digest.changes == (("Corrected figures", "https://harbour.example/news/a"),)
    assert digest.empty_line == ""


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "14 Apr → 31 May"), ("de", "14. Apr. → 31. Mai"), ("da", "14. apr. → 31. maj")],
)
def test_days_that_were_exchanged_are_told_as_the_reader_writes_them(
    language: str, told: str
) -> None:
    moved = replace(item("a", "Forum"), change="04-14 → 05-31")
    digest = digest_of([], changed=[moved], digest_language=language)
    assert digest.changes[0][0] == f"Forum: {told}"


@pytest.mark.parametrize("words", ["Called off 04-14 → no date", "02-31 → 4\u00a0200\u00a0000"])
def test_what_is_no_exchanged_day_is_told_as_it_stands(words: str) -> None:
    assert words_for("en").change(words) == words


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Regions open their laboratories – now also in: Harbour Cluster (en)"),
        ("de", "Regions open their laboratories – jetzt auch in: Harbour Cluster (de)"),
        ("da", "Regions open their laboratories – nu også i: Harbour Cluster (da)"),
    ],
)
def test_a_story_now_told_in_the_readers_language_is_one_line(language: str, line: str) -> None:
    digest = digest_of([], also=[item("a", language=language)], digest_language=language)
    assert digest.changes == ((line, "https://harbour.example/news/a"),)
    assert digest.sections == ()
    assert digest.empty_line == ""


@pytest.mark.parametrize(
    ("receipt", "line"),
    [
        (Receipt(42, 118), "42 sources checked, 118 new items, 7 stories"),
        (Receipt(1, 1), "1 source checked, 1 new item, 7 stories"),
        (
            Receipt(42, 118, failing=("X", "Y"), quiet=("Z",)),
            "42 sources checked, 118 new items, 7 stories; 2 not reached (X, Y),"
            " 1 unusually quiet (Z)",
        ),
        (
            Receipt(42, 118, quiet=("A\u202e", "B", "C", "D")),
            "42 sources checked, 118 new items, 7 stories; 4 unusually quiet (A, B, C, …)",
        ),
        (
            Receipt(5, 90, held_back=80),
            "5 sources checked, 90 new items (80 too old to report), 7 stories",
        ),
    ],
)
def test_the_receipt_is_one_line(receipt: Receipt, line: str) -> None:
    assert digest_of(many(7), receipt=receipt).receipt == line


def test_an_alert_has_no_receipt() -> None:
    assert digest_of(many(1), receipt=Receipt(3, 9), schedule="immediate").receipt == ""


def test_what_was_alerted_at_once_is_only_counted() -> None:
    digest = digest_of(many(1), counted=many(2, start=5))
    assert digest.receipt.endswith("1 story, 2 already sent as alerts")
    assert sum(len(section.stories) for section in digest.sections) == 1


DOWN = datetime(2026, 11, 21, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outages", "said"),
    [
        (
            ((DOWN, DOWN + timedelta(minutes=28)),),
            "our own network was down from Sat 21 Nov, 03:12 to 03:40",
        ),
        (
            ((DOWN - timedelta(days=1), DOWN),),
            "our own network was down from Fri 20 Nov, 03:12 to Sat 21 Nov, 03:12",
        ),
        (
            ((DOWN, DOWN + timedelta(minutes=9)), (DOWN, DOWN + timedelta(hours=2))),
            "our own network was down from Sat 21 Nov, 03:12 to 05:12",
        ),
        (((DOWN, None),), "our own network has been down since Sat 21 Nov, 03:12"),
    ],
)
def test_the_receipt_names_an_outage_of_our_own(
    outages: tuple[tuple[datetime, datetime | None], ...], said: str
) -> None:
    told = digest_of(many(1), receipt=Receipt(42, 3, failing=("X",), outages=outages)).receipt
    assert told == f"42 sources checked, 3 new items, 1 story; 1 not reached (X), {said}"


def test_the_receipt_has_plural_forms_in_every_language() -> None:
    receipt = Receipt(1, 2, failing=("X",))
    assert digest_of(many(1), receipt=receipt, digest_language="de").receipt == (
        "1 Quelle geprüft, 2 neue Beiträge, 1 Meldung; 1 nicht erreicht (X)"
    )
    assert digest_of(many(1), receipt=receipt, digest_language="da").receipt == (
        "1 kilde tjekket, 2 nye indlæg, 1 nyhed; 1 ikke nået (X)"
    )


@pytest.mark.parametrize(
    ("links", "to", "footer"),
    [
        (
            {"manage": "https://n.example/m", "leave": "https://n.example/l"},
            "email:a@example.org",
            "Change or pause · Unsubscribe",
        ),
        ({"mailto": "news+x@example.org"}, "email:a@example.org", "Unsubscribe by e-mail"),
        (
            {"operator": "ops@example.org"},
            "slack:#news",
            "To change, pause or leave: ops@example.org",
        ),
        ({}, "slack:#news", "To change, pause or leave, ask whoever runs Clusterwatch for you."),
        ({"leave": "javascript:alert(1)"}, "slack:#news", "To change, pause or leave, ask whoever"),
        ({}, "file:digests/", "To change, pause or leave: “clusterwatch subscriptions set team”"),
    ],
)
def test_the_footer_says_how_to_change_pause_or_leave(
    links: dict[str, str], to: str, footer: str
) -> None:
    digest = digest_of(many(1), links=links, to=to)
    assert digest.footer[0].startswith(footer)
    assert all(label in digest.footer[0] for label, _ in digest.footer_links)


def test_a_file_that_the_configuration_declares_is_changed_there() -> None:
    digest = digest_of(many(1), links={}, to="file:digests/", declared_by="main")
    assert digest.footer[0].startswith(
        "To change, pause or leave: the subscription “team” in clusterwatch.toml"
    )


def test_a_mail_that_only_links_leaving_says_who_changes_it() -> None:
    links = {"mailto": "news+x@example.org", "operator": "ops@example.org"}
    assert digest_of(many(1), links=links).footer == (
        "Unsubscribe by e-mail",
        "To change or pause: ops@example.org",
    )


def test_dates_of_another_year_carry_it_and_undated_pages_say_when_they_were_seen() -> None:
    shown = [
        selected(item("a", published=date(2018, 9, 20))),
        selected(item("b", published=date(2026, 9, 20))),
        selected(item("c", published=None)),
    ]
    dates = [story.date for story in digest_of(shown).sections[0].stories]
    assert dates == ["20 Sept 2018", "20 Sept", "seen 20 Nov"]


def test_the_moment_of_composing_is_kept() -> None:
    assert digest_of([]).made_at == NOW


def test_mails_end_with_the_imprint_and_the_privacy_notice() -> None:
    links = {
        "leave": "https://n.example/l",
        "imprint": "https://n.example/imprint",
        "privacy": "https://n.example/privacy",
    }
    digest = digest_of(many(1), links=links)
    assert digest.footer[-1] == "Imprint · Privacy"
    assert digest.footer_links[-2:] == (
        ("Imprint", "https://n.example/imprint"),
        ("Privacy", "https://n.example/privacy"),
    )
