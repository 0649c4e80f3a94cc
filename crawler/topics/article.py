"""Article: one item with everything that was found in it, as the scoring sees it."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.topics.context import ASIDE, CAREER, MENTION, ROSTER, Context
from crawler.topics.finding import Find, Scan
from crawler.topics.layout import Layout
from crawler.topics.negation import Negations

_LOWERING = (("aside", ASIDE), ("career", CAREER), ("mention", MENTION), ("roster", ROSTER))


class Article:
    """Title and text, their finds by concept, and the context of a find."""

    def __init__(
        self,
        title: str,
        text: str,
        language: str,
        scans: Mapping[str, Scan],
        cues: Mapping[str, int],
    ) -> None:
        self.language = language
        self.sources = {"title": title, "text": text}
        self.scans = scans
        self.layouts = {field: Layout(source) for field, source in self.sources.items()}
        self.concepts = frozenset(scans["title"].concepts).union(scans["text"].concepts)
        self._cues = cues
        self._contexts: dict[str, Context] = {}
        self._negations: dict[str, Negations] = {}

    def count(self, concept: int) -> int:
        """How often the concept was found."""
        title, text = self.scans["title"], self.scans["text"]
        return len(title.of(concept)) + len(text.of(concept))

    def context(self, field: str, find: Find, *, listed: bool = True) -> float:
        """How much the find counts for how its sentence speaks of it, 0..1.

        ``listed``: whether to ask if it is one entry of an enumeration.
        """
        if field not in self._contexts:
            scan = self.scans[field]
            examples = [find.end for find in scan.of(self._cues["example"])]
            words = {
                factor: [find.start for find in scan.of(self._cues[kind])]
                for kind, factor in _LOWERING
            }
            self._contexts[field] = Context(self.layouts[field], self.language, examples, words)
        return self._contexts[field].factor(find.start, find.end, listed=listed)

    def denied(self, field: str, find: Find) -> tuple[int, int] | None:
        """Where the clause of the find denies it, the find included; None where it does not."""
        if field not in self._negations:
            places = [find.start for find in self.scans[field].of(self._cues["denial"])]
            self._negations[field] = Negations(self.layouts[field], self.language, places)
        return self._negations[field].span(find.start, find.end)
