"""Checks of values that people wrote into a topic table, with errors that name the place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crawler.errors import ConfigError
from crawler.topics.terms import TermError, parse_term

MAX_ENTRIES = 5_000  # of one list
_FIELD_ALONE = re.compile(r"(title|text):")
_CODES = (
    "ar bg ca cs da de el en es et fi fr hr hu is it ja ko"
    " lt lv nl no pl pt ro ru sk sl sv tr uk zh"
)
LANGUAGES = ("*", *_CODES.split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the file or table, then the path of keys."""

    origin: str
    path: str = ""

    def key(self, name: str) -> Place:
        return Place(self.origin, f"{self.path}.{name}" if self.path else name)

    def entry(self, index: int) -> Place:
        return Place(self.origin, f"{self.path}[{index + 1}]")

    def error(self, message: str, remedy: str = "") -> ConfigError:
        where = f"{self.origin}: {self.path}" if self.path else self.origin
        return ConfigError(f"{where} {message}", remedy=remedy)


def table(
    value: object,
    place: Place,
    keys: Mapping[str, Callable[[object, Place], object]],
    required: Sequence[str] = (),
) -> dict[str, object]:
    """A mapping whose keys are known and whose values pass their checks."""
    if not isinstance(value, Mapping):
        raise place.error(f"is {kind(value)}; allowed: a table")
    checked: dict[str, object] = {}
    for key, entry in value.items():
        if key not in keys:
            raise _unknown_key(str(key), place, list(keys))
        checked[key] = keys[key](entry, place.key(key))
    for key in required:
        if key not in checked:
            raise place.key(key).error("is missing")
    return checked


def _unknown_key(key: str, place: Place, allowed: list[str]) -> ConfigError:
    nearest = difflib.get_close_matches(key, allowed, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    return place.key(key).error(f"is no known key; {hint}allowed: {', '.join(allowed)}")


def kind(value: object) -> str:
    """How a value's type is called in TOML."""
    names = {bool: "a truth value", str: "a string", int: "a whole number", float: "a number"}
    for python_type, name in names.items():
        if isinstance(value, python_type):
            return name
    return "a table" if isinstance(value, Mapping) else "a list"


def text(value: object, place: Place) -> str:
    """A string with something in it."""
    if not isinstance(value, str):
        raise place.error(f"is {kind(value)}; allowed: a string")
    if not value.strip():
        raise place.error("is empty; allowed: a string with something in it")
    return value


def truth(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise place.error(f"is {kind(value)}; allowed: true or false")
    return value


def share(value: object, place: Place) -> float:
    """A number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise place.error(f"is {value!r}; allowed: a number from 0 to 1")
    return float(value)


def whole_number(value: object, place: Place, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise place.error(f"is {value!r}; allowed: a whole number from {least} to {most}")
    return value


def listing(value: object, place: Place) -> list[object]:
    if not isinstance(value, list | tuple):
        raise place.error(f"is {kind(value)}; allowed: a list")
    if len(value) > MAX_ENTRIES:
        raise place.error(f"has {len(value)} entries; allowed: {MAX_ENTRIES}")
    return list(value)


def strings(value: object, place: Place) -> list[object]:
    return [text(entry, place.entry(i)) for i, entry in enumerate(listing(value, place))]


def term(value: object, place: Place) -> str:
    """One term that parses."""
    written = text(value, place)
    if _FIELD_ALONE.fullmatch(written.strip()):
        raise place.error(f"{written!r} names a field and no term (column {len(written)})")
    try:
        parse_term(written)
    except TermError as error:
        message = f"{written!r} {error.message} (column {error.column})"
        raise place.error(message) from error
    return written


def terms(value: object, place: Place) -> list[object]:
    return [term(entry, place.entry(i)) for i, entry in enumerate(listing(value, place))]


def terms_by_language(value: object, place: Place) -> dict[str, object]:
    """Terms per language; ``"*"`` holds those of every language."""
    if not isinstance(value, Mapping):
        raise place.error(f"is {kind(value)}; allowed: a table of lists by language")
    for key in value:
        if key not in LANGUAGES:
            raise _unknown_key(str(key), place, list(LANGUAGES))
    return {str(key): terms(entry, place.key(str(key))) for key, entry in value.items()}


def names(value: object, place: Place) -> dict[str, object]:
    """Display names per language."""
    if not isinstance(value, Mapping):
        raise place.error(f"is {kind(value)}; allowed: a table of names by language")
    return {str(key): text(entry, place.key(str(key))) for key, entry in value.items()}


def as_names(value: object) -> dict[str, str]:
    """Checked names with their types known."""
    if not isinstance(value, Mapping):
        return {}
    return {str(key): str(name) for key, name in value.items()}


# --- reading what passed the checks, with its types known ------------------------------------


def as_mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def as_tables(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in as_list(value) if isinstance(entry, Mapping)]


def as_strings(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in as_list(value))


def as_number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
