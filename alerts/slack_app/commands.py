"""What can be said after ``/clusterwatch``: look up, explain, subscribe, add a source."""

from __future__ import annotations

from collections.abc import Callable

from alerts.digests.answers import Answer
from alerts.digests.mrkdwn import escaped, link
from alerts.digests.plain import one_line
from alerts.digests.story import item_link, story_title
from alerts.digests.words import words_for
from alerts.explain import explain
from alerts.slack_app.entering import Desk, added, subscribed, topic_named, unsubscribed
from alerts.slack_app.requests import Command
from alerts.wiring import AlertParts
from crawler.errors import UsageError
from crawler.model.item import Item
from crawler.storage.archive import ArchiveStore, Wanted

_SHOWN = 6
_QUOTES = 3
HELP = """*What I can do*
• `/clusterwatch latest` or `latest TOPIC`: the newest stories
• `/clusterwatch search WORDS`: stories that hold every word, in any language
• `/clusterwatch why URL`: why an address was told, or not
• `/clusterwatch subscribe topics TOPIC, TOPIC at 08:00`: a digest into this channel; \
also `weekdays at 08:00`, `weekly mon at 08:00`, `topics all`
• `/clusterwatch unsubscribe`: ends what was subscribed here
• `/clusterwatch add URL`: watch another news page or feed
• `/clusterwatch help`: this"""


def said(desk: Desk, command: Command) -> list[Answer]:
    """Do what the words ask for. Raises what the steps raise, UsageError for what is not known."""
    word, _, rest = command.text.partition(" ")
    act = _COMMANDS.get(word.casefold())
    return [act(desk, command, rest.strip())] if act else [usage(desk.parts)]


def usage(parts: AlertParts) -> Answer:
    """What there is to say, and the topics."""
    known = ", ".join(f"`{escaped(topic.id)}`" for topic in parts.crawler.topics[:40])
    return Answer(f"{HELP}\nTopics: {known or 'none yet'}")


def _help(desk: Desk, command: Command, rest: str) -> Answer:
    return usage(desk.parts)


def _latest(desk: Desk, command: Command, rest: str) -> Answer:
    topic = topic_named(desk.parts, rest).id if rest else ""
    return _listed(desk, Wanted(topic=topic), f"Newest{f' on {rest}' if rest else ''}")


def _search(desk: Desk, command: Command, rest: str) -> Answer:
    if not rest:
        raise UsageError("Search for what?", remedy="Say: /clusterwatch search laser sintering")
    return _listed(desk, Wanted(query=rest[:200]), f"Found for “{rest[:200]}”")


def _why(desk: Desk, command: Command, rest: str) -> Answer:
    if not rest:
        raise UsageError("Why what?", remedy="Give the address of an article.")
    found = explain(desk.parts, rest.split(" ")[0], now=desk.now)
    lines = []
    if found.item is not None:
        lines.append(_line(desk, found.item))
    for match in found.topics:
        quotes = dict.fromkeys(one_line(one.quote)[:120] for one in match.evidence)
        told = ", ".join(f"“{escaped(quote)}”" for quote in list(quotes)[:_QUOTES])
        lines.append(f"*{escaped(match.topic)}* {match.score:.2f} {told}".rstrip())
    lines.append(f"{escaped(found.stage)}: {escaped(one_line(found.reason))}")
    lines += [escaped(one_line(line)) for line in found.lines[:5]]
    if found.remedy:
        lines.append(escaped(one_line(found.remedy)))
    return Answer("\n".join(lines))


def _listed(desk: Desk, wanted: Wanted, heading: str) -> Answer:
    parts = desk.parts
    places = ArchiveStore(parts.crawler.database).page(wanted, _SHOWN)
    items = parts.crawler.items.by_ids([place.item for place in places])
    if not items:
        return Answer(f"{escaped(one_line(heading))}: nothing.")
    lines = [f"*{escaped(one_line(heading))}*", *(_line(desk, item) for item in items)]
    return Answer("\n".join(lines))


def _line(desk: Desk, item: Item) -> str:
    """One story: its linked title, source and day."""
    parts = desk.parts
    source = parts.crawler.sources.names().get(item.source)
    name = source.name if source and source.name else item.source
    zone = parts.settings.zone
    day = item.published.day if item.published else item.first_seen.astimezone(zone).date()
    shown = words_for("en").short_date(day, desk.now.astimezone(zone).date())
    return f"• {link(story_title(item), item_link(item))} · {escaped(one_line(name))} · {shown}"


_Act = Callable[[Desk, Command, str], Answer]
_COMMANDS: dict[str, _Act] = {
    "latest": _latest,
    "search": _search,
    "why": _why,
    "subscribe": subscribed,
    "unsubscribe": unsubscribed,
    "add": added,
    "help": _help,
}
