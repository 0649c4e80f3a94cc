"""Article: one item with everything that was found in it, as the scoring sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.topics.context import Context
from crawler.topics.finding import Find
from crawler.topics.layout import Layout

Finds = Mapping[int, Sequence[Find]]


class Article:
    """Title and text, their finds by concept, and the context of a find."""

    def __init__(
        self,
        title: str,
        text: str,
        language: str,
        finds: Mapping[str, Finds],
        cues: Mapping[str, int],
    ) -> None:
        self.language = language
        self.sources = {"title": title, "text": text}
        self.finds = finds
        self.layouts = {field: Layout(source) for field, source in self.sources.items()}
        self._cues = cues
        self._contexts: dict[str, Context] = {}

    def has(self, concept: int) -> bool:
        """Whether the concept was found anywhere."""
        return any(concept in finds for finds in self.finds.values())

    def context(self, field: str, find: Find) -> float:
        """How much the find counts for how its sentence speaks of it, 0..1."""
        if field not in self._contexts:
            finds = self.finds[field]
            examples = [f.end for f in finds.get(self._cues["example"], ())]
            careers = [f.start for f in finds.get(self._cues["career"], ())]
            self._contexts[field] = Context(self.layouts[field], self.language, examples, careers)
        return self._contexts[field].factor(find.start, find.end)
