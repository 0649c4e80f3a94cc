"""How a source is doing, in the reader's words and language; names nobody and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from alerts.digests.words import Words

# By cause of a failure: what is wrong with the site, and what becomes of it.
_AGAIN = "It is tried again by itself."
_MENDED = "Whoever runs this page can mend it."
_OWNERS = "Only the site's owner can change that."
_CAUSES = {
    "timeout": ("The site does not answer in time.", _AGAIN),
    "connect": ("The site cannot be reached.", _AGAIN),
    "dns": ("The site's name leads nowhere.", _AGAIN),
    "body": ("The site's answer breaks off.", _AGAIN),
    "http": ("The site answers with an error.", _AGAIN),
    "busy": ("The site asks us to come less often.", _AGAIN),
    "tls": ("The site's certificate is not valid.", _OWNERS),
    "extract": ("The page cannot be read any more.", _MENDED),
    "empty": ("The page lists no news any more.", _MENDED),
    "size": ("The page is too large.", _MENDED),
    "redirect": ("The page is no longer where it was.", _MENDED),
    "moved": ("The page is no longer where it was.", _MENDED),
    "missing": ("The page is no longer where it was.", _MENDED),
    "gone": ("The page is no longer where it was.", _MENDED),
    "login": ("The page asks for a login.", _OWNERS),
    "consent": ("The site turns automatic readers away.", _OWNERS),
    "bot": ("The site turns automatic readers away.", _OWNERS),
    "blocked": ("The site turns automatic readers away.", _OWNERS),
    "robots": ("The site's rules for automatic readers exclude us.", _OWNERS),
    "refused": ("The address is not on the public internet.", _MENDED),
}
_OTHER = ("Something is wrong with the site.", _AGAIN)
# By health: its word, and the tone it is shown in.
_WORDS = {
    "ok": ("Works", "good"),
    "new": ("Not checked yet", ""),
    "failing": ("Out of order", "bad"),
    "quiet": ("Unusually silent", "warn"),
    "frozen": ("Unusually silent", "warn"),
    "paused": ("Paused", ""),
    "disabled": ("Switched off", ""),
    "undeclared": ("No longer listed", ""),
}
_ONES = {604_800: "every week", 86_400: "every day", 3_600: "every hour", 60: "every minute"}
TROUBLE = ("failing", "frozen", "quiet")
_CHANNELS = {"slack": "Slack", "email": "e-mail"}


@dataclass(frozen=True, slots=True)
class Told:
    """One source's health as it is shown."""

    word: str
    tone: str  # good warn bad, or "" for neither
    why: str = ""  # what is wrong
    then: str = ""  # what becomes of it


def told(one: Mapping[str, Any], words: Words) -> Told:
    """A source of ``alerts.health.watching`` in words."""
    say = words.say
    word, tone = _WORDS.get(one["health"], ("Something is wrong with the site.", "warn"))
    if one["health"] == "failing":
        why, then = _CAUSES.get(one["cause"] or "", _OTHER)
        return Told(say(word), tone, say(why), say(then))
    if one["health"] in ("quiet", "frozen") and one["silence"]:
        return Told(say(word), tone, _silence(one, words), say("It is looked at as before."))
    return Told(say(word), tone)


def _silence(one: Mapping[str, Any], words: Words) -> str:
    silence = one["silence"]
    usual = max(1, round(silence["usual_days"]))
    said = words.count("No news for {count} day;", "No news for {count} days;", silence["days"])
    often = (
        words.say("usually there is some every day.")
        if usual == 1
        else words.say("usually there is some every {days} days.", days=usual)
    )
    still = words.say("The page has not changed at all since.") if one["health"] == "frozen" else ""
    return f"{said} {often} {still}".strip()


def rhythm(seconds: int, words: Words) -> str:
    """How often a source is looked at: "every hour", "every 6 hours"."""
    from babel.dates import format_timedelta

    unit = next((one for one in _ONES if seconds >= one), 0)
    if unit and round(seconds / unit) == 1:
        return words.say(_ONES[unit])
    span = format_timedelta(timedelta(seconds=seconds), threshold=1.0, locale=words.language)
    return words.say("every {span}", span=span)


def incident(key: str, names: Mapping[str, str], words: Words) -> str:
    """An incident as readers may know it: neither recipients nor addresses.

    ``names``: of sources by id.
    """
    kind, _, which = key.partition(":")
    if kind == "source":
        return words.say("{name} is out of order.", name=names.get(which, which))
    if kind == "network":
        return words.say("Our own network is down: no site can be looked at.")
    if kind in _CHANNELS:
        return words.say("Some messages by {way} are late.", way=_CHANNELS[kind])
    return words.say("Something here needs attention.")
