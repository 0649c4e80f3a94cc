"""What a digest says, in the reader's language and before any medium renders it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerts.digests.plain import clipped, link_target, mail_link, one_line
from alerts.digests.story import (
    NAME_LENGTH,
    Reader,
    digest_story,
    item_link,
    story_title,
    told_change,
)
from alerts.digests.words import Words, words_for
from crawler.model.digest import (
    Digest,
    DigestSection,
    NowAlso,
    Receipt,
    SelectedStory,
    Selection,
)
from crawler.model.item import Item
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition

_NAMED_SOURCES = 3  # of a kind in the receipt
_NAMED_TOPICS = 4  # in the title line; the rest is counted


def compose(
    selection: Selection,
    subscription: Subscription,
    *,
    receipt: Receipt,
    topics: Mapping[str, TopicDefinition],
    sources: Mapping[str, Source],
    concept_name: Callable[[str, str], str],
    now: datetime,
    window: str,
    links: Mapping[str, str] | None = None,
) -> Digest:
    """The digest of ``selection`` for ``subscription``.

    ``concept_name(concept, language)`` gives a concept's display name. ``now`` is aware;
    ``window`` is the local date ("2026-11-21") or another name of an extra window.
    ``links`` may hold ``status``, ``manage``, ``leave``, ``mailto``, ``archive``,
    ``rate`` (addresses), ``operator`` (a mail address or channel as text) and ``translate``
    (an address with ``{url}`` and ``{language}``).
    """
    given = _given(links or {}, selection)
    words = words_for(subscription.digest_language)
    reader = _reader(subscription, words, topics, sources, concept_name, now, given)
    masthead = words.say("Cluster news, {date}", date=words.long_date(_day(window, reader.today)))
    counts = _counts(selection, subscription, reader)
    footer, footer_links = _footer(subscription, words, given)
    return Digest(
        subscription=subscription.id,
        window=window,
        language=words.language,
        title=_title(selection, subscription, reader, masthead, counts),
        sections=_sections(selection.shown, subscription, reader),
        rolled_up=_title_list(selected.lead for selected in selection.rolled_up),
        rolled_up_line=_rolled_up_line(selection, words),
        receipt=_receipt_line(receipt, selection, words, subscription),
        footer=footer,
        empty_line=_empty_line(selection, words),
        made_at=now,
        links=given,
        masthead=masthead,
        counts=counts,
        changes=(*_changes(selection.changed, reader), *_now_also(selection.also, reader)),
        changes_line=words.say("Updated since") if selection.changed or selection.also else "",
        footer_links=footer_links,
    )


def _given(links: Mapping[str, str], selection: Selection) -> dict[str, str]:
    """The links of a digest; where no story is shown none can be judged."""
    return {name: url for name, url in links.items() if name != "rate" or selection.shown}


def _reader(
    subscription: Subscription,
    words: Words,
    topics: Mapping[str, TopicDefinition],
    sources: Mapping[str, Source],
    concept_name: Callable[[str, str], str],
    now: datetime,
    links: Mapping[str, str],
) -> Reader:
    zone = ZoneInfo(subscription.timezone)
    return Reader(
        words=words,
        today=now.astimezone(zone).date(),
        zone=zone,
        topics=topics,
        sources=sources,
        concept_name=concept_name,
        translate=links.get("translate", ""),
    )


def _day(window: str, today: date) -> date:
    """The local date a daily window is named by; other windows belong to the day of ``now``."""
    if len(window) != len("2026-11-21"):
        return today
    try:
        return date.fromisoformat(window)
    except ValueError:
        return today


def _topic_of(selected: SelectedStory) -> str:
    return selected.match.topic if selected.match else ""


def _topic_order(stories: tuple[SelectedStory, ...], subscription: Subscription) -> list[str]:
    """Topics in the order the subscription names them, others as ranked, none last."""
    present = dict.fromkeys(_topic_of(selected) for selected in stories)
    declared = [topic for topic in subscription.topics if topic in present]
    ranked = [topic for topic in present if topic and topic not in declared]
    return declared + ranked + ([""] if "" in present else [])


def _sections(
    stories: tuple[SelectedStory, ...], subscription: Subscription, reader: Reader
) -> tuple[DigestSection, ...]:
    order = _topic_order(stories, subscription)
    return tuple(
        DigestSection(
            topic=topic,
            heading=_heading(topic, order, reader),
            stories=tuple(digest_story(one, reader) for one in stories if _topic_of(one) == topic),
        )
        for topic in order
    )


def _heading(topic: str, order: list[str], reader: Reader) -> str:
    if topic:
        return reader.topic_name(topic)
    return reader.words.say("Other news") if len(order) > 1 else ""


def _title(
    selection: Selection, subscription: Subscription, reader: Reader, masthead: str, counts: str
) -> str:
    """The line that already says it; of an alert with one story, that story's headline."""
    if subscription.schedule == "immediate" and len(selection.stories) == 1:
        selected = selection.stories[0]
        topic, title = _topic_of(selected), story_title(selected.lead)
        return f"{reader.short_topic_name(topic)}: {title}" if topic else title
    return reader.words.say("{masthead}: {counts}", masthead=masthead, counts=counts)


