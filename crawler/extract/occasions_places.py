"""Where something takes place, as the words around its day say it; "" rather than a guess.

A place is a name behind "in", "at" and the like that stands beside the day, behind a label
("Ort: …"), or behind a comma at a line's end.
"""

from __future__ import annotations

import re

from crawler.extract.dates_words import MONTHS, WEEKDAYS
from crawler.extract.occasions_words import EVENT_WORDS, HAPPENS, PLACE_LABEL

_MOST_CHARACTERS = 80
_NAME = r"[A-ZÄÖÜÅÆØÉÈÎÓÚŁŚŻČŘŠŽ][\w'’&-]{0,40}"
_LINK = (
    r"(?:of|the|am|an|an\sder|an\sden|auf\sder|der|des|den|dem|de|du|la|le|les|in|im|and|und|et|og|"
    r"i|på|dei|di|del|della|van|zu|ob|bei|near|sur|en|für|for|am\sMain)"
)
# French houses are called after what is in them, in small letters.
_HOUSE = r"(?:Palais|Maison|Cité|Hôtel|Salle|Centre|Musée|Halle|Parc|Espace|Théâtre|Chambre)"
_PLACE = (
    rf"(?P<place>(?:{_HOUSE} (?:de |des |du |d['’])[a-zéèêç]{{2,20}} (?:de |du |d['’]|à )?)?"
    rf"{_NAME}(?:[ -](?:{_LINK}[ ]){{0,2}}(?:{_NAME}|\d{{1,3}}(?![\w.:]))){{0,5}})"
)
_IN = (
    r"(?:in|in\sthe|im|in\sder|at|at\sthe|am|an\sder|auf\sder|auf\sdem|i|på|ved|à|à\sla|à\sl['’]|au|"
    r"aux|en|en\sel|en\sla|w|we|a|presso|hos|te|op|nach|to|v|ve|bei|bei\sder)"
)
_BEHIND = re.compile(rf"^[ ,)]{{0,3}}(?:statt[ ,]{{1,2}})?{_IN} ?(?<=[\s'’]){_PLACE}")
_BEFORE = re.compile(
    rf"(?:^|[\s(]){_IN} ?(?<=[\s'’]){_PLACE}[ ,(]{{1,3}}(?:(?:on|am|vom|von|den|d\.|le|du|from|fra|"
    rf"fra den|op|el|dal|il|dnia) )?(?:[^\W\d_]{{2,10}},? (?:den )?)?$"
)
_BETWEEN = re.compile(rf"^[ ,]{{1,2}}(?P<said>[^\d.;:!?]{{2,80}}?) {_IN} ?(?<=[\s'’]){_PLACE}")
_COMMA = re.compile(rf"^[ ,)]{{0,2}}(?:,|–|\||·|in) {_PLACE}(?=\s*(?:$|[.,;(\n]))")
_LAST = re.compile(rf", {_PLACE}\.?\s*$")
_ONLINE = re.compile(
    r"(?<!\w)(?:held|place|statt|findet|afholdes|tiendra|lieu|foregår)\s(?:\w{2,10}\s)?"
    r"(?P<place>online|virtuell|virtuelt|digital|digitalt|en\sligne)(?!\w)",
    re.IGNORECASE,
)
_KOREAN = re.compile(r"^\S{0,3}\s?(?P<place>[가-힣A-Za-z]{2,20})에서")
# German nouns begin with a capital too; these name no place.
_ABSTRACT = re.compile(
    r"(?:ung|ungen|heit|keit|schaft|arbeit|ion|ionen|tät|rahmen|form|foren|anschluss|kooperation|"
    r"jahr|jahre|minuten|stunden|uhr|tagen|wochen|monat|regel|workshops?|vorträgen|seminar|english|"
    r"englisch|deutsch|dansk|march|total|french|german|danish|korean|spanish|dutch|italian|anglais|"
    r"allemand|französisch|koreanisch|engelsk|tysk)$",
    re.IGNORECASE,
)


def place_near(before: str, after: str, *, capitals: bool) -> str:
    """The place that the words before or after a day name, "" where they name none.

    ``capitals``: every noun begins with one (German), so that only what stands close counts.
    """
    if found := _KOREAN.match(after):
        return found["place"]
    for pattern in (_BEHIND, _BEFORE):
        text = before if pattern is _BEFORE else after
        if (match := pattern.search(text)) and (place := _named(match["place"])):
            return place
    if online := _ONLINE.search(before[-60:] + after[:60]):
        return online["place"].lower()
    match = _BETWEEN.match(after)
    if match and (not capitals or _is_about(match["said"])):
        return _named(match["place"])
    return ""


def place_in_line(after: str) -> str:
    """The place in a line that is little more than a day and what happens."""
    found = _COMMA.match(after) or _LAST.search(after)
    return _named(found["place"]) if found else ""


def labelled_place(text: str) -> str:
    """What stands behind "Ort:", "Venue:" and the like, up to its comma or the sentence's end."""
    match = PLACE_LABEL.search(text)
    if match is None:
        return ""
    return re.split(r",\s|[.!?](?:\s|$)", match["place"].strip(), maxsplit=1)[0].strip()[
        :_MOST_CHARACTERS
    ]


def _is_about(said: str) -> bool:
    """Whether the few words between day and place are what happens there."""
    small = said.lower()
    return len(said.split()) <= 4 and bool(HAPPENS.search(small) or EVENT_WORDS.search(small))


def _named(place: str) -> str:
    words = place.strip(" ,.-").split(" ")
    first = words[0].casefold()
    if first in MONTHS or first in WEEKDAYS or _ABSTRACT.search(words[0]) or len(words[0]) < 2:
        return ""
    return " ".join(words)[:_MOST_CHARACTERS]
