"""What can be said after ``/clusterwatch``: look up, explain, subscribe, add a source."""

from __future__ import annotations

from collections.abc import Callable

from alerts.digests.answers import Answer
from alerts.digests.mrkdwn import escaped, link
from alerts.digests.plain import one_line
from alerts.digests.story import item_link, story_title
from alerts.digests.words import Words
from alerts.explain import explain
from alerts.slack_app.entering import Desk, added, subscribed, topic_named, unsubscribed
from alerts.slack_app.requests import Command
from alerts.wiring import AlertParts
from crawler.errors import UsageError
from crawler.model.item import Item
from crawler.storage.archive import ArchiveStore, Wanted
from crawler.typed_addresses import with_scheme

_SHOWN = 6
_QUOTES = 3


def said(desk: Desk, command: Command) -> list[Answer]:
    """Do what the words ask for. Raises what the steps raise, UsageError for what is not known."""
    word, _, rest = command.text.partition(" ")
    act = _COMMANDS.get(word.casefold())
    return [act(desk, command, rest.strip())] if act else [usage(desk.parts, desk.words)]


def usage(parts: AlertParts, words: Words) -> Answer:
    """What there is to say, and the topics."""
    say = words.say
    known = ", ".join(f"`{escaped(topic.id)}`" for topic in parts.crawler.topics[:40])
    lines = (
        ("latest", say("the newest stories; after it a topic")),
        ("search", say("and words: stories that hold every one, in any language")),
        ("why", say("and an address: why it was told, or not")),
        ("subscribe topics ai, korea-cooperation at 08:00", say("a digest into this channel")),
        ("subscribe topics all weekdays at 08:00", say("or weekly mon at 08:00")),
        ("unsubscribe", say("ends what was subscribed here")),
        ("add", say("and an address: watch another news page or feed")),
        ("help", say("this")),
    )
    return Answer(
        "\n".join(
            [
                f"*{escaped(say('What I can do'))}*",
                *(f"• `/clusterwatch {form}`: {escaped(told)}" for form, told in lines),
                f"{escaped(say('Topics:'))} {known or escaped(say('none yet'))}",
            ]
        )
    )


def _help(desk: Desk, command: Command, rest: str) -> Answer:
    return usage(desk.parts, desk.words)


def _latest(desk: Desk, command: Command, rest: str) -> Answer:
    if not rest:
        return _listed(desk, Wanted(), desk.words.say("Newest"))
    topic = topic_named(desk, rest)
    name = topic.names.get(desk.words.language) or topic.name
    return _listed(desk, Wanted(topic=topic.id), desk.words.say("Newest on {topic}", topic=name))


def _search(desk: Desk, command: Command, rest: str) -> Answer:
    say = desk.words.say
    if not rest:
        remedy = say("Say: {form}", form="/clusterwatch search laser sintering")
        raise UsageError(say("Search for what?"), remedy=remedy)
    return _listed(desk, Wanted(query=rest[:200]), say("Found for “{words}”", words=rest[:200]))


def _why(desk: Desk, command: Command, rest: str) -> Answer:
    words = desk.words
    if not rest:
        raise UsageError(
            words.say("Why what?"), remedy=words.say("Give the address of an article.")
        )
    found = explain(desk.parts, _article(desk, rest.split(" ")[0]), now=desk.now)
    lines = []
    if found.item is not None:
        lines.append(_line(desk, found.item))
    for match in found.topics:
        quotes = dict.fromkeys(one_line(one.quote)[:120] for one in match.evidence)
        told = ", ".join(f"“{escaped(quote)}”" for quote in list(quotes)[:_QUOTES])
        lines.append(f"*{escaped(match.topic)}* {match.score:.2f} {told}".rstrip())
    lines.append(f"{escaped(words.say(found.stage))}: {_told(words, found.reason)}")
    lines += [_told(words, line) for line in found.lines[:5]]
    if found.remedy:
        lines.append(_told(words, found.remedy))
    return Answer("\n".join(lines))


def _article(desk: Desk, named: str) -> str:
    """An address, or the id of an item that there is. Raises UsageError."""
    named = with_scheme(named)
    address = named.lower().startswith(("http://", "https://"))
    if address or desk.parts.crawler.items.by_ids([named]):
        return named
    say = desk.words.say
    raise UsageError(
        say('There is no article "{name}".', name=named[:64]),
        remedy=say("Give the address of an article."),
    )


def _told(words: Words, text: str) -> str:
    return escaped(one_line(words.told(text)))


def _listed(desk: Desk, wanted: Wanted, heading: str) -> Answer:
    parts = desk.parts
    places = ArchiveStore(parts.crawler.database).page(wanted, _SHOWN)
    items = parts.crawler.items.by_ids([place.item for place in places])
    if not items:
        nothing = desk.words.say("{heading}: nothing.", heading=one_line(heading))
        return Answer(escaped(nothing))
    lines = [f"*{escaped(one_line(heading))}*", *(_line(desk, item) for item in items)]
    return Answer("\n".join(lines))


def _line(desk: Desk, item: Item) -> str:
    """One story: its linked title, source and day."""
    parts = desk.parts
    source = parts.crawler.sources.names().get(item.source)
    name = source.name if source and source.name else item.source
    zone = parts.settings.zone
    day = item.published.day if item.published else item.first_seen.astimezone(zone).date()
    shown = desk.words.short_date(day, desk.now.astimezone(zone).date())
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
