"""``clusterwatch topics review``: what people's judgements say about a topic."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from crawler.cli.app import Door, JsonOption, command
from crawler.cli.topic_options import TopicArgument, known_topic

if TYPE_CHECKING:
    from crawler.model.item import Item
    from crawler.topics.intervals import Share
    from crawler.topics.proposals import Proposal
    from crawler.topics.review import Recall, Review
    from crawler.wiring import Parts

MAX_SHOWN = 10  # terms, and missed items


def register(app: typer.Typer) -> None:
    """Add the command to the group ``topics``, which must be there already."""
    for one in app.registered_groups:
        if one.typer_instance is not None and one.typer_instance.info.name == "topics":
            command(one.typer_instance, "review")(review)
            return
    raise LookupError("the group topics is not registered")


def review(door: Door, topic_id: TopicArgument, as_json: JsonOption = False) -> None:
    """What judgements say of a topic, and items to judge next; changes nothing.

    Example: clusterwatch topics review ai
    """
    from crawler.reviewing import reviewed

    with door.open(looks=True) as parts:
        done = reviewed(parts.database, known_topic(parts, topic_id))
        ask = parts.items.by_ids(done.ask)
        missed = parts.items.by_ids(done.missed)
        why = {item.id: _why(parts, topic_id, item) for item in missed[:MAX_SHOWN]}
    if as_json:
        door.json(review_json(done, ask, missed))
        return
    print_review(door, done, ask, missed, why)


def review_json(done: Review, ask: Sequence[Item], missed: Sequence[Item]) -> dict[str, Any]:
    """A review; each ``interval`` is a pair of bounds, ``value`` null where nothing is known."""
    return {
        "topic": done.topic,
        "version": done.version,
        "precision": _share_json(done.precision),
        "earlier": _share_json(done.earlier),
        "recall": _recall_json(done.recall),
        "terms": [asdict(one) for one in done.terms],
        "proposals": [asdict(one) | {"toml": _toml(one)} for one in done.proposals],
        "missed": _brief(missed),
        "ask": _brief(ask),
    }


def _why(parts: Parts, topic_id: str, item: Item) -> str:
    found = parts.matcher.diagnose(topic_id, item.title, item.text, item.language)
    return "; ".join(found.missing) or "matches now: its classification is older"


def _share_json(share: Share) -> dict[str, Any]:
    return {
        "value": _rounded(share.value),
        "interval": [_rounded(bound) for bound in share.interval],
        "right": share.count,
        "judged": share.of,
    }


def _recall_json(recall: Recall) -> dict[str, Any]:
    return {
        "value": _rounded(recall.value),
        "interval": [_rounded(bound) for bound in recall.interval],
        "missed": recall.missed.count,
        "judged": recall.missed.of,
        "matched": recall.matched,
        "unmatched": recall.unmatched,
        "weeks": recall.weeks,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _brief(items: Iterable[Item]) -> list[dict[str, Any]]:
    keys = ("id", "title", "url", "language")
    return [{key: getattr(one, key) for key in keys} for one in items]


def _toml(one: Proposal) -> str:
    if isinstance(one.value, float):
        return f"{one.key} = {one.value}"
    # A JSON string of printable characters is a TOML basic string.
    return f"{one.key} = [{', '.join(json.dumps(term, ensure_ascii=False) for term in one.value)}]"


# -- for people -------------------------------------------------------------------------------


def print_review(
    door: Door, done: Review, ask: Sequence[Item], missed: Sequence[Item], why: Mapping[str, str]
) -> None:
    """A review as lines; ``why`` says by item id what a missed one lacks."""
    _print_shares(door, done)
    _print_terms(door, done)
    _print_proposals(door, done)
    _print_missed(door, missed, why)
    _print_ask(door, done, ask)


def _print_shares(door: Door, done: Review) -> None:
    if done.precision.of:
        right, judged = done.precision.count, done.precision.of
        door.say(
            f"Precision {_told(done.precision)}: {right} of {judged} judged matches are right."
        )
    else:
        door.say("Precision: no match of the present definition was judged yet.")
    if done.earlier.of:
        door.say(f"  Earlier definitions: {_told(done.earlier)}, "
                 f"{done.earlier.count} of {done.earlier.of}.")  # fmt: skip
    recall = done.recall
    if recall.value is not None:
        low, high = recall.interval
        door.say(
            f"Recall {recall.value:.2f} (at least 90 %: {low:.2f} to {high:.2f}): of "
            f"{recall.missed.of} unmatched items asked about, {recall.missed.count} missed."
        )
    else:
        door.say("Recall: judge some matches, and some of the unmatched items below.")


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.2f} (95 %: {low:.2f} to {high:.2f})"


def _print_terms(door: Door, done: Review) -> None:
    if done.terms:
        door.say("Terms in wrong matches (items judged wrong, right, not judged):")
    for one in done.terms[:MAX_SHOWN]:
        door.say(f"  “{one.quote}”{_named(one.concept)}: "
                 f"{one.wrong} wrong, {one.relevant} right, {one.unjudged} not judged")  # fmt: skip


def _named(concept: str) -> str:
    """The display name of a concept; an id without one is nobody's business."""
    from crawler.topics.matching import concept_name

    name = concept_name(concept, "en")
    return f" ({name})" if name != concept.replace("*", "") else ""


def _print_proposals(door: Door, done: Review) -> None:
    if not done.proposals:
        return
    door.say(f'Proposed for the topic "{done.topic}"; nothing was changed:')
    for one in done.proposals:
        door.say(f"  {_toml(one)}   removes {one.wrong} wrong, {one.relevant} right "
                 f"and {one.unjudged} unjudged matches")  # fmt: skip
    door.say(f"Once it stands there, see what it does: clusterwatch topics replay {done.topic}")


def _print_missed(door: Door, missed: Sequence[Item], why: Mapping[str, str]) -> None:
    if missed:
        door.say("Said to be missed, and not found:")
    for item in missed[:MAX_SHOWN]:
        door.say(f"  {item.id}  {item.title[:80]}")
        door.say(f"      {why[item.id]}")


def _print_ask(door: Door, done: Review, ask: Sequence[Item]) -> None:
    if not ask:
        door.say("No unmatched item waits to be judged.")
        return
    door.say(
        f"Not found. Were they missed? clusterwatch feedback ID --topic {done.topic} missed|wrong"
    )
    for item in ask:
        day = item.published.day.isoformat() if item.published else "no date   "
        door.say(f"  {item.id}  {day}  {item.title[:80]}")
