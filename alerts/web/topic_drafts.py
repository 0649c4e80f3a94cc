"""What the form of a topic says: a change that is tried before it is saved."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass

from starlette.datastructures import FormData

from alerts.web.admin import lines_of, text_of
from crawler.errors import UsageError
from crawler.model.topic import Addition, TopicDefinition
from crawler.topics.checks import LANGUAGES, as_number
from crawler.topics.parts import DEFAULT_THRESHOLD
from crawler.topics.withdrawing import TOGETHER

ADDS = ("any", "none", "near", "term")  # what new terms may do
_MOST_OUT = 200  # terms to take out at once


class NoLanguage(UsageError):
    """The form's language field holds no code of a language."""

    def __init__(self) -> None:
        super().__init__(
            "There is no language with this code.",
            remedy="Give two letters, such as de, or nothing.",
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form wants to change about a topic; "" and () leave it as it is."""

    kind: str = "any"
    terms: tuple[str, ...] = ()
    concept: str = ""
    language: str = "*"
    out: tuple[str, ...] = ()  # terms to take out
    threshold: str = ""
    name: str = ""  # of a topic of the database

    def additions(self, topic: TopicDefinition) -> list[Addition]:
        """One a line and ticked term; the parts of a "near" line stand between plus signs.

        Raises NoLanguage, whatever the terms do: an unknown code is never passed over.
        """
        if self.language not in LANGUAGES:
            raise NoLanguage
        wanted = [self._addition(topic.id, line) for line in self.terms]
        wanted += [Addition(0, topic.id, "without", (one,)) for one in self.out]
        if self.threshold and self.threshold != threshold_of(topic):
            wanted.append(Addition(0, topic.id, "threshold", (self.threshold,)))
        return wanted

    def renames(self, topic: TopicDefinition) -> bool:
        """Whether the name is another one."""
        return bool(self.name) and self.name != topic.name

    @property
    def mark(self) -> str:
        """Tells this draft from every other, so that only what was tried is saved."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]

    def _addition(self, topic: str, line: str) -> Addition:
        if self.kind == "term":
            return Addition(0, topic, "term", (line,), self.concept, self.language)
        near = tuple(one.strip() for one in line.split(TOGETHER))
        return Addition(0, topic, self.kind, near if self.kind == "near" else (line,))


def draft_of(form: FormData) -> Draft:
    """The form's fields, each within bounds."""
    kind = text_of(form, "kind", 8)
    ticked = [str(one)[:200].strip() for one in form.getlist("out")]
    ticked += lines_of(form, "out_lines", _MOST_OUT)
    return Draft(
        kind=kind if kind in ADDS else "any",
        terms=tuple(lines_of(form, "terms")),
        concept=text_of(form, "concept", 64),
        language=text_of(form, "language", 20).lower() or "*",
        out=tuple(dict.fromkeys(one.replace("\0", "") for one in ticked if one))[:_MOST_OUT],
        threshold=text_of(form, "threshold", 8),
        name=text_of(form, "name", 200),
    )


def threshold_of(topic: TopicDefinition) -> str:
    """The score from which an item matches, as the form writes it."""
    return f"{as_number(topic.definition.get('threshold'), DEFAULT_THRESHOLD):g}"
