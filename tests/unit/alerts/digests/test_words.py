"""The catalogues: complete, well-formed, and what they say about numbers and dates."""

from __future__ import annotations

import ast
import re
from datetime import date
from importlib.resources import files

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from alerts.digests.words import languages, words_for

FIELD = re.compile(r"\{(\w+)\}")
CALL = re.compile(r"""(?:say|count)\(\s*"((?:[^"\\]|\\.)*)"(?:\s*"([^"]*)")?""")


def catalogue(language: str) -> Catalog:
    path = files("alerts.digests") / "locale" / language / "LC_MESSAGES" / "clusterwatch.po"
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def texts(entry: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry or ())


def test_the_digest_speaks_english_german_and_danish() -> None:
    assert languages() == ("da", "de", "en")


@pytest.mark.parametrize("language", ["da", "de", "en"])
def test_every_language_says_every_message_with_the_same_fields(language: str) -> None:
    own, english = catalogue(language), catalogue("en")
    assert {str(message.id) for message in own} == {str(message.id) for message in english}
    for message in own:
        if not message.id:
            continue
        fields = set(FIELD.findall(" ".join(texts(message.id))))
        for said in texts(message.string):
            assert said
            assert set(FIELD.findall(said)) == fields, message.id


def test_every_message_of_templates_and_code_is_in_the_catalogues() -> None:
    known = {text for message in catalogue("en") for text in texts(message.id)}
    root = files("alerts")
    sources = [path for path in (root / "digests").iterdir() if path.name.endswith(".py")]
    for folder in (root / "templates").iterdir():
        sources += [path for path in folder.iterdir() if not path.name.endswith(".css")]
    said = [
        "".join(found)
        for path in sources
        for found in CALL.findall(path.read_text("utf-8"))
        if path.name != "words.py"
    ]
    assert len(said) > 20
    assert [text for text in said if text not in known] == []


def test_the_catalogues_hold_no_message_that_nobody_says() -> None:
    root, said = files("alerts"), set[str]()
    for path in (root / "digests").iterdir():
        if path.name.endswith(".py"):
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            said |= {n.value for n in nodes if isinstance(n, ast.Constant) and type(n.value) is str}
    for folder in (root / "templates").iterdir():
        for path in folder.iterdir():
            said |= set(re.findall(r'"([^"]+)"', path.read_text("utf-8")))
    keys = {text for message in catalogue("en") for text in texts(message.id) if text}
    assert keys - said == set()


@pytest.mark.parametrize(
    ("language", "one", "many"), [("en", "1 more", "12 more"), ("da", "1 mere", "12 flere")]
)
def test_plural_forms(language: str, one: str, many: str) -> None:
    words = words_for(language)
    said = [words.count("{count} more", "{count} more", count) for count in (1, 12)]
    assert said == [one, many]


@pytest.mark.parametrize(
    ("language", "long", "short", "other_year"),
    [
        ("en", "20 September", "20 Sept", "20 Sept 2018"),
        ("de", "20. September", "20. Sept.", "20. Sept. 2018"),
        ("da", "20. september", "20. sep.", "20. sep. 2018"),
    ],
)
def test_dates_are_localised(language: str, long: str, short: str, other_year: str) -> None:
    words, day = words_for(language), date(2018, 9, 20)
    assert words.long_date(day) == long
    assert words.short_date(day, date(2018, 11, 21)) == short
    assert words.short_date(day, date(2026, 11, 21)) == other_year


def test_languages_are_named_in_the_readers_language() -> None:
    assert [words_for(code).language_name("de") for code in languages()] == [
        "tysk",
        "Deutsch",
        "German",
    ]
    assert words_for("en").language_name("qq") == "qq"
