"""What a short text on a listing is: a date, a heading, a label."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.extract.dates_grammar import readings
from crawler.extract.dates_words import MONTHS
from crawler.extract.listing_document import Document
from crawler.extract.listing_words import plain, vocabulary
from crawler.extract.listing_words_further import AROUND_DATES

# Danish and Swedish pages write 18/03 2024 and 18/3-2024; a box with a large day, 18 03.2024.
_SPACED = re.compile(
    r"(?<![\d/.])(\d{1,2})(?:[/.](\d{1,2})[ -]{1,2}|\s(\d{1,2})[./])((?:19|20)\d\d)(?!\d)"
)
# What stands beside a date and counts: "Views: 278", "Kommentare: 3".
_COUNTER = re.compile(r"(?:^|\s)[^\W\d_]{3,20}(?:\s[^\W\d_]{3,20})?:\s?\d{1,7}(?=\s|$)")
_SET_OFF = frozenset(" )]-–—:|·•,")
LABEL_ENDS = (":", "|", "–", "—", "-", "•", "·", "»", ">", "]")  # of what stands before a title
_STOP = frozenset(",.:;|–—-·•/)]>")  # what ends a place or a label before a date
_SHORT = 40  # characters up to which a two-digit year can only be a date
_TO = re.compile(
    r"\s*(?:[-–—~～]|bis(?: zum)?|to|until|till?|au|al|do|t/m)\s*(?:[^\W\d]{2,10}[.,]?\s)?", re.I
)
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"[01]?\d:[0-5]\d|2[0-3]:[0-5]\d|(?:[01]?\d|2[0-3])[.:h][0-5]\d (?:Uhr|h)")
_LETTERS = re.compile(r"[^\W\d_]+")
_FIGURES = re.compile(r"\d{1,7}(?:\s?[-–+:/x×=&]\s?\d{1,7}){1,8}[!?]?")
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff]")
_MOST_UNSPACED = 6  # characters of such scripts beside a date: a label or a weekday
_SHORT_WORD = 3  # letters; no title consists of such words
_AUTHOR = re.compile(r"\b(?:by|von|par|af|av|door|por|da|di)\b.{0,60}")
_AROUND_DATES = vocabulary(AROUND_DATES) | vocabulary(
    """monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag
    freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche mandag
    tirsdag onsdag torsdag fredag loerdag soendag maandag dinsdag woensdag donderdag vrijdag
    zaterdag zondag lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi
    giovedi venerdi sabato domenica segunda terca quarta quinta sexta feira poniedzialek wtorek
    sroda czwartek piatek sobota niedziela mandag lordag sondag maanantai tiistai keskiviikko
    torstai perjantai lauantai sunnuntai ponedeli utery streda ctvrtek patek sobota nedele
    posted published updated dated date written added created uploaded last modified news press
    release veroeffentlicht erschienen erstellt datum meldung pressemitteilung aktualisiert stand
    publie publiee paru ecrit actualite offentliggjort udgivet publisert publicerad skrevet oprettet
    gepubliceerd geplaatst publicado publicada fecha pubblicato data aggiornato opublikowano dodano
    julkaistu vydano zverejneno nyhed nyhet article artikel uncategorized admin redaktion comments
    comment kommentare"""
)
_BEFORE_DATES = _AROUND_DATES | vocabulary(
    """geschrieben eingetragen verfasst scritto scritta inserito redige redigee poste ligne escrito
    postado geschreven presseinformation presseinfo medienmitteilung medieninformation presse
    aktuelles communique kategorie rubrik category categorie categoria"""
)
# "Berlin, den 12. November 2026"; and what begins a sentence rather than a dateline where the
# words behind the day go on small: "Am 3. November 2026 startete".
_OF_PLACE = re.compile(r",\s?(?:den|am|le|il|el|on|dnia|d\.)\s?$", re.I)
_ON = frozenset(("am", "on", "le", "il", "el", "em", "op", "den", "dnia"))
_NORDIC = str.maketrans("øæłđß\xa0", "oalds ")
_RELATIVE = re.compile(
    r"\b(?:vor|il y a|hace|ha)\s(?:\d+|ein\w*|une?|un[ao]?)\s\w+|\b(?:\d+|an?)\s(?:second|minute|"
    r"hour|day|week|month|minut|time|dag|uge|maaned|giorn|or[ae]|sekund)\w*\s(?:ago|siden|fa|sedan)"
    r"|^(?:heute|gestern|vorgestern|today|yesterday|hier|aujourd'hui|oggi|ieri|hoy|ayer|"
    r"i dag|i gaar)\b"
)
_YEARLESS = re.compile(
    r"(?<![\d.:])(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s-]{0,2}(?:de )?(?P<m>[^\W\d_]{3,12})\.?$|"
    r"^(?P<m2>[^\W\d_]{3,12})\.?\s{1,2}(?P<d2>\d{1,2})(?:st|nd|rd|th)?$|"
    r"(?<![\d.:])(?P<d3>\d{1,2})\.\s?(?P<m3>\d{1,2})\.$|"
    r"^[\[(]?(?P<m4>\d\d)-(?P<d4>\d\d)[\])]?$|^(?P<m5>\d{1,2})월\s?(?P<d5>\d{1,2})일$|"
    r"^(?P<m6>\d{1,2})月\s?(?P<d6>\d{1,2})日$"
)


@lru_cache(maxsize=20_000)
def find_date(text: str) -> str:
    """The first full or relative date in a text as written, else ""."""
    if not _DIGIT.search(text):
        return text if len(text) < 20 and _RELATIVE.search(_fold(text)) else ""
    for reading in readings(text[:300]):
        if not reading.short_year or len(text) <= _SHORT:
            return text[reading.start : reading.end]
    spaced = _SPACED.search(text[:300])
    if spaced:
        return spaced[0]
    return text if len(text) < _SHORT and _RELATIVE.search(_fold(text)) else ""


def customary(date: str) -> str:
    """A date in the form our grammar reads: 18/03 2024 becomes 18.03.2024."""
    return _SPACED.sub(lambda m: f"{m[1]}.{m[2] or m[3]}.{m[4]}", date)


def _fold(text: str) -> str:
    """Lower case without accents, character for character, so that offsets stay."""
    if text.isascii():
        return text.lower()
    return "".join(_bare(character) for character in text)


@lru_cache(maxsize=4_000)
def _bare(character: str) -> str:
    lowered = character.lower()[:1].translate(_NORDIC)
    split = unicodedata.normalize("NFD", lowered)
    # Hangul splits into jamo that are no accents: it stays whole.
    return split[0] if len(split) > 1 and unicodedata.combining(split[1]) else lowered


def date_like(text: str) -> bool:
    """Whether a short text is mostly a date."""
    if not text or len(text) > 60:
        return False
    found = find_date(text)
    return bool(found) and len(found) * 2 + 12 >= len(_COUNTER.sub("", text))


def only_date(text: str) -> bool:
    """Whether a text is a date and names nothing else: "Party on 4 May 2026" is a title."""
    if not date_like(text):
        return False
    rest = plain(text.replace(find_date(text), " ", 1))
    if len(_UNSPACED.findall(rest)) > _MOST_UNSPACED:
        return False
    named = [word for word in _LETTERS.findall(_AUTHOR.sub(" ", rest)) if len(word) > _SHORT_WORD]
    return all(word in _AROUND_DATES or word in MONTHS for word in named)


def in_sentence(text: str, date: str) -> bool:
    """Whether a date goes on in the words of a sentence that began before it: "The assembly of
    24 June 2021 elected". A place, an author or "published" before it make it a dateline."""
    before, _, after = text.partition(date)
    if not after[:1].isspace() or not after.lstrip()[:1].isalpha() or before.rstrip()[-1:] in _STOP:
        return False
    if _OF_PLACE.search(before):
        return False
    if before.strip().lower() in _ON:
        return after.lstrip()[:1].islower()
    told = _LETTERS.findall(_AUTHOR.sub(" ", plain(before)))
    return any(len(word) > _SHORT_WORD and word not in _BEFORE_DATES for word in told)


