"""The words of our messages in each language: catalogues, plural forms, dates, language names.

A language is a folder ``locale/<language>/LC_MESSAGES`` with a ``clusterwatch.po``; adding
one needs no code. Catalogues are compiled when they are first asked for, so that a wheel
needs no build step.
"""

from __future__ import annotations

import gettext
import io
import re
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from babel import Locale

DEFAULT_LANGUAGE = "en"
_DAYS = {"de": "EEE, d. MMM", "da": "EEE d. MMM"}  # a day's number is an ordinal there
_FIGURES = re.compile(r"[\d\s,→-]+")
_MONTH_AND_DAY = re.compile(r"(?<![\d-])(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\d-])")
_REGIONS = {"en": "en_GB"}  # dates as Europe writes them: 20 Sept 2018


class Said(str):
    """A message with its values: English as it stands, and ``Words.told`` says it in others."""

    message: str
    values: dict[str, object]

    def __new__(cls, message: str, **values: object) -> Said:
        said = super().__new__(cls, message.format(**values) if values else message)
        said.message, said.values = message, values
        return said


class Words:
    """One language's words; ``{name}`` in a message is filled from keyword arguments."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations, locale: Locale) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = locale

    def over(self, own: gettext.NullTranslations) -> Words:
        """The same words with another catalogue that is asked first."""
        own.add_fallback(self._catalogue)
        return Words(self.language, own, self._locale)

    def say(self, message: str, **values: object) -> str:
        """``message`` (English, the catalogue's key) in this language."""
        said = self._catalogue.gettext(message)
        return said.format(**values) if values else said

    def told(self, text: str) -> str:
        """What ``Said`` holds in this language, the values too; any other text as it is."""
        if not isinstance(text, Said):
            return text
        values = text.values.items()
        told = {key: self.told(one) if isinstance(one, str) else one for key, one in values}
        return self.say(text.message, **told)

    def count(self, one: str, many: str, count: int, **values: object) -> str:
        """The plural form for ``count``, which fills ``{count}``."""
        return self._catalogue.ngettext(one, many, count).format(count=count, **values)

    def long_date(self, day: date) -> str:
        """Day and month in full: "21 November"."""
        return self._date("MMMMd", day)

    def short_date(self, day: date, today: date) -> str:
        """Day and month, with the year unless it is ``today``'s: "20 Sept 2018", "21 Nov"."""
        return self._date("MMMd" if day.year == today.year else "yMMMd", day)

    def days(self, first: date, last: date) -> str:
        """A day or a stretch of days with the year: "14 Jan 2027", "6–7 May 2027"."""
        from babel.dates import format_interval

        if first == last:
            return self._date("yMMMd", first)
        return format_interval(first, last, "yMMMd", locale=self._locale)

    def change(self, text: str) -> str:
        """What changed of an item (``stories.changes``): days that were exchanged as this
        language writes them, "14 Apr → 21 Apr"; words as they are."""
        if not _FIGURES.fullmatch(text):
            return text
        return _MONTH_AND_DAY.sub(self._month_and_day, text)

    def weekday(self, number: int) -> str:
        """A day's name; 0 is Monday."""
        return str(self._locale.days["stand-alone"]["wide"][number])

    def due(self, moment: datetime, zone: str) -> str:
        """When a digest comes, in its subscriber's zone: "Mon 24 Nov, 08:00"."""
        from babel.dates import format_datetime

        local = moment.astimezone(ZoneInfo(zone))
        day = _DAYS.get(self.language, "EEE d MMM")
        return format_datetime(local, f"{day}, HH:mm", locale=self._locale)

    def until(self, start: datetime, end: datetime, zone: str) -> str:
        """When something ended that began at ``start``: the time alone on the same day."""
        from babel.dates import format_time

        tz = ZoneInfo(zone)
        if start.astimezone(tz).date() != end.astimezone(tz).date():
            return self.due(end, zone)
        return format_time(end.astimezone(tz), "HH:mm", locale=self._locale)

    def language_name(self, code: str) -> str:
        """The language's name in this language; its code where no name is known."""
        return str(self._locale.languages.get(code) or code)

    def listed(self, names: list[str]) -> str:
        """Names joined as this language enumerates: "A, B and C"."""
        from babel.lists import format_list

        return format_list(names, locale=self._locale)

    def _month_and_day(self, found: re.Match[str]) -> str:
        try:
            return self._date("MMMd", date(2000, int(found[1]), int(found[2])))
        except ValueError:  # 31 April
            return found[0]

    def _date(self, skeleton: str, day: date) -> str:
        from babel.dates import format_skeleton

        return format_skeleton(skeleton, day, locale=self._locale)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Codes of the languages we have words in, sorted."""
    folders = (folder for folder in _locale_root().iterdir() if folder.is_dir())
    return tuple(sorted(f.name for f in folders if _po(f.name).is_file()))


@lru_cache(maxsize=32)
def words_for(language: str) -> Words:
    """The words of ``language`` (ISO 639-1, a region is ignored); English where there are none."""
    from babel import Locale

    code = language.replace("_", "-").partition("-")[0].lower()
    code = code if code in languages() else DEFAULT_LANGUAGE
    return Words(code, _catalogue(_po(code), code), Locale.parse(_REGIONS.get(code, code)))


@lru_cache(maxsize=32)
def words_of(package: str, language: str) -> Words:
    """The same with every catalogue of a package below ``alerts``, which is asked first."""
    shared = words_for(language)
    folder = files(package) / "locale" / shared.language / "LC_MESSAGES"
    catalogue = gettext.NullTranslations()
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".po"):
            own = _catalogue(path, shared.language)
            own.add_fallback(catalogue)
            catalogue = own
    return shared.over(catalogue)


def _catalogue(path: Traversable, language: str) -> gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _po(language: str) -> Traversable:
    return _locale_root() / language / "LC_MESSAGES" / "clusterwatch.po"


def _locale_root() -> Traversable:
    return files("alerts.digests") / "locale"
