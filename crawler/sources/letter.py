"""A ready letter to the owner of a site that turns us away, with the facts it needs (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from urllib.parse import urlsplit

from crawler.model.source import Source, SourceState

LANGUAGES = ("en", "de", "da")
_OFTEN = {
    "en": ("every {count} minutes", "every {count} hours", "once a day"),
    "de": ("alle {count} Minuten", "alle {count} Stunden", "einmal am Tag"),
    "da": ("hvert {count}. minut", "hver {count}. time", "én gang om dagen"),
}
_UNKNOWN = {"en": "not known", "de": "nicht bekannt", "da": "ukendt"}
_NO_CONTACT = {
    "en": "(please fill in: [crawl] contact is not set)",
    "de": "(bitte ergänzen: [crawl] contact ist nicht gesetzt)",
    "da": "(udfyld venligst: [crawl] contact er ikke sat)",
}
_PROBLEMS = {
    "bot": ("a check for robots", "eine Prüfung auf Roboter", "en kontrol for robotter"),
    "robots": ("robots.txt forbids the page", "robots.txt verbietet die Seite",
               "robots.txt forbyder siden"),
    "blocked": ("the request is refused", "die Anfrage wird abgewiesen",
                "forespørgslen afvises"),
    "login": ("a login is asked for", "ein Login wird verlangt", "der kræves login"),
    "consent": ("a question about cookies instead of the page",
                "eine Frage nach Cookies anstelle der Seite",
                "et spørgsmål om cookies i stedet for siden"),
}  # fmt: skip
LETTERS_FOR = frozenset(_PROBLEMS)  # kinds of failure that its owner could end
_OTHERWISE = ("the page cannot be read", "die Seite kann nicht gelesen werden",
              "siden kan ikke læses")  # fmt: skip
_COMMAND = re.compile(r": clusterwatch (?:detect|sources show) \S+ --letter")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and how politely we read."""

    user_agent: str
    contact: str
    every: timedelta
    delay: timedelta  # between two requests


def letter(source: Source, state: SourceState, sender: Sender, language: str = "en") -> str:
    """The letter in ``language``, English where we have none in it; ends with a line break."""
    code = language if language in LANGUAGES else "en"
    parts = urlsplit(source.url)
    template = (files("crawler.sources") / "letters" / f"{code}.txt").read_text("utf-8")
    return template.format(
        host=parts.hostname or source.url,
        name=source.name,
        url=source.url,
        path=parts.path or "/",
        problem=_PROBLEMS.get(state.error_kind, _OTHERWISE)[LANGUAGES.index(code)],
        since=_day(state.failing_since, code),
        user_agent=sender.user_agent,
        often=_often(state.interval or source.every or sender.every, code),
        delay=f"{max(1, round(sender.delay.total_seconds()))} s",
        contact=sender.contact.removeprefix("mailto:") or _NO_CONTACT[code],
    )


def beside_letter(remedy: str) -> str:
    """What to do about a site that turns us away, where the letter itself can be had beside it
    and nobody needs the command that writes it."""
    return _COMMAND.sub("", remedy)


def _often(every: timedelta, code: str) -> str:
    minutes, hours, daily = _OFTEN[code]
    if every >= timedelta(hours=20):
        return daily
    if every >= timedelta(hours=2):
        return hours.format(count=round(every / timedelta(hours=1)))
    return minutes.format(count=max(1, round(every / timedelta(minutes=1))))


def _day(moment: datetime | None, code: str) -> str:
    return f"{moment:%Y-%m-%d}" if moment else _UNKNOWN[code]
