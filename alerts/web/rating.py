"""A digest's stories with Useful and Not for us beside each, opened by the link at its foot.

Looking changes nothing, since scanners open every link; what is pressed counts once, and the
last thing pressed counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_string, policy
from html import unescape

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.digests.story import digest_story, item_link
from alerts.web.archive_telling import site_reader
from alerts.web.rendering import render
from alerts.web.security import posted
from alerts.web.site import Site, site_of
from alerts.web.words import language_of
from crawler.errors import StorageError, SubscriptionError, UsageError
from crawler.judging import judge_once, withdraw
from crawler.model.delivery import Delivery
from crawler.model.digest import DigestStory, SelectedStory
from crawler.model.item import Item
from crawler.model.subscription import Subscription
from crawler.model.topic import Match
from crawler.storage.delivered import DeliveredStore
from crawler.storage.feedback import FeedbackStore
from crawler.stories.face import lead

_JUDGEMENTS = {"useful": "relevant", "wrong": "wrong"}
_MOST_STORIES = 200
_LINK = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Judged:
    """One story of the page and what was said about it from here."""

    item: Item  # the telling that is shown
    match: Match | None  # the topic that is judged; None: there is nothing to judge
    told: DigestStory
    topic: str  # its name
    said: str = ""  # "useful", "wrong"; "" for nothing yet


def routes() -> list[Route]:
    """``/rate/TOKEN``."""
    return [
        Route("/rate/{token}", page, methods=["GET"]),
        Route("/rate/{token}", posted(act), methods=["POST"]),
    ]


def page(request: Request) -> Response:
    """The stories; nothing is noted."""
    site = site_of(request)
    delivery, one = _opened(request)
    stories = _stories(site, delivery, one, language_of(request))
    return render(request, "rating.html", stories=stories, token=_token(request))


def act(request: Request, form: FormData) -> Response:
    """Note what was pressed, or take it back; then the page again, at that story."""
    site = site_of(request)
    delivery, one = _opened(request)
    chosen, done = str(form.get("item", "")), str(form.get("do", ""))
    found = {story.item.id: story for story in _stories(site, delivery, one, "en")}
    story, parts = found.get(chosen), site.parts.crawler
    if story is None or story.match is None:
        raise UsageError("This story does not stand in the digest.")
    topic, by = story.match.topic, _by(site, one)
    if done in _JUDGEMENTS:
        judge_once(
            parts.database, parts.topics, chosen, topic, _JUDGEMENTS[done], by=by, now=site.clock()
        )
    elif done == "undo":
        withdraw(parts.database, chosen, topic, by=by)
    return RedirectResponse(f"{site.path}/rate/{_token(request)}#s{chosen}", status_code=303)


def _opened(request: Request) -> tuple[str, Subscription]:
    """The delivery and the subscription a link opens. SubscriptionError for a wrong link."""
    site = site_of(request)
    subject = site.parts.signer.read("rate", _token(request), now=site.clock())
    delivery, _, subscription = subject.partition("\n")
    return delivery, site.parts.subscription_store.get(subscription).subscription


def _stories(site: Site, delivery: str, one: Subscription, language: str) -> list[Judged]:
    """What the digest brought, in its order. SubscriptionError where nothing is left."""
    parts = site.parts.crawler
    places = _places(site, delivery)
    brought = DeliveredStore(parts.database).of(delivery, one.id)
    hows = dict(brought)
    groups: dict[str, list[Item]] = {}
    for item in parts.items.by_ids([item for item, _ in brought]):
        groups.setdefault(item.story or item.id, []).append(item)
    if not groups:
        raise SubscriptionError(
            "The stories of this digest are not there any more.",
            remedy="Those of the latest digest can still be judged.",
        )
    chosen = [_selected(tellings, one) for tellings in groups.values()]
    chosen.sort(key=lambda story: _order(story, hows[story.lead.id], places, one))
    reader = site_reader(site, language)
    said = FeedbackStore(parts.database).by(_by(site, one), list(hows))
    words = {judgement: word for word, judgement in _JUDGEMENTS.items()}
    found = []
    for story in chosen[:_MOST_STORIES]:
        match = story.match
        before = said.get((story.lead.id, match.topic)) if match else None
        found.append(
            Judged(
                story.lead, match, digest_story(story, reader),
                reader.topic_name(match.topic) if match else "",
                words.get(before.judgement, "") if before else "",
            )
        )  # fmt: skip
    return found


def _selected(tellings: Sequence[Item], one: Subscription) -> SelectedStory:
    shown = lead(tellings, one.digest_language)
    matches = [
        match
        for item in (shown, *tellings)
        for match in item.topics
        if not match.quiet and ("*" in one.topics or match.topic in one.topics)
    ]
    match = max(matches, key=lambda found: (found.score, found.topic), default=None)
    own = [found for found in shown.topics if match and found.topic == match.topic]
    others = tuple(item for item in tellings if item is not shown)
    return SelectedStory(
        shown.story or shown.id, shown, own[0] if own else match, also_in=others,
        score=match.score if match else 0.0,
    )  # fmt: skip


def _order(
    story: SelectedStory, how: str, places: Mapping[str, int], one: Subscription
) -> tuple[int, bool, int, str, float, str]:
    """As the digest does while it is kept; then by topic, as the subscription names them."""
    links = (item_link(item) for item in (story.lead, *story.also_in))
    place = min((places[link] for link in links if link in places), default=len(places))
    topic = story.match.topic if story.match else "~"
    rank = one.topics.index(topic) if topic in one.topics else len(one.topics)
    return (place, how == "rolled_up", rank, topic, -story.score, story.story)


def _places(site: Site, delivery: str) -> dict[str, int]:
    try:
        return places_in(site.parts.deliveries.get(delivery))
    except StorageError:  # it is no longer kept
        return {}


def places_in(delivery: Delivery) -> dict[str, int]:
    """Where each address stands in a message, by its number; empty where it is no longer kept."""
    if delivery.channel == "email":
        message = message_from_string(delivery.payload, policy=policy.default)
        body = message.get_body(("plain",))
        found = str(body.get_content()).split() if body else []
    else:
        found = [unescape(one) for one in _LINK.findall(delivery.payload)]
    return {address: number for number, address in reversed(list(enumerate(found)))}


def _by(site: Site, one: Subscription) -> str:
    """Who judges here: whoever holds the link; no address, no name."""
    return f"web:{site.parts.signer.mark('rate', one.id)}"


def _token(request: Request) -> str:
    return str(request.path_params["token"])
