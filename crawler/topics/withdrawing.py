"""Taking terms out of a topic's table, whichever layer brought them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from crawler.topics.checks import as_list, as_mapping, as_strings, as_tables

_PLAIN = ("any", "none")
_SPOKEN = ("terms", "only")  # of a concept, by language
TOGETHER = " + "  # between the terms of a "near" entry


def said(entry: object) -> str:
    """One entry of ``any``, ``none``, ``all`` or ``near`` as people write it."""
    if isinstance(entry, Mapping):
        return TOGETHER.join(said(one) for one in as_list(entry.get("terms")))
    return " | ".join(as_strings(entry)) if isinstance(entry, list | tuple) else str(entry)


def written(table: Mapping[str, object]) -> Iterator[str]:
    """Everything that can be taken out, as it has to be named."""
    for key in _PLAIN:
        yield from as_strings(table.get(key))
    for entry in as_list(table.get("all")):
        yield from as_strings(entry) if isinstance(entry, list | tuple) else (str(entry),)
    yield from (said(entry) for entry in as_list(table.get("near")))
    for concept in as_list(table.get("concepts")):
        if isinstance(concept, str):
            yield concept
    for concept in as_tables(table.get("concepts")):
        for key in _SPOKEN:
            for words in as_mapping(concept.get(key)).values():
                yield from as_strings(words)


def without(table: Mapping[str, object], terms: Collection[str]) -> dict[str, object]:
    """The table without ``terms``, wherever it has them: a term of a concept in every language, a
    "near" entry by its terms with " + " between them, a borrowed concept by its id."""
    gone = frozenset(terms)
    left = dict(table)
    if not gone:
        return left
    for key in _PLAIN:
        if key in left:
            left[key] = [one for one in as_strings(left[key]) if one not in gone]
    if "all" in left:
        left["all"] = [one for entry in as_list(left["all"]) if (one := _rest(entry, gone))]
    if "near" in left:
        left["near"] = [one for one in as_list(left["near"]) if said(one) not in gone]
    if "concepts" in left:
        concepts = as_list(left["concepts"])
        kept = [one for one in concepts if isinstance(one, Mapping) or str(one) not in gone]
        left["concepts"] = [_concept(one, gone) for one in kept]
    return left


def _rest(entry: object, gone: frozenset[str]) -> object:
    """What an entry of ``all`` still asks for; "" or an empty list: nothing."""
    if isinstance(entry, list | tuple):
        return [one for one in as_strings(entry) if one not in gone]
    return "" if str(entry) in gone else entry


def _concept(concept: object, gone: frozenset[str]) -> object:
    if not isinstance(concept, Mapping):
        return concept
    spoken = {key: as_mapping(concept[key]) for key in _SPOKEN if key in concept}
    left = {
        key: {
            language: [one for one in as_strings(words) if one not in gone]
            for language, words in by_language.items()
        }
        for key, by_language in spoken.items()
    }
    return {**concept, **left}
