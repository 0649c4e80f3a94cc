"""Topics in the administration: shown whole, changed term by term, tried before they are saved."""

from __future__ import annotations

import re

import pytest
from httpx2 import Response

from tests.integration.web.conftest import Web, log_in
from tests.integration.web.stock import put
from tests.integration.web.test_admin_rooms import change
from tests.integration.web.test_subscribing import field

TOPIC = "/admin/topics/ai"
NEW = "/admin/add-topic"
TRY = "1 item would match; 1 of them new, 0 no longer."


@pytest.fixture
def admin(web: Web) -> Web:
    log_in(web)
    return web


def save(web: Web, path: str, **values: object) -> Response:
    """Try, look at what it would bring, save."""
    tried = change(web, path, "try", **values)
    assert tried.status_code == 200, tried.text
    return change(web, path, "save", tried=field(tried, "tried"), **values)


def matching(web: Web, text: str) -> set[str]:
    return {one.topic for one in web.parts.crawler.matcher.match("", text, "en")}


def test_terms_are_tried_on_the_archive_and_saved_as_additions(admin: Web) -> None:
    put(admin, 1, "A zeppelin flies over the harbour")
    put(admin, 2, "Nothing of the kind")
    tried = change(admin, TOPIC, "try", kind="any", terms="zeppelin*")
    assert TRY in tried.text
    assert "A zeppelin flies over the harbour" in tried.text
    assert admin.parts.crawler.additions.all() == []
    saved = save(admin, TOPIC, kind="any", terms="zeppelin*\nairship*")
    assert "Saved." in saved.text
    first, second = admin.parts.crawler.additions.of("ai")
    assert (first.terms, second.terms, first.by) == (("zeppelin*",), ("airship*",), "web")
    assert "ai" in matching(admin, "A zeppelin.")
    change(admin, TOPIC, "drop", number=str(first.number))
    assert [one.terms for one in admin.parts.crawler.additions.of("ai")] == [("airship*",)]


def test_a_trial_is_compared_with_the_definition_of_now(admin: Web) -> None:
    put(admin, 1, "A zeppelin flies over the harbour")  # stored before the term was there
    save(admin, TOPIC, kind="any", terms="zeppelin*")
    tried = change(admin, TOPIC, "try", out=["zeppelin*"])
    assert "0 items would match; 0 of them new, 1 no longer." in tried.text
    again = change(admin, TOPIC, "try", kind="any", terms="airship*")
    assert "1 item would match; 0 of them new, 0 no longer." in again.text


@pytest.mark.parametrize("kind", ["any", "term"])
@pytest.mark.parametrize("code", ["qq", "german"])
def test_an_unknown_language_is_told_at_its_field(admin: Web, kind: str, code: str) -> None:
    values = {"kind": kind, "concept": "chatbot", "terms": "zeppelin*"}
    answer = change(admin, TOPIC, "try", language=code, **values)
    assert answer.status_code == 422
    assert "<strong>There is no language with this code. Give two letters" in answer.text
    marked = re.findall(r'<\w+[^>]* id="(\w+)"[^>]* aria-invalid="true"', answer.text)
    assert marked == ["language"]
    assert change(admin, TOPIC, "try", language="DE", **values).status_code == 200


def test_a_word_of_a_language_is_found_in_items_of_every_language(admin: Web) -> None:
    assert "It is found in items of every language" in admin.client.get(TOPIC).text
    values = {"kind": "term", "concept": "chatbot", "language": "de", "terms": "zeppelinbot"}
    save(admin, TOPIC, **values)
    opened = admin.client.get(f"{TOPIC}?concept=chatbot&lang=de").text
    (german,) = re.findall(r'<ul class="terms" lang="de">(.*?)</ul>', opened, re.S)
    assert "zeppelinbot" in german
    assert "ai" in matching(admin, "A zeppelinbot answers. The zeppelinbot is a zeppelinbot.")


def test_only_what_was_tried_is_saved(admin: Web) -> None:
    tried = change(admin, TOPIC, "try", kind="any", terms="zeppelin*")
    for seen in ("", "forged", field(tried, "tried")):
        answer = change(admin, TOPIC, "save", tried=seen, kind="any", terms="airship*")
        assert answer.status_code == 200
        assert "would match" in answer.text
        assert admin.parts.crawler.additions.all() == []


def test_the_definition_shows_its_terms_by_concept_and_language(admin: Web) -> None:
    first = admin.client.get(f"{TOPIC}?lang=de").text
    assert "maschinelles Lernen" in first  # the concept's name
    assert 'value="machine learning*"' not in first
    opened = admin.client.get(f"{TOPIC}?concept=machine-learning&lang=de").text
    (german,) = re.findall(r'<ul class="terms" lang="de">(.*?)</ul>', opened, re.S)
    assert "maschinell" in german
    assert re.search(r"<h4>Deutsch\s*</h4>", opened)


