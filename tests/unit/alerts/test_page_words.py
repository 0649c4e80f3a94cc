"""The pages' catalogues: complete in every language, with the same fields."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LANGUAGES = ("da", "de", "en")
FIELD = re.compile(r"\{(\w+)\}")
CALL = re.compile(r"""\b(?:say|count)\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


def messages(language: str) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for room in ("web", "digests"):
        folder = files("alerts") / room / "locale" / language / "LC_MESSAGES"
        for path in folder.iterdir():
            if path.name.endswith(".po"):
                with path.open("rb") as source:
                    catalogue = read_po(source, locale=language, abort_invalid=True)
                for one in catalogue:
                    if one.id:
                        key = one.id if isinstance(one.id, str) else one.id[0]
                        found[key] = one
    return found


def texts(entry: object) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry or ())  # type: ignore[call-overload]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_fields(language: str) -> None:
    english, own = messages("en"), messages(language)
    assert own.keys() == english.keys()
    for key, message in own.items():
        for said in texts(message.string):
            assert said, key
            assert set(FIELD.findall(said)) == set(FIELD.findall(" ".join(texts(message.id)))), key


def sources(folder: Traversable) -> list[Traversable]:
    return [one for one in folder.iterdir() if one.name.endswith((".py", ".html"))]


def test_every_message_of_the_pages_is_in_the_catalogues() -> None:
    web = files("alerts.web")
    said = [
        found[0] or found[1]
        for path in [*sources(web), *sources(web / "templates")]
        for found in CALL.findall(path.read_text("utf-8"))
    ]
    assert len(said) > 60
    known = messages("en")
    assert [one for one in said if one not in known] == []
