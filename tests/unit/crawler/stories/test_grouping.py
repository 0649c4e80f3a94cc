"""Grouping: which tellings join, which look-alikes stay apart, in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from crawler.errors import ConfigError
from crawler.stories.evaluate import evaluate, story_items
from crawler.stories.grouping import GroupingDecision, ManualLinks, decide
from crawler.stories.index import MAX_CANDIDATES, MemoryIndex, best, leading, plan
from crawler.stories.items import StoryItem
from crawler.stories.links import FAINT, Comparison, compare
from crawler.stories.rarity import Counts

GERMAN = (
    "Die Städte Brunnhagen und Hwaseong haben am 4. Mai 2026 ein Zentrum für Keramik eröffnet. "
    "Das Institut QRTM stellt dafür 17,4 Millionen Euro bereit.\n\n"
    "Im Zentrum arbeiten künftig 143 Menschen. Die Leitung hat Professorin Irmgard Tolkenbach. "
    "Zur Eröffnung kamen Gäste aus zwölf Ländern nach Brunnhagen."
)
ENGLISH = (
    "The cities of Brunnhagen and Hwaseong opened a centre for ceramics on 4 May 2026. "
    "The institute QRTM provides 17.4 million euros.\n\n"
    "In future 143 people will work at the centre. Professor Irmgard Tolkenbach is its head. "
    "Guests from twelve countries came to Brunnhagen for the opening."
)
FORUM = (
    "Rund {guests} Gäste kamen am {day}. Oktober {year} zum Keramikforum nach Brunnhagen. "
    "Eingeladen hatte der Verband Keratec gemeinsam mit der Hochschule. Das Forum bringt einmal "
    "im Jahr Unternehmen, Kliniken und Forschungseinrichtungen zusammen. Den Preis erhielt "
    "{winner}. Die Auszeichnung ist mit 5.000 Euro dotiert."
)


def _row(number: int, title: str, text: str, **more: object) -> dict[str, object]:
    return {
        "id": f"i{number}",
        "url": f"https://host{number}.example/news/{number}",
        "published": "2026-05-05",
        "lang": "de",
        "title": title,
        "text": text,
        "story": f"s{number}",
    } | more


def _items(*rows: dict[str, object]) -> list[StoryItem]:
    return story_items(rows)


def _decide(new: StoryItem, *others: StoryItem) -> GroupingDecision:
    return decide(new, others, Counts())


def _pair(one: dict[str, object], other: dict[str, object]) -> GroupingDecision:
    first, second = _items(one, other)
    return _decide(second, first)


def test_the_same_text_elsewhere_is_a_copy_and_a_duplicate() -> None:
    decision = _pair(_row(1, "Zentrum eröffnet", GERMAN), _row(2, "Neues Zentrum", GERMAN))
    assert (decision.story, decision.duplicate_of) == ("i1", "i1")
    assert decision.links[0].relation == "copy"


def test_the_beginning_of_a_text_is_an_excerpt() -> None:
    part = GERMAN.partition("\n")[0]
    decision = _pair(_row(1, "Zentrum eröffnet", GERMAN), _row(2, "Zentrum", part))
    assert decision.links[0].relation == "excerpt"
    assert decision.duplicate_of == "i1"


def test_a_translation_joins_and_is_no_duplicate() -> None:
    decision = _pair(
        _row(1, "Brunnhagen und Hwaseong gründen Keramikzentrum", GERMAN),
        _row(2, "Brunnhagen and Hwaseong found centre", ENGLISH, lang="en"),
    )
    assert decision.story == "i1"
    assert decision.duplicate_of is None
    assert decision.links[0].relation == "translation"
    assert "amount:17400000" in decision.links[0].anchors


def test_a_translation_joins_when_a_date_is_missing() -> None:
    decision = _pair(
        _row(1, "Brunnhagen und Hwaseong gründen Keramikzentrum", GERMAN, published=None),
        _row(2, "Brunnhagen and Hwaseong found centre", ENGLISH, lang="en"),
    )
    assert decision.story == "i1"


def test_two_addresses_of_one_page_are_one_story_whatever_they_say() -> None:
    decision = _pair(
        _row(1, "Zentrum", GERMAN, url="https://host.example/a-long-headline/?amp=1"),
        _row(2, "Anders", "Ein ganz anderer Text.", url="http://www.host.example/a-long-headline"),
    )
    assert decision.story == "i1"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"published": "2027-05-05"}, "days apart"),
        ({"title": "Keramikforum 2025", "published": None}, "other year"),
    ],
)
def test_another_year_is_another_story(change: dict[str, object], reason: str) -> None:
    text = FORUM.format(guests=180, day=12, year=2026, winner="ein Team")
    row = _row(2, "Keramikforum 2026", text)
    decision = _pair(_row(1, "Keramikforum 2026", text), row | change)
    assert decision.story is None
    assert reason in decision.near_misses[0].veto


def test_another_edition_is_another_story() -> None:
    text = FORUM.format(guests=180, day=12, year=2026, winner="ein Team")
    decision = _pair(_row(1, "Das 4. Keramikforum", text), _row(2, "Das 5. Keramikforum", text))
    assert decision.story is None
    assert "other edition" in decision.near_misses[0].veto


def test_two_members_in_one_template_of_one_site_stay_apart() -> None:
    text = (
        "Der Verband Keratec begrüßt ein neues Mitglied: Die {name} mit Sitz in {place} fertigt "
        "{thing}. Wer das Unternehmen kennenlernen möchte, hat beim nächsten Stammtisch dazu "
        "Gelegenheit. Herzlich willkommen im Netzwerk der Keramik!"
    )
    site = "https://keratec.example/mitglieder.php?neu="
    one = text.format(name="Ofenbau GmbH", place="Selb", thing="Brennöfen")
    two = text.format(name="Glasurwerk AG", place="Hof", thing="Glasuren")
    decision = _pair(
        _row(1, "Neues Mitglied: Ofenbau GmbH", one, url=site + "61"),
        _row(2, "Neues Mitglied: Glasurwerk AG", two, url=site + "62"),
    )
    assert decision.story is None
    assert decision.near_misses[0].veto


def test_siblings_of_a_series_stay_apart_on_two_sites_and_retitled_copies_do_not() -> None:
    text = (
        "In unserer Reihe sprechen wir mit Leuten aus dem Verband Keratec. Heute antwortet {who}. "
        "Was bringt Ihnen der Verband? Partner, die wir allein nie gefunden hätten, und Hilfe bei "
        "Anträgen. Was wünschen Sie sich für Brunnhagen? Mehr Mut und schnellere Verfahren."
    )
    one = _row(1, "Drei Fragen an Ottilie Marr", text.format(who="Ottilie Marr, Ofenbau Selb"))
    two = _row(2, "Drei Fragen an Tilmann Ochs", text.format(who="Tilmann Ochs, Glasurwerk Hof"))
    decision = _pair(one, two)
    assert decision.story is None
    assert "other name" in decision.near_misses[0].veto
    retitled = _row(3, "Die Ofenbauerin im Gespräch", str(one["text"]).replace("Heute", "Diesmal"))
    assert _pair(one, retitled).story


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Irmgard Müller", "Irmgard Mueller"),
        ("Zentrum", "Forschungshaus"),
        ("Zentrum", "Center"),
        ("Oleksandr Tolkenko", "Alexander Tolkenka"),
        ("Technischer Universität Brunn", "Technical University Brunn"),
    ],
)
def test_a_copy_that_names_something_otherwise_is_a_copy(ours: str, theirs: str) -> None:
    text = (
        "Die Städte Brunnhagen und Hwaseong haben am 4. Mai 2026 ein Haus für Keramik eröffnet, "
        "zusammen mit {name}. Das Institut QRTM stellt dafür 17,4 Millionen Euro bereit. Im neuen "
        "Gebäude arbeiten künftig 143 Menschen an Brennöfen, Glasuren und gedruckten Filtern. "
        "Gäste aus zwölf Ländern kamen nach Brunnhagen, darunter Vertreter mehrerer Kammern."
    )
    one = _row(1, f"Keramik: Brunnhagen eröffnet mit {ours}", text.format(name=ours))
    two = _row(2, f"Keramik: Brunnhagen eröffnet mit {theirs}", text.format(name=theirs))
    assert _pair(one, two).story


def test_the_same_news_under_two_parameters_of_one_site_is_one_story() -> None:
    site = "https://keratec.example/news.php?id="
    decision = _pair(
        _row(1, "Zentrum eröffnet", GERMAN, url=site + "61"),
        _row(2, "Zentrum eröffnet", GERMAN, url=site + "62"),
    )
    assert decision.duplicate_of == "i1"


def test_other_news_of_the_same_day_and_field_stay_apart() -> None:
    other = (
        "Das Institut für Keramik in Wagenfurt erhält eine Förderung von 2 Millionen Euro für ein "
        "Projekt mit koreanischen Partnern. Ein Zentrum soll die Forschung koordinieren."
    )
    decision = _pair(_row(1, "Zentrum eröffnet", GERMAN), _row(2, "Förderung für Keramik", other))
    assert decision.story is None


def test_what_was_decided_by_hand_outranks_what_is_measured() -> None:
    first, second = _items(_row(1, "Zentrum", GERMAN), _row(2, "Zentrum", GERMAN))
    apart = ManualLinks(apart=frozenset({("i1", "i2")}))
    assert decide(second, [first], Counts(), manual=apart).story is None
    third, fourth = _items(_row(3, "Hafen", "Der Hafen wird tiefer."), _row(4, "Zentrum", GERMAN))
    together = ManualLinks(together=frozenset({("i3", "i4")}))
    decision = decide(fourth, [third], Counts(), manual=together)
    assert decision.story == "i3"
    assert decision.links[0].relation == "manual"


def test_a_later_link_merges_stories_into_the_older_one() -> None:
    old, young, new = _items(
        _row(1, "Brunnhagen und Hwaseong gründen Keramikzentrum", GERMAN),
        _row(2, "Brunnhagen and Hwaseong found centre", ENGLISH, lang="en"),
        _row(3, "Keramikzentrum in Brunnhagen", GERMAN),
    )
    decision = _decide(new, young, old)
    assert (decision.story, decision.merges) == ("i1", ("i2",))


def test_an_undated_item_does_not_bridge_two_years() -> None:
    text = FORUM.format(guests=180, day=12, year=2026, winner="ein Team").replace("2026", "")
    rows = [
        _row(1, "Keramikforum in Brunnhagen", text, published="2025-10-16", story="a"),
        _row(2, "Keramikforum in Brunnhagen", text, published=None, story="b"),
        _row(3, "Keramikforum in Brunnhagen", text, published="2026-10-16", story="b"),
    ]
    for order in ([0, 1, 2], [2, 1, 0], [0, 2, 1], [1, 0, 2]):
        stories = evaluate([rows[n] for n in order])["stories"]
        assert isinstance(stories, dict)
        assert not [s for s in stories.values() if {"i1", "i3"} <= set(s)]


def test_an_undated_item_moves_to_the_telling_that_explains_it_better() -> None:
    review = (
        "Das Zentrum für Keramik von Brunnhagen und Hwaseong, geleitet von Irmgard Tolkenbach am "
        "Institut QRTM, hat ein neues Verfahren entwickelt."
    )
    rows = [
        _row(1, "Keramikzentrum Brunnhagen Hwaseong: Verfahren", review, published="2029-02-02"),
        _row(2, "Zentrum eröffnet", GERMAN, published=None),
        _row(3, "Brunnhagen and Hwaseong found centre", ENGLISH, lang="en"),
    ]
    first, undated, dated = story_items(rows)
    stood = replace(undated, story="i1")
    decision = _decide(dated, replace(first, story="i1"), stood)
    assert decision.story is None
    assert decision.moves == ("i2",)


def test_an_item_leaves_when_the_core_contradicts_it() -> None:
    rows = [
        _row(1, "4. Keramikforum in Brunnhagen", GERMAN, published=None),
        _row(2, "Keramikzentrum in Brunnhagen", GERMAN, published=None),
        _row(3, "5. Keramikforum in Brunnhagen", GERMAN, published=None),
        _row(4, "5. Forum für Keramik in Brunnhagen", GERMAN, published=None),
    ]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        stories = evaluate([rows[n] for n in order])["stories"]
        assert isinstance(stories, dict)
        together = next(set(s) for s in stories.values() if "i3" in s)
        assert "i4" in together
        assert "i1" not in together


def test_the_order_of_candidates_does_not_matter() -> None:
    items = _items(*(_row(n, f"Zentrum {n}", GERMAN) for n in range(1, 6)))
    decisions = {
        decide(items[-1], random.Random(seed).sample(items[:-1], 4), Counts()) for seed in range(6)
    }
    assert len(decisions) == 1


def test_near_misses_name_the_anchors_and_the_veto() -> None:
    text = FORUM.format(guests=180, day=12, year=2026, winner="ein Team")
    other = FORUM.format(guests=210, day=10, year=2027, winner="ein Start-up")
    decision = _pair(
        _row(1, "Keramikforum 2026", text, published="2026-10-16"),
        _row(2, "Keramikforum 2027", other, published="2027-10-16"),
    )
    (miss,) = decision.near_misses
    assert miss.veto
    assert miss.anchors


def _family(order: Sequence[int]) -> dict[str, object]:
    rows = [
        _row(1, "Brunnhagen und Hwaseong gründen Keramikzentrum", GERMAN, story="a"),
        _row(2, "Brunnhagen and Hwaseong found centre", ENGLISH, lang="en", story="a"),
        _row(3, "Keramikzentrum in Brunnhagen", GERMAN, story="a"),
        _row(4, "Hafen wird tiefer", "Der Hafen von Wagenfurt wird tiefer und breiter.", story="b"),
    ]
    return evaluate([rows[n] for n in order])


def test_evaluation_has_the_agreed_shape_and_ignores_the_order() -> None:
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        result = _family(order)
        assert set(result) == {"n", "pairwise", "bcubed", "relations", "stories", "errors"}
        assert result["n"] == 4
        assert result["pairwise"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
        assert result["bcubed"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
        assert result["errors"] == []


def test_errors_name_the_pair_and_what_spoke_against_it() -> None:
    rows = [
        _row(1, "Zentrum", GERMAN, story="a", relation="original"),
        _row(2, "Zentrum", GERMAN, story="a", relation="copy", published="2028-01-01"),
    ]
    result = evaluate(rows)
    assert result["pairwise"] == {"precision": 1.0, "recall": 0.0, "f1": 0.0}
    errors = result["errors"]
    assert isinstance(errors, list)
    (error,) = errors
    assert error["kind"] == "missed"
    assert error["ids"] == ["i1", "i2"]
    assert "days apart" in error["veto"]
    assert result["relations"]["copy"] == {"pairs": 1, "recall": 0.0}  # type: ignore[index]


@pytest.mark.parametrize("missing", ["id", "story"])
def test_a_row_without_its_label_is_refused(missing: str) -> None:
    with pytest.raises(ConfigError, match=f"row 2: {missing} is missing"):
        evaluate([_row(1, "T", "x"), _row(2, "T", "x") | {missing: ""}])


def test_the_words_of_one_language_speak_where_names_are_few() -> None:
    text = "In Brunnhagen surgeons implanted a jaw printed of titanium. Tolkenbach led the team."
    alike = "Tolkenbach smiles: titanium, printed overnight, became the implanted jaw. Her"
    alike += " surgeons in Brunnhagen go home."
    unlike = "Tolkenbach smiles: the choir of Brunnhagen sings again, tickets are sold out. Her"
    unlike += " tenors went home."
    one, same, other = _items(
        _row(1, "New jaw", text, lang="en"),
        _row(2, "A smile", alike, lang="en"),
        _row(3, "A smile", unlike, lang="en"),
    )
    assert compare(one, same, Counts()).margin > compare(one, other, Counts()).margin + 1


def test_a_numbered_newsletter_is_none_of_the_stories_it_lists() -> None:
    listed = "In dieser Ausgabe: Zentrum für Keramik in Brunnhagen und Hwaseong eröffnet, QRTM."
    letter = _row(2, "Newsletter Nr. 12", f"{listed} Irmgard Tolkenbach leitet es.")
    decision = _pair(_row(1, "Brunnhagen: Zentrum für Keramik eröffnet", GERMAN), letter)
    assert decision.story is None
    assert [miss.veto for miss in decision.near_misses] == ["a newsletter of many news"]
    about = _row(2, "Neuer Newsletter zur Keramik", GERMAN)
    assert _pair(_row(1, "Zentrum für Keramik eröffnet", GERMAN), about).story is not None


def test_a_sibling_in_another_language_is_told_by_its_own_name() -> None:
    label = "Le pôle de Brunnhagen a labellisé un projet. L'institut QRTM et la société "
    label += "Tolkenbach le portent, la région apporte 1,7 million d'euros sur 30 mois."
    english = "The cluster of Brunnhagen labels the project KERAFIX. The institute QRTM and the "
    english += "company Tolkenbach lead it, the region pays 1.7 million euros over 30 months."
    told = _row(1, "KERAFIX gets a label", english, lang="en")
    named, unnamed, naming = (
        _row(2, f"{name} labellisé : la céramique", f"{label}{more}", lang="fr")
        for name, more in (("FIBROGEL", ""), ("Ce", ""), ("FIBROGEL", " Comme KERAFIX, il dure."))
    )
    first, sibling, plain, aware = _items(told, named, unnamed, naming)
    margins = [compare(first, other, Counts()).margin for other in (sibling, plain, aware)]
    assert margins[0] < margins[1] - 1, "each title has a name that the other never tells"
    assert margins[2] > margins[1], "one that knows the other tells of it"


def test_look_ups_are_bounded() -> None:
    index = MemoryIndex()
    items = _items(*(_row(n, f"Zentrum {n}", GERMAN) for n in range(300)))
    for item in items:
        index.add(item)
    new = _items(_row(999, "Zentrum", GERMAN))[0]
    assert len(index.candidates(new)) <= 2 * MAX_CANDIDATES
    planned = plan(new, index.rarity(new.fingerprint.anchors))
    assert len(planned.common) <= 8
    assert not planned.rare


def test_candidates_outside_the_window_come_last_and_few() -> None:
    votes = {key: 90 - n for n, key in enumerate(["f0", "f1", "f2", "n0", "n1", "n2"])}
    told = leading(votes, least=6)
    assert best(told, lambda key: key.startswith("f"), limit=8) == ["n0", "n1", "n2", "f0"]
    assert best(told, lambda key: key.startswith("f"), limit=2) == ["n0", "n1", "f0"]


def test_hostile_texts_are_compared_in_bounded_time() -> None:
    long = "wort " * 8000
    one, other = _items(_row(1, "A", long + "eins"), _row(2, "B", long + "zwei"))
    assert compare(one, other, Counts()).relation == "copy"


def test_a_korean_word_that_two_korean_texts_share_counts_once() -> None:
    one = _row(1, "메디콘밸리 협약", "창원시는 메디콘밸리와 협약을 맺었다.", lang="ko")
    other = _row(2, "메디콘밸리 방문", "원주시는 메디콘밸리를 방문했다.", lang="ko")
    first, second = _items(one, other)
    link = compare(first, second, Counts()).link
    assert [a for a in link.anchors if "메디콘밸리" in a] != []
    assert [a for a in link.anchors if a.startswith("sound:")] == []


def test_an_updated_report_joins_the_first_one_of_its_site() -> None:
    told = GERMAN.replace("143 Menschen", "134 Menschen")
    first = _row(1, "Zentrum eröffnet", GERMAN, url="https://stadt.example/1")
    again = _row(2, "Zentrum eröffnet (aktualisiert)", told, url="https://stadt.example/2")
    assert _pair(first, again).story == "i1"
    unsaid = again | {"title": "Zentrum eröffnet"}
    assert _pair(first, unsaid).story is None, "without a word it may be a template's other item"


def test_a_faint_pair_is_bounded_from_above_and_never_explained() -> None:
    rows = [_row(1, "Zentrum eröffnet", GERMAN), _row(2, "Hafenfest", "Am Hafen wird gefeiert.")]
    one, other = _items(*rows)
    exact, quick = compare(one, other, Counts()), Comparison(one, Counts()).to(other)
    assert exact.margin <= quick.margin < FAINT
    assert quick.shared.shown() == ()


def test_a_known_institution_and_a_field_make_no_story() -> None:
    printers = _row(
        1, "AI controls printers: Korean and German partners agree on a project",
        "Machine learning controls the printing of parts in a new project. The South Korean "
        "partner KAIST and the German cluster signed a cooperation agreement.", lang="en",
    )  # fmt: skip
    hospitals = _row(
        2, "Dansk delegation underskriver aftale om samarbejde med KAIST i Sydkorea",
        "En dansk delegation har underskrevet en samarbejdsaftale med KAIST i Sydkorea. Forskere "
        "vil arbejde sammen om kunstig intelligens til hospitaler.", lang="da",
    )  # fmt: skip
    assert _pair(printers, hospitals).story is None


def test_places_and_a_field_make_no_story_across_scripts() -> None:
    saxony = _row(
        1, "Saxony and South Korea deepen cooperation",
        "Saxony and the institute KIAT signed a letter of intent in Seoul about joint research "
        "projects in medical technology.", lang="en",
    )  # fmt: skip
    europe = _row(
        2, "한국과 유럽의 새로운 협력",
        "한국은 유럽과 협력을 강화하고 공동 연구를 시작했다. 협약은 서울에서 체결되었다.",
        lang="ko",
    )  # fmt: skip
    assert _pair(saxony, europe).story is None


def test_another_place_in_the_title_days_later_is_the_next_event() -> None:
    opened, *visits = _items(
        _row(1, "Deutsch-polnische Kläranlage bei Ollwitz eröffnet", "Direktorin: Marta Zielke."),
        *(
            _row(2, title, "Director Marta Zielke led them through Ollwitz.", published=published)
            for title in ("Guests from Turku at the border", "Guests at the border")
            for published in ("2026-05-06", "2026-05-13")
        ),
    )
    soon, later, plain_soon, plain_later = (
        compare(opened, visit, Counts()).margin for visit in visits
    )
    assert soon - later > plain_soon - plain_later + 2, "the same place could be told late"


def test_where_nothing_was_asked_nothing_is_wrong() -> None:
    found = evaluate([])
    assert found["pairwise"] == found["bcubed"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
