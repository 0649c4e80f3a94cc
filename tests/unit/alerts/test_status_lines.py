"""``status`` for people: trouble first, 80 columns, commands whole on their own line."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.cli.status_lines import WIDTH, status_lines
from crawler.sources.faults import OUR_NETWORK

NUMBERS = {
    "sources": 3, "active": 3, "checked_24h": 3, "failing": 1, "quiet": 1, "items": 118,
    "seen_24h": 60, "new_items_24h": 9, "matched_24h": 4, "held_back_24h": 2,
    "backfilled_24h": 0,
}  # fmt: skip
ITEM = {"id": "1", "title": "A very long title " * 9, "url": "u", "at": "2026-11-10T00:00:00+00:00"}


def source(identity: str, **changes: Any) -> dict[str, Any]:
    plain = {
        "id": identity, "name": identity, "url": "https://x.example/", "kind": "listing",
        "health": "ok", "last_polled": "2026-11-21T05:00:00+00:00",
        "last_ok": "2026-11-21T05:00:00+00:00", "last_new": "2026-11-19T05:00:00+00:00",
        "next_due": None, "failing_since": None, "failures": 0, "cause": None, "error": None,
        "remedy": None, "notice": None, "silence": None, "last_item": None,
    }  # fmt: skip
    return plain | changes


FAILING = source(
    "a-source-with-a-long-name-indeed", health="failing", failures=14, cause="bot",
    failing_since="2026-11-12T05:00:00+00:00", last_item=ITEM,
    error="The site checks for robots and does not let us in (HTTP 403).",
    remedy="We do not disguise ourselves. Ways left: a feed or sitemap of the site, its newsletter,"
    " or a letter to its owner: clusterwatch sources show a-source-with-a-long-name-indeed "
    "--letter --language de",
)  # fmt: skip
SILENT = source(
    "silent", health="quiet", last_item=ITEM,
    silence={"since": "2026-09-20", "days": 62, "usual_days": 6.2},
)  # fmt: skip
FROZEN = source(
    "frozen", health="frozen", silence={"since": "2026-09-20", "days": 62, "usual_days": 1.0},
    notice="The server hands out a copy of 2026-09-20: a cache in front of it is stuck.",
)  # fmt: skip


def document(*sources: dict[str, Any], **changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "at": "2026-11-21T08:00:00+00:00", "name": "main", "held": False, "coverage": NUMBERS,
        "sources": list(sources), "deliveries": {}, "undelivered": [], "subscriptions": [],
        "incidents": [], "network_down_since": None, "timezone": "Europe/Berlin",
        "nothing_reached": False,
    }  # fmt: skip
    return plain | changes


def test_what_fails_comes_first_with_cause_time_last_item_and_remedy() -> None:
    lines = list(status_lines(document(source("fine"), SILENT, FAILING, FROZEN)))
    said = "\n".join(lines)
    assert said.index("Failing") < said.index("Unusually silent") < said.index("Sources")
    assert "since 2026-11-12 (9 d), 14 tries" in said
    assert "checks for robots" in said
    assert "Last item: 2026-11-10, A very long title" in said
    assert "nothing for 62 days; usually every 6 days" in said
    assert "nothing for 62 days; usually every day" in said
    assert "has not changed at all since" in said
    assert "polled 3 h ago, news 2 d ago" in said
    assert "60 seen, 9 new, 4 matched, 2 held back" in " ".join(said.split())


def test_lines_fit_80_columns_and_commands_stay_whole() -> None:
    lines = list(status_lines(document(source("fine"), SILENT, FAILING, FROZEN)))
    commands = [line for line in lines if line.strip().startswith("clusterwatch ")]
    assert len(commands) == 1
    assert commands[0].strip().endswith("--language de")
    assert all(len(line) <= WIDTH for line in lines if line not in commands)


def test_an_outage_of_ours_is_said_once_and_first() -> None:
    down = "2026-11-21T06:30:00+00:00"
    lines = list(status_lines(document(source("fine"), network_down_since=down)))
    said = " ".join(" ".join(lines).split())
    assert "Our own network has been down since 2026-11-21 07:30 CET" in said
    assert "none counts as failing" in said


@pytest.mark.parametrize("count", [0, 1, 2])
def test_numbers_and_nouns_agree(count: int) -> None:
    first = next(status_lines(document(coverage=NUMBERS | {"active": count})))
    assert first.startswith("1 source " if count == 1 else f"{count} sources ")


def test_an_empty_installation_says_so_calmly() -> None:
    lines = list(status_lines(document()))
    assert lines[-1] == "Deliveries: none yet"
    assert not any(line.startswith(("Failing", "Sources", "Incidents")) for line in lines)


def test_deliveries_are_counted_as_they_are_told_of() -> None:
    missed = {"subscription": "ada", "state": "dead", "error": "no", "remedy": "Look."}
    states = {"sent": 2, "retry": 1, "dead": 3}
    lines = list(status_lines(document(deliveries=states, undelivered=[missed])))
    [counted] = [line for line in lines if line.startswith("Deliveries: ")]
    assert counted.split(": ")[1].split(", ")[:3] == ["2 sent", "1 on the way", "1 not delivered"]
    assert ", 2 given up" in counted


def test_where_nothing_was_reached_our_network_is_named_once() -> None:
    failing = FAILING | {"remedy": OUR_NETWORK}
    said = "\n".join(status_lines(document(failing, nothing_reached=True)))
    assert "None of the sources could be reached" in said
    assert " ".join(said.split()).count(OUR_NETWORK) == 1