def _counts(selection: Selection, subscription: Subscription, reader: Reader) -> str:
    """ "3 on Korea, 4 on AI": every story of the digest, those rolled up included."""
    words, stories = reader.words, selection.stories
    named = [topic for topic in _topic_order(stories, subscription) if topic][:_NAMED_TOPICS]
    tally = {topic: sum(_topic_of(one) == topic for one in stories) for topic in named}
    parts = [
        words.say("{count} on {topic}", count=count, topic=reader.short_topic_name(topic))
        for topic, count in tally.items()
    ]
    rest = len(stories) - sum(tally.values())
    if rest and parts:
        parts.append(words.count("{count} other story", "{count} other stories", rest))
    elif rest:
        parts.append(words.count("{count} story", "{count} stories", rest))
    return ", ".join(parts) or words.say("nothing new")


def _title_list(items: Iterable[Item]) -> tuple[tuple[str, str], ...]:
    return tuple((story_title(item), item_link(item)) for item in items)


def _changes(items: Iterable[Item], reader: Reader) -> tuple[tuple[str, str], ...]:
    """Each with what changed."""
    told = []
    for item in items:
        what = told_change(item, reader.sources.get(item.source), reader.words)
        title = story_title(item)
        told.append((f"{title}: {what}" if what else title, item_link(item)))
    return tuple(told)


def _now_also(stories: Iterable[NowAlso], reader: Reader) -> Iterator[tuple[str, str]]:
    """ "Sonde für Bohrlöcher – now also in: Jenaer Blatt (de)": a story sent before."""
    for one in stories:
        name = clipped(reader.source_name(one.lead), NAME_LENGTH)
        line = reader.words.say(
            "{title} – now also in: {source} ({language})",
            title=story_title(one.lead), source=name, language=one.lead.language,
        )  # fmt: skip
        yield line, item_link(one.lead)


def _rolled_up_line(selection: Selection, words: Words) -> str:
    count = len(selection.rolled_up)
    return words.count("{count} more", "{count} more", count) if count else ""


def _empty_line(selection: Selection, words: Words) -> str:
    if selection.stories or selection.changed or selection.also:
        return ""
    return words.say("Nothing new on your topics.")


