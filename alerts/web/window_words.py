"""What a delivery was, in the reader's words: a window's name is for the database."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from alerts.digests.words import Words

_KINDS = {
    "test": "Test message",
    "confirm": "Question whether to confirm",
    "welcome": "First mail",
    "link": "Link to the preferences",
    "leaving": "Link to the preferences",
    "archive": "Link to the archive",
    "corrected": "Correction of a message",
    "incident": "Note to the operator",
}


def window_said(window: str, words: Words, zone: tzinfo) -> str:
    """The day or time of a digest, or what else was sent; ``zone`` is that of the times."""
    kind, colon, rest = window.partition(":")
    if kind == "now" and colon:
        return words.say("Sent early, {when}", when=_when(rest, words, zone))
    if kind in _KINDS and colon:
        return words.say(_KINDS[kind])
    return _when(window, words, zone)


def _when(text: str, words: Words, zone: tzinfo) -> str:
    """A day or a moment as people write it; what is neither stays as it is."""
    try:
        if len(text) == len("2026-11-21"):
            day = date.fromisoformat(text)
            return words.days(day, day)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return minute_said(moment if moment.tzinfo else moment.replace(tzinfo=zone), words, zone)


def minute_said(moment: datetime, words: Words, zone: tzinfo) -> str:
    """A moment in a zone, with the zone's name: "22 Nov 2026, 13:05 CET"."""
    local = moment.astimezone(zone)
    return f"{words.days(local.date(), local.date())}, {local:%H:%M %Z}".rstrip()
