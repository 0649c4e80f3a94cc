"""One story: evidence, gloss, other tellings, and the line budget."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import Any

import pytest

from alerts.digests.runs import at_words
from alerts.digests.story import (
    MOST_LINES,
    SURE_COLUMNS,
    foot_parts,
    gloss_parts,
    meta_parts,
    tail_parts,
    used_lines,
)
from crawler.model.digest import DigestStory, SelectedStory
from tests.fixtures.digest_makers import digest_of, item, selected

GERMAN = "Der Cluster hat mit Partnern in Südkorea eine Kooperationsvereinbarung geschlossen."


def story(chosen: SelectedStory, **changes: Any) -> DigestStory:
    return digest_of([chosen], **changes).sections[0].stories[0]


def test_the_sentence_carries_its_evidence_marked() -> None:
    shown = story(selected(item("a"), learning="machine learning"))
    assert [shown.sentence[start:end] for start, end in shown.marks] == ["machine learning"]


def test_a_source_that_allows_no_excerpt_gets_title_and_link_alone() -> None:
    shown = story(selected(item("a", source="quiet"), learning="machine learning"))
    assert (shown.sentence, shown.marks) == ("", ())
    assert shown.title
    assert shown.url


def test_a_story_in_the_digests_language_names_no_language_and_has_no_gloss() -> None:
    shown = story(selected(item("a"), learning="machine learning"))
    assert (shown.language, shown.language_code, shown.gloss) == ("", "", "")


def test_a_foreign_story_keeps_its_title_and_gets_a_gloss() -> None:
    german = item("a", "Sachsen und Südkorea rücken zusammen", text=GERMAN, language="de")
    shown = story(selected(german, "korea", agreement="Kooperationsvereinbarung", korea="Südkorea"))
    assert shown.title == "Sachsen und Südkorea rücken zusammen"
    assert shown.gloss == "cooperation agreement · South Korea"
    assert (shown.language, shown.language_code) == ("German", "de")


def test_a_gloss_repeats_the_heading_only_where_there_is_nothing_else() -> None:
    german = item("a", text="Wir nutzen KI in Südkorea.", language="de")
    assert story(selected(german, "ai", heading="KI", korea="Südkorea")).gloss == "South Korea"
    assert story(selected(german, "ai", heading="KI")).gloss == "AI"


def test_a_translate_link_stands_only_where_it_is_configured_and_needed() -> None:
    links = {"translate": "https://t.example/?to={language}&u={url}"}
    german = item("a", text=GERMAN, language="de")
    assert story(selected(german), links=links).translation == (
        (
            "translate",
            "https://t.example/?to=en&u=https%3A%2F%2Fharbour.example%2Fnews%2Fa",
        ),
    )
    assert story(selected(item("b")), links=links).translation == ()
    assert story(selected(german)).translation == ()


@pytest.mark.parametrize(
    ("others", "line"),
    [
        ((), ""),
        ((("valley", "en"),), "also in: Valley Network (en)"),
        (
            (("valley", "en"), ("forest", "pl")),
            "also in: Valley Network (en), Forest Alliance (pl)",
        ),
        (
            (("valley", "en"), ("forest", "pl"), ("quiet", "da"), ("quiet", "de")),
            "also in: Valley Network (en), Forest Alliance (pl) and 2 more",
        ),
        ((("valley", "en"), ("valley", "en")), "also in: Valley Network (en)"),
    ],
)
def test_two_other_tellings_are_named_and_the_rest_counted(
    others: tuple[tuple[str, str], ...], line: str
) -> None:
    tellings = [
        item(f"o{n}", source=source, language=language)
        for n, (source, language) in enumerate(others)
    ]
    shown = story(selected(item("a"), also_in=tellings))
    assert shown.also_in == line
    assert all(label in line for label, _ in shown.also_links)
    assert len(shown.also_links) <= 2


def test_a_single_one_more_is_named_where_its_line_has_room() -> None:
    tellings = [item(f"o{n}", source=f"news{n}", language="de") for n in range(4)]
    shown = story(selected(item("a"), also_in=tellings[:3]))
    assert shown.also_in == "also in: news0 (de), news1 (de), news2 (de)"
    assert [label for label, _ in shown.also_links] == ["news0 (de)", "news1 (de)", "news2 (de)"]
    crowd = story(selected(item("a"), also_in=tellings))
    assert crowd.also_in == "also in: news0 (de), news1 (de) and 2 more"
    wide = [item(f"w{n}", source=f"{n}-long-name-of-a-source", language="de") for n in range(3)]
    assert story(selected(item("a"), also_in=wide)).also_in.endswith("and 1 more")


def test_a_story_with_two_topics_names_the_other() -> None:
    shown = story(selected(item("a"), "ai", other_topics=("print", "korea")))
    assert shown.other_topics == "also: 3D printing and Korea"


def test_of_many_topics_two_are_named_and_the_rest_counted() -> None:
    shown = story(selected(item("a"), other_topics=("print", "korea", "x", "y")))
    assert shown.other_topics == "also: 3D printing, Korea and 2 more"


def test_a_story_that_changed_before_it_is_sent_says_so() -> None:
    moved = replace(item("a"), change="04-14 → 05-31")
    assert "Updated since" in meta_parts(story(selected(moved)))
    assert "Updated since" not in meta_parts(story(selected(item("a"))))


def test_a_page_without_a_title_is_named_by_its_text() -> None:
    assert story(selected(item("a", " ", text="First words of a page."))).title == (
        "First words of a page."
    )


def test_titles_lose_line_breaks_and_direction_overrides() -> None:
    shown = story(selected(item("a", "Safe\r\nBcc: x@y \u202egnp.exe\u0000")))
    assert shown.title == "Safe Bcc: x@y gnp.exe"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://", "file:///x"])
def test_addresses_that_are_no_web_addresses_are_not_linked(url: str) -> None:
    assert story(selected(item("a", url=url))).url == ""


LINKS = {"translate": "https://t.example/?to={language}&u={url}"}


def test_a_translation_stands_in_the_line_of_the_gloss() -> None:
    german = item("a", text=GERMAN, language="de")
    shown = story(selected(german, "korea", agreement="Kooperationsvereinbarung"), links=LINKS)
    assert gloss_parts(shown) == ("cooperation agreement", "translate")
    assert foot_parts(shown) == ()
    assert foot_parts(story(selected(german, "korea"), links=LINKS)) == ("translate",)


def test_the_sentence_keeps_its_evidence_where_everything_else_is_long() -> None:
    text = (
        "Das Modell für Verfahren, die lernen, nutzt maschinelles Lernen für die Bildanalyse im "
        "Labor."
    )
    lead = item(
        "a", "Verbundprojekt zur Bildanalyse in den Laboren der Region startet mit zwölf Partnern "
        "aus Forschung und Wirtschaft", text=text, language="de",
    )  # fmt: skip
    others = [item(f"o{n}", source=name) for n, name in enumerate(("valley", "forest", "quiet"))]
    for topics, lines in (((), 2), (("print", "korea"), 1)):
        chosen = selected(
            lead, "ai", also_in=others, other_topics=topics, learning="maschinelles Lernen"
        )
        shown = story(chosen, links=LINKS)
        marked = [shown.sentence[start:end] for start, end in shown.marks]
        assert marked == ["maschinelles Lernen"]
        assert len(wrap(shown.sentence, SURE_COLUMNS)) == lines
        assert used_lines(shown) + lines <= MOST_LINES


@pytest.mark.parametrize("title_words", [1, 6, 12, 30])
@pytest.mark.parametrize("tellings", [0, 1, 4])
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_story_exceeds_the_lines_of_a_phone(
    title_words: int, tellings: int, language: str
) -> None:
    text = (
        f"{'Partner und Labore arbeiten zusammen an '} Südkorea {'vielen Dingen und mehr ' * 20}."
    )
    lead = item("a", "Innovationswerkstatt " * title_words, text=text, language=language)
    others = [item(f"o{n}", source="valley", language=c) for n, c in enumerate("abcd"[:tellings])]
    shown = story(selected(lead, "korea", also_in=others, other_topics=("ai",), korea="Südkorea"))
    assert used_lines(shown) + len(wrap(shown.sentence, SURE_COLUMNS)) <= MOST_LINES
    assert " · ".join((*meta_parts(shown), *tail_parts(shown)))


@pytest.mark.parametrize(
    ("text", "quote", "marked"),
    [
        ("trained on 40,000 images of parts", "000 images", ["40,000 images"]),
        ("trained on 3.5 million images", "5 million", ["3.5 million"]),
        ("in the year 2026, 40 partners", "2026", ["2026"]),
        ("der Südkoreakooperation", "Südkorea", ["Südkoreakooperation"]),
        ("ein KI-Modell", "KI", ["KI"]),
        ("한국과의 협력", "한국", ["한국"]),
        ("中国人工智能发展", "人工智能", ["人工智能"]),
        ("It ends here. AI begins", "here", ["here"]),
    ],
)
def test_marks_begin_and_end_with_words_and_numbers(
    text: str, quote: str, marked: list[str]
) -> None:
    start = text.index(quote)
    assert [text[a:b] for a, b in at_words(text, [(start, start + len(quote))])] == marked


def test_marks_that_meet_when_they_are_widened_are_one() -> None:
    assert at_words("Südkoreakooperation", [(0, 8), (8, 12)]) == ((0, 19),)
