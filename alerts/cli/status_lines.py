"""``clusterwatch status`` for people: what needs attention first, 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crawler.sources.faults import OUR_NETWORK

WIDTH = 80
_NAME = 24
_TROUBLE = ("failing", "frozen", "quiet")


def status_lines(document: dict[str, Any]) -> Iterator[str]:
    """The lines for a document of ``alerts.health.status``."""
    now = datetime.fromisoformat(document["at"])
    yield from _summary(document)
    by_health: dict[str, list[dict[str, Any]]] = {}
    for one in document["sources"]:
        by_health.setdefault(one["health"], []).append(one)
    yield from _section("Failing", by_health.get("failing", ()), now, _failing)
    silent = [*by_health.get("frozen", ()), *by_health.get("quiet", ())]
    yield from _section("Unusually silent", silent, now, _silent)
    others = [one for one in document["sources"] if one["health"] not in _TROUBLE]
    yield from _section("Sources", others, now, _source)
    yield from _section("Subscriptions", document["subscriptions"], now, _subscription)
    yield from _deliveries(document)
    here = [one | {"timezone": document["timezone"]} for one in document["incidents"]]
    yield from _section("Incidents", here, now, _incident)


def _summary(document: dict[str, Any]) -> Iterator[str]:
    numbers = document["coverage"]
    yield from _wrapped(
        f"{_counted(numbers['active'], 'source')} watched, {numbers['checked_24h']} checked within "
        f"a day; {numbers['failing']} failing, {numbers['quiet']} unusually silent."
    )
    past = f"; {numbers['backfilled_24h']} of the past by backfill"
    yield from _wrapped(
        f"{_counted(numbers['items'], 'item')} in the archive; within a day {numbers['seen_24h']} "
        f"seen, {numbers['new_items_24h']} new, {numbers['matched_24h']} matched, "
        f"{numbers['held_back_24h']} held back{past if numbers['backfilled_24h'] else ''}."
    )
    if document["network_down_since"]:
        since = _minute(document["network_down_since"], document["timezone"])
        yield from _wrapped(
            f"Our own network has been down since {since}: no site can be reached, and none "
            f"counts as failing. {OUR_NETWORK}"
        )
    if document["nothing_reached"]:
        yield from _wrapped(
            "None of the sources could be reached: most likely it is our own network. "
            f"{OUR_NETWORK}"
        )


def _section(
    title: str, rows: Iterable[dict[str, Any]], now: datetime, lines: Any
) -> Iterator[str]:
    rows = list(rows)
    if rows:
        yield ""
        yield title
    for row in rows:
        yield from lines(row, now)


def _failing(one: dict[str, Any], now: datetime) -> Iterator[str]:
    since = one["failing_since"]
    tries = _counted(one["failures"], "try", "tries")
    yield f"  {one['id']:<{_NAME}} since {since[:10]} ({_age(since, now)}), {tries}"
    yield from _wrapped(one["error"] or "No reason is known.", 4)
    yield from _last_item(one)
    if one["remedy"] != OUR_NETWORK:  # said once, on top
        yield from _remedy(one["remedy"])


def _silent(one: dict[str, Any], now: datetime) -> Iterator[str]:
    silence = one["silence"]
    usual = max(1, round(silence["usual_days"]))
    often = "every day" if usual == 1 else f"every {usual} days"
    yield f"  {one['id']:<{_NAME}} nothing for {silence['days']} days; usually {often}"
    if one["health"] == "frozen":
        yield from _wrapped("The page answers, and has not changed at all since.", 4)
    if one["notice"]:
        yield from _wrapped(one["notice"], 4)
    yield from _last_item(one)
    yield from _remedy(one["remedy"])


def _source(one: dict[str, Any], now: datetime) -> Iterator[str]:
    polled = f"polled {_age(one['last_polled'], now)} ago" if one["last_polled"] else "not polled"
    news = f"news {_age(one['last_new'], now)} ago" if one["last_new"] else "no news yet"
    state = "" if one["health"] == "ok" else f"{one['health']}, "
    yield f"  {one['id']:<{_NAME}} {one['kind']:<8} {state}{polled}, {news}"
    if one["notice"]:
        yield from _wrapped(one["notice"], 4)


def _subscription(one: dict[str, Any], now: datetime) -> Iterator[str]:
    yield f"  {one['id']:<{_NAME}} {one['status']:<8} {one['to']}, {one['schedule']}, {_next(one)}"


def _next(one: dict[str, Any]) -> str:
    """When a subscription is served next; one that is served at once says so by its schedule."""
    if one["error"]:
        return str(one["error"])
    if one["next"]:
        return f"next {_minute(one['next'][0], one['timezone'])}"
    at_once = one["status"] == "active" and one["schedule"].strip().lower() == "immediate"
    return "at once" if at_once else "no next digest"


def _deliveries(document: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"Deliveries: {', '.join(_delivery_counts(document)) or 'none yet'}"
    if document["held"]:
        yield from _remedy(
            "Sending is held. Look, then let it go on: clusterwatch digest release --dry-run"
        )
    for one in document["undelivered"]:
        yield f"  {one['subscription']:<{_NAME}} {one['state']}"
        yield from _wrapped((one["error"] or "no reason is known").rstrip(".") + ".", 4)
        yield from _remedy(one["remedy"])


def _delivery_counts(document: dict[str, Any]) -> Iterator[str]:
    """How many went out, wait, and did not arrive: each of the last is told of below."""
    states = document["deliveries"]
    lost = sum(one["state"] != "retry" for one in document["undelivered"])
    ended = states.get("dead", 0) + states.get("parked", 0) - lost
    waiting = sum(states.get(one, 0) for one in ("pending", "sending", "retry"))
    told = (
        (states.get("sent", 0), "sent"),
        (waiting, "on the way"),
        (lost, "not delivered"),
        (ended, "given up, of which nobody waits any more"),
    )
    yield from (f"{count} {state}" for count, state in told if count > 0)


def _incident(one: dict[str, Any], now: datetime) -> Iterator[str]:
    first = one["text"].split("\n")[0]
    yield from _wrapped(f"since {_minute(one['opened_at'], one['timezone'])}: {first}", 2)


def _last_item(one: dict[str, Any]) -> Iterator[str]:
    item = one["last_item"]
    if item:
        line = f"    Last item: {item['at'][:10]}, {item['title']}"
        yield line if len(line) <= WIDTH else line[: WIDTH - 2] + " …"


def _remedy(text: str | None) -> Iterator[str]:
    """What to do, each step by itself; a command stands whole on its own line, to be copied."""
    for step in text.split(" – ") if text else ():
        said, command, rest = step.partition("clusterwatch ")
        yield from _wrapped(said.strip(), 4)
        if command:
            yield f"      {command}{rest}"


def _wrapped(text: str, indent: int = 0) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def _age(moment: str, now: datetime) -> str:
    seconds = (now - datetime.fromisoformat(moment)).total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size == 60 and seconds >= 60):
            return f"{int(seconds // size)} {unit}"
    return "moments"


def _minute(moment: str, zone: str) -> str:
    """Local time with its zone: "2026-11-23 08:00 CET"."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