def undated_title(title: str) -> tuple[str, str]:
    """A title without the date set off before or behind it, and that date; "" where none is.

    A date that is part of the sentence stays: "report of the meeting of 12 May 2017".
    """
    found = find_date(title) if len(title) > 15 else ""
    if not found or not _DIGIT.search(found):
        return title, ""
    place = title.index(found)
    before, after = title[:place], title[place + len(found) :]
    if not before.strip(" ([") and (rest := after.lstrip(" )]")) and after[:1] in _SET_OFF:
        bare = rest.lstrip("-–—:|·•,./ ")
        return (bare, found) if len(bare) > 3 else (title, "")
    if not after.strip(" )].") and before.rstrip()[-1:] in "-–—|·•([/":
        bare = before.rstrip(" -–—|·•([/")
        return (bare, found) if len(bare) > 3 else (title, "")
    return title, ""


def yearless_date(text: str) -> tuple[int, int] | None:
    """Day and month of a text that gives both and no year, such as "18. März"."""
    found = _YEARLESS.search(text) if len(text) < 30 else None
    if found is None:
        return None
    digits = next((n for n in "3456" if found[f"d{n}"]), "")
    if digits:
        day, month = int(found[f"d{digits}"]), int(found[f"m{digits}"])
    else:
        day = int(found["d"] or found["d2"])
        name = (found["m"] or found["m2"]).lower()
        month = MONTHS.get(name) or MONTHS.get(_fold(name)) or 0
    return (day, month) if 1 <= day <= 31 and 1 <= month <= 12 else None


@lru_cache(maxsize=20_000)
def is_span(text: str) -> bool:
    """Whether a text's first date is the beginning of a time: "1 May 2024 – 31 May 2026"."""
    found = readings(text[:300])
    return len(found) > 1 and bool(_TO.fullmatch(text[found[0].end : found[1].start]))


def is_clock(text: str) -> bool:
    """Whether a text is a time of day alone, as tickers print it."""
    return len(text) < 12 and bool(_CLOCK.fullmatch(text))


def is_figures(text: str) -> bool:
    """Whether a text is a title of figures, "10 + 2": no date, no time of day, no bare number."""
    return (
        bool(_FIGURES.fullmatch(text))
        and not find_date(text)
        and not is_clock(text)
        and yearless_date(text) is None
    )


def has_heading(document: Document, index: int) -> bool:
    """Whether a node is a heading or holds one."""
    return document.heading_count(index) > 0
