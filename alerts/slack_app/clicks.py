"""What a click in a digest does: judge, mute, explain, and take each back."""

from __future__ import annotations

from datetime import datetime

from alerts.digests import answers
from alerts.digests.answers import Answer
from alerts.digests.menu import (
    KEEP,
    MUTE,
    MUTE_FOR_ALL,
    UNDO,
    UNMUTE,
    USEFUL,
    WHY,
    WRONG,
)
from alerts.digests.story import item_link, story_title
from alerts.digests.words import Words
from alerts.explain import explain
from alerts.slack_app.requests import Click
from alerts.slack_app.words import slack_words, words_here
from alerts.wiring import AlertParts
from crawler.errors import SubscriptionError, UsageError
from crawler.judging import judge_once, withdraw
from crawler.model.item import Item
from crawler.model.topic import Evidence

_JUDGEMENTS = {USEFUL: "relevant", WRONG: "wrong"}


def clicked(parts: AlertParts, click: Click, now: datetime) -> list[Answer]:
    """Do what was clicked; the answers, first the one to who clicked.

    Raises what judging and explaining raise, StorageError among it.
    """
    try:
        subscription = parts.subscription_store.get(click.subject.subscription).subscription
        words = slack_words(subscription.digest_language)
        item = parts.crawler.items.get(click.subject.item)
    except SubscriptionError:
        return [answers.gone(words_here(parts, click.origin))]
    except UsageError:
        return [answers.gone(words)]
    if click.what in _JUDGEMENTS:
        return [_judged(parts, click, item, words, now)]
    if click.what == UNDO:
        topic, by = click.subject.topic, click.origin.by
        changed = withdraw(parts.crawler.database, item.id, topic, by=by)
        return [answers.withdrawn(words, changed)]
    if click.what == WHY:
        return [_why(parts, click, item, words, now)]
    if click.what == KEEP:
        return [answers.kept(words)]
    return _muting(parts, click, item, words, now)


def _judged(parts: AlertParts, click: Click, item: Item, words: Words, now: datetime) -> Answer:
    judge_once(
        parts.crawler.database, parts.crawler.topics, item.id, click.subject.topic,
        _JUDGEMENTS[click.what], by=click.origin.by, now=now,
    )  # fmt: skip
    return answers.judged(words, click.subject, story_title(item), click.what)


def _muting(
    parts: AlertParts, click: Click, item: Item, words: Words, now: datetime
) -> list[Answer]:
    """In a shared channel it is asked once and told who did it; one alone is not asked."""
    one = parts.subscription_store.get(click.subject.subscription).subscription
    source = parts.crawler.sources.names().get(item.source)
    name = source.name if source and source.name else item.source
    before, shared, person = item.source in one.muted, click.origin.shared, click.origin.user
    if click.what == MUTE and shared and not before:
        return [answers.asked_to_mute(words, click.subject, name)]
    muting = click.what in (MUTE, MUTE_FOR_ALL)
    change = parts.subscriptions.mute if muting else parts.subscriptions.unmute
    change(one.id, item.source, now=now, by=click.origin.by)
    if muting:
        asked = click.what == MUTE_FOR_ALL
        told = [answers.muted(words, click.subject, name, asked=asked)]
    else:
        assert click.what == UNMUTE
        told = [answers.unmuted(words, name)]
    if shared and before != muting:
        told.append(answers.told_to_all(words, person, name, muting=muting))
    return told


def _why(parts: AlertParts, click: Click, item: Item, words: Words, now: datetime) -> Answer:
    topic = {one.id: one for one in parts.crawler.topics}.get(click.subject.topic)
    name = (topic.names.get(words.language) or topic.name) if topic else ""
    found = explain(parts, item.id, subscription=click.subject.subscription, now=now)
    reason = words.told(found.reason)
    evidence = _evidence(parts, item, click.subject.topic)
    return answers.why(words, story_title(item), item_link(item), name, evidence, reason)


def _evidence(parts: AlertParts, item: Item, topic: str) -> tuple[Evidence, ...]:
    """Of the telling that is shown, else of another: a translation may not name the topic."""
    others = parts.crawler.stories.get(item.story).items if item.story else ()
    for one in (item, *others):
        for match in one.topics:
            if match.topic == topic and match.evidence:
                return match.evidence
    return ()