def test_a_shipped_term_is_taken_out_and_put_back(admin: Web) -> None:
    put(admin, 1, "The office", "A chatbot answers. The chatbot speaks Danish, our chatbot is new.")
    text = admin.client.get(f"{TOPIC}?concept=chatbot").text
    shown = re.findall(r'name="out" value="([^"]+)"', text)
    terms = [term for term in shown if "bot" in term]  # each costs a look at them all
    assert len(terms) > 3
    tried = change(admin, TOPIC, "try", out=terms)
    assert "0 items would match; 0 of them new, 1 no longer." in tried.text
    assert "ai" in matching(admin, "A chatbot, chatbots, the chatbot.")
    saved = save(admin, TOPIC, out=terms)
    assert "Saved." in saved.text
    assert "ai" not in matching(admin, "A chatbot, chatbots, the chatbot.")
    assert {one.kind for one in admin.parts.crawler.additions.of("ai")} == {"without"}
    for one in admin.parts.crawler.additions.of("ai"):
        change(admin, TOPIC, "drop", number=str(one.number))
    assert "ai" in matching(admin, "A chatbot, chatbots, the chatbot.")


def test_the_score_needed_is_a_layer_of_its_own(admin: Web) -> None:
    put(admin, 1, "The office", "A chatbot answers. The chatbot speaks Danish.")
    tried = change(admin, TOPIC, "try", threshold="0,99")
    assert "1 no longer" in tried.text
    save(admin, TOPIC, threshold="0,99")
    (one,) = admin.parts.crawler.additions.of("ai")
    assert (one.kind, one.terms) == ("threshold", ("0,99",))
    assert 'name="threshold" value="0.99"' in admin.client.get(TOPIC).text
    assert change(admin, TOPIC, "try", threshold="7").status_code == 422


def test_another_concept_is_opened_without_losing_what_was_typed(admin: Web) -> None:
    answer = change(
        admin, TOPIC, "", open="machine-learning", terms="zeppelin*", out=["chatbot*", "deep*"]
    )
    assert 'id="opened"' in answer.text
    assert ">zeppelin*</textarea>" in answer.text
    assert "chatbot*\ndeep*</textarea>" in answer.text
    assert admin.parts.crawler.additions.all() == []


def test_the_parts_of_a_near_term_stand_between_plus_signs(admin: Web) -> None:
    save(admin, TOPIC, kind="near", terms="robot* + surg*")
    (one,) = admin.parts.crawler.additions.of("ai")
    assert one.terms == ("robot*", "surg*")
    assert 'value="robot* + surg*"' in admin.client.get(TOPIC).text


@pytest.mark.parametrize(
    "values",
    [
        {"terms": ""},
        {"terms": "  \n "},
        {"terms": "*"},
        {"terms": '"unclosed'},
        {"out_lines": "no such term"},
        {"threshold": "much"},
        {"kind": "term", "concept": "no-such", "terms": "word"},
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
def test_wrong_changes_are_told_beside_the_form(
    admin: Web, values: dict[str, str], do: str
) -> None:
    answer = change(admin, TOPIC, do, **{"kind": "any", **values})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert admin.parts.crawler.additions.all() == []


def test_markup_in_terms_stays_text(admin: Web) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    for answer in (
        change(admin, TOPIC, "", open=evil, terms=evil, out=[evil], threshold=evil, concept=evil),
        change(admin, TOPIC, "try", kind="any", terms=evil),
    ):
        assert "<img" not in answer.text


def test_a_new_topic_is_tried_saved_changed_and_removed(admin: Web) -> None:
    put(admin, 1, "A zeppelin flies over the harbour")
    fields = {"name": "Air <ships>", "any": "zeppelin*", "none": "Led Zeppelin"}
    tried = change(admin, NEW, "try", **fields)
    assert "1 item would match" in tried.text
    assert admin.parts.crawler.topic_store.own() == []
    saved = change(admin, NEW, "save", **fields)
    assert saved.url.path == "/admin/topics/air-ships"
    assert "Air &lt;ships&gt;" in saved.text
    assert change(admin, NEW, "save", **fields).status_code == 422
    path = "/admin/topics/air-ships"
    renamed = save(admin, path, name="Balloons", out=["Led Zeppelin"], terms="balloon*")
    assert "<h1>Balloons</h1>" in renamed.text
    assert "air-ships" in matching(admin, "Led Zeppelin and balloons.")
    gone = change(admin, path, "remove")
    assert gone.url.path == "/admin/topics"
    assert admin.parts.crawler.topic_store.own() == []
    assert admin.parts.crawler.additions.all() == []


def test_a_shipped_topic_is_not_removed(admin: Web) -> None:
    assert change(admin, TOPIC, "remove").status_code == 422
    assert "ai" in {one.id for one in admin.parts.crawler.topics}
