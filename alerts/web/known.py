"""Which topics, sources and languages there are, for whoever asks for one that is not."""

from __future__ import annotations

from crawler.errors import SourceError, UsageError
from crawler.language import KNOWN
from crawler.topic_changes import known_topic
from crawler.wiring import Parts


class UnknownFilter(UsageError):
    """A filter that names nothing there is: 404. ``kind``: "topic", "source" or "language"."""

    def __init__(self, kind: str, name: str, remedy: str = "") -> None:
        super().__init__(f'There is no {kind} "{name}".', remedy=remedy)
        self.kind, self.name = kind, name


def refuse_unknown(parts: Parts, *, topic: str = "", source: str = "", language: str = "") -> None:
    """Raises UnknownFilter for the first of them that names nothing; "" is not asked for.

    A source that was removed is still known, its items are in the archive. So is a language in
    which nothing was found yet.
    """
    if topic:
        parts.refresh_topics()
        try:
            known_topic(parts.topics, topic)
        except UsageError as error:
            raise UnknownFilter("topic", topic, error.remedy) from error
    if source:
        try:
            parts.sources.get(source)
        except SourceError as error:
            raise UnknownFilter("source", source) from error
    if language and language not in KNOWN and language not in parts.items.languages():
        raise UnknownFilter("language", language, "Give its code (ISO 639-1), such as de.")
