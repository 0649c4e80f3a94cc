"""What Slack answers and what explains: said in every language, with the same fields."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest
from babel.messages.pofile import read_po

from alerts.digests.words import Said
from alerts.slack_app.words import slack_words

FIELD = re.compile(r"\{(\w+)\}")
WORDLESS = re.compile(r"(?:\{\w+\}|\W)*")


def catalogue(language: str) -> dict[str, str]:
    path = files("alerts.slack_app") / "locale" / language / "LC_MESSAGES" / "slack.po"
    with path.open("rb") as source:
        found = read_po(source, locale=language, abort_invalid=True)
    return {str(one.id): str(one.string) for one in found if one.id}


def sources() -> list[Traversable]:
    explaining = [one for one in files("alerts").iterdir() if one.name.startswith("expla")]
    ours = [*files("alerts.slack_app").iterdir(), *explaining]
    return [one for one in ours if one.name.endswith(".py")]


def said(path: Traversable) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("say", "Said"):
                found.append(str(node.args[0].value))
    return found


@pytest.mark.parametrize("language", ["de", "da"])
def test_every_language_says_every_message_with_the_same_fields(language: str) -> None:
    english, own = catalogue("en"), catalogue(language)
    assert own.keys() == english.keys()
    for message, told in own.items():
        assert told
        assert sorted(FIELD.findall(told)) == sorted(FIELD.findall(message)), message


def test_every_message_of_the_code_is_in_the_catalogues() -> None:
    messages = {one for path in sources() for one in said(path) if not WORDLESS.fullmatch(one)}
    assert len(messages) > 60
    assert messages - catalogue("en").keys() == set()


def test_a_said_message_is_english_as_it_stands_and_told_in_others_with_its_values() -> None:
    status = Said("the source {name} is {status}", name="{alpha}", status=Said("paused"))
    assert status == "the source {alpha} is paused"
    assert slack_words("de").told(status) == "die Quelle {alpha} ist pausiert"
    assert slack_words("da").told(status) == "kilden {alpha} er sat på pause"
    assert slack_words("de").told("the source {name}") == "the source {name}"
