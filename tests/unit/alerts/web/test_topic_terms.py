"""Concepts are called by their names, else by a term of theirs; never by an id alone."""

from __future__ import annotations

from alerts.web.topic_terms import concepts
from alerts.web.words import page_words
from crawler.model.topic import TopicDefinition


def test_concepts_have_names_that_tell_them_apart() -> None:
    tables = [
        {"id": "ai", "names": {"en": "AI"}, "terms": {"en": ["artificial intelligence"]}},
        {"id": "ai-short", "names": {"en": "AI"}, "terms": {"*": ["AI"]}},
        {"id": "people-trained", "terms": {"en": ["trained staff"]}},
    ]
    topic = TopicDefinition("t", "T", {"concepts": tables})
    assert [one.name for one in concepts(topic, page_words("en"))] == [
        "AI (“artificial intelligence”)", "AI (“AI”)", "“trained staff”",
    ]  # fmt: skip


def test_a_name_is_plain_words_in_the_readers_language_if_there_are_any() -> None:
    told = {"cs": ["stroj"], "de": ["Lern(en|er)", "Maschine"], "en": ["machine"], "*": ["ML"]}
    tables = [{"id": "machines", "terms": told}, {"id": "odd", "terms": {"cs": ["stroj*"]}}]
    topic = TopicDefinition("t", "T", {"concepts": tables})
    named = {code: [one.name for one in concepts(topic, page_words(code))] for code in ("de", "da")}
    assert named == {"de": ["“Maschine”", "“stroj*”"], "da": ["“machine”", "“stroj*”"]}
