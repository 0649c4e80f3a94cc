"""What a subscriber chooses: the form's fields, checked, and as a subscription."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from starlette.datastructures import FormData

from alerts.digests.words import languages as digest_languages
from alerts.web.site import Site
from crawler.model.subscription import Subscription
from crawler.model.topic import TopicDefinition

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RHYTHMS = ("daily", "weekdays", "weekly")
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_MOST = 100  # entries of one field


@dataclass(frozen=True, slots=True)
class Choice:
    """One filled form; ``problems`` says by field what is wrong with it."""

    address: str = ""
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    rhythm: str = "daily"
    day: str = "mon"
    time: str = "08:00"
    timezone: str = ""
    words: str = "en"
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def schedule(self) -> str:
        """As the configuration writes it."""
        if self.rhythm == "weekly":
            return f"weekly {self.day} {self.time}"
        return f"{self.rhythm} {self.time}"

    def subscription(self, identity: str) -> Subscription:
        """As a subscription by mail."""
        return Subscription(
            id=identity,
            to=f"email:{self.address}",
            topics=self.topics or ("*",),
            languages=self.languages,
            schedule=self.schedule,
            timezone=self.timezone,
            digest_language=self.words,
        )

    def columns(self) -> dict[str, Any]:
        """What changes in a subscription that exists."""
        return {
            "topics": self.topics or ("*",),
            "languages": self.languages,
            "schedule": self.schedule,
            "timezone": self.timezone,
            "digest_language": self.words,
        }


def chosen(site: Site, form: FormData, *, address: str | None = None) -> Choice:
    """The form as a choice; ``address`` is given where it is known already."""
    known = {topic.id for topic in site.parts.crawler.topics}
    given = str(form.get("address", "")).strip() if address is None else address
    choice = Choice(
        address=given[: _LONGEST_ADDRESS + 1],
        topics=tuple(one for one in _list(form, "topics") if one in known),
        languages=tuple(one for one in _list(form, "languages") if one.isalpha() and len(one) == 2),
        rhythm=_one(form, "rhythm", RHYTHMS),
        day=_one(form, "day", DAYS),
        time=str(form.get("time", "08:00"))[:5],
        timezone=_one(form, "timezone", zones(), site.settings.clusterwatch.timezone),
        words=_one(form, "words", digest_languages(), "en"),
    )
    return Choice(
        **{name: getattr(choice, name) for name in Choice.__slots__ if name != "problems"},
        problems=_problems(choice, form, address is None),
    )


def choice_of(one: Subscription) -> Choice:
    """What a subscription chose, as the form shows it."""
    rhythm, *rest = one.schedule.split()
    weekly = rhythm == "weekly" and len(rest) == 2
    simple = weekly or (rhythm in RHYTHMS and len(rest) == 1)
    return Choice(
        address=one.address,
        topics=() if one.topics == ("*",) else one.topics,
        languages=one.languages,
        rhythm=rhythm if simple else "daily",
        day=rest[0].lower()[:3] if weekly else "mon",
        time=rest[-1].zfill(5) if simple else "08:00",
        timezone=one.timezone,
        words=one.digest_language,
    )


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Time zones named by region and city, and UTC."""
    regions = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    named = [one for one in available_timezones() if one.partition("/")[0] in regions]
    return ("UTC", *sorted(named))


def topic_name(topic: TopicDefinition, language: str) -> str:
    """A topic's display name in a language."""
    return topic.names.get(language) or topic.name or topic.id


def _problems(choice: Choice, form: FormData, with_address: bool) -> dict[str, str]:
    """By field, in English: the page says it in its language."""
    from email_validator import EmailNotValidError, validate_email

    found = {}
    if with_address:
        try:
            validate_email(
                choice.address,
                allow_smtputf8=False,  # mails are written to ASCII local parts alone
                check_deliverability=False,
                test_environment=True,
            )
        except EmailNotValidError:
            found["address"] = "Please enter an e-mail address such as name@example.org."
    if not _is_time(choice.time):
        found["time"] = "Please enter a time such as 08:00."
    if "all" not in form and not choice.topics:
        found["topics"] = "Please choose at least one topic."
    return found


def _is_time(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    return (
        bool(colon)
        and hours.isdecimal()
        and minutes.isdecimal()
        and len(minutes) == 2
        and int(hours) < 24
        and int(minutes) < 60
    )


def _list(form: FormData, name: str) -> list[str]:
    return list(dict.fromkeys(str(one)[:64] for one in form.getlist(name)[:_MOST]))


def _one(form: FormData, name: str, allowed: Sequence[str], default: str = "") -> str:
    given = str(form.get(name, ""))
    return given if given in allowed else (default or allowed[0])