def _receipt_line(
    receipt: Receipt, selection: Selection, words: Words, subscription: Subscription
) -> str:
    """ "42 sources checked, 118 new items, 7 stories; 2 not reached (Biocat, BioM), 1 unusually
    quiet (Medicon Valley)".

    An alert covers no time in which anything could have been looked at: it has none.
    """
    if subscription.schedule == "immediate":
        return ""
    items = words.count("{count} new item", "{count} new items", receipt.new_items)
    if receipt.held_back:
        old = "{count} too old to report"
        items += f" ({words.count(old, old, receipt.held_back)})"
    done = [
        words.count("{count} source checked", "{count} sources checked", receipt.sources_checked),
        items,
        words.count("{count} story", "{count} stories", len(selection.stories)),
    ]
    if selection.counted:
        one, many = "{count} already sent as an alert", "{count} already sent as alerts"
        done.append(words.count(one, many, len(selection.counted)))
    noted = [
        f"{words.count(phrase, phrase, len(names))} ({_some(names)})"
        for phrase, names in (
            ("{count} not reached", receipt.failing),
            ("{count} unusually quiet", receipt.quiet),
        )
        if names
    ]
    noted += _outage(receipt, words, subscription.timezone)
    return "; ".join(", ".join(part) for part in (done, noted) if part)


def _some(names: Sequence[str]) -> str:
    """The first of them; the page of the sources, to which the line leads, has all."""
    named = [clipped(one_line(name), NAME_LENGTH) for name in names[:_NAMED_SOURCES]]
    return ", ".join([*named, "…"] if len(names) > _NAMED_SOURCES else named)


def _outage(receipt: Receipt, words: Words, zone: str) -> list[str]:
    """When our own network was down: the one that lasts, else the longest."""
    ended = [(end - start, start, end) for start, end in receipt.outages if end]
    for start, end in receipt.outages:
        if end is None:
            since = words.due(start, zone)
            return [words.say("our own network has been down since {start}", start=since)]
    if not ended:
        return []
    _, start, end = max(ended)
    return [
        words.say(
            "our own network was down from {start} to {end}",
            start=words.due(start, zone),
            end=words.until(start, end, zone),
        )
    ]


def _footer(
    subscription: Subscription, words: Words, links: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """How to change, pause or leave: a line of links, a line for what no link does."""
    leaving = ("Unsubscribe", links.get("leave", ""))
    if not leaving[1]:
        leaving = ("Unsubscribe by e-mail", mail_link(links.get("mailto", "")))
    offered = (("Change or pause", links.get("manage", "")), leaving)
    targets = ((words.say(label), link_target(url)) for label, url in offered)
    usable = tuple((label, url) for label, url in targets if url)
    operator = one_line(links.get("operator", ""))
    rate = link_target(links.get("rate", ""))
    rating = ((words.say("Judge these stories"), rate),) if rate else ()
    notices = _notices(words, links)
    named = (" · ".join(label for label, _ in notices),) if notices else ()
    if not usable:
        last = _footer_without_links(subscription, words, operator)
        return (*(label for label, _ in rating), last, *named), (*rating, *notices)
    usable = (*rating, *usable)
    lines = [" · ".join(label for label, _ in usable)]
    if not links.get("manage") and operator:
        lines.append(words.say("To change or pause: {operator}", operator=operator))
    return (*lines, *named), (*usable, *notices)


def _notices(words: Words, links: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Who is responsible, and what is kept: the installation's own pages."""
    told = (("Imprint", links.get("imprint", "")), ("Privacy", links.get("privacy", "")))
    targets = ((words.say(label), link_target(url)) for label, url in told)
    return tuple((label, url) for label, url in targets if url)


def _footer_without_links(subscription: Subscription, words: Words, operator: str) -> str:
    if subscription.channel == "file" and not subscription.declared_by:
        return words.say(
            "To change, pause or leave: “clusterwatch subscriptions set {id}”, “… pause {id}” or "
            "“… remove {id}”.",
            id=subscription.id,
        )
    if subscription.channel == "file":
        return words.say(
            "To change, pause or leave: the subscription “{id}” in clusterwatch.toml, "
            "or “clusterwatch subscriptions pause {id}”.",
            id=subscription.id,
        )
    if operator:
        return words.say("To change, pause or leave: {operator}", operator=operator)
    return words.say("To change, pause or leave, ask whoever runs Clusterwatch for you.")
