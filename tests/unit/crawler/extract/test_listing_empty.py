"""A page that says that it has no news at present is a list that is empty and fine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract.detect import detect
from crawler.extract.listing import ListingHints, ListingReading, read_listing
from crawler.extract.listing_empty import is_none_said

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
URL = "https://cluster.example/aktuelles"


def page(inside: str, beside: str = "") -> bytes:
    return (
        "<html lang=de><head><title>Aktuelles</title></head><body><nav><ul><li><a href=/>Start</a>"
        "<li><a href=/wir>Über uns</a><li><a href=/mitglieder>Mitglieder</a></ul></nav>"
        f"<main><h1>Aktuelles</h1>{inside}</main>{beside}<footer><p>Impressum</p></footer></body>"
    ).encode()


def cards(*numbers: int) -> str:
    return "".join(
        f"<article class=card><h2><a href='/aktuelles/meldung-{n}'>Die {n}. Anlage ging heute in "
        f"Betrieb</a></h2><time datetime='2026-10-{n:02d}'>{n}.10.2026</time>"
        "<p>Die Mitglieder sahen ihr zu.</p></article>"
        for n in numbers
    )


def polled(before: ListingReading, inside: str, beside: str = "") -> ListingReading:
    known = frozenset(item.url for item in before.items)
    hints = ListingHints(learned=before.learned, known=known)
    return read_listing(page(inside, beside), URL, now=NOW, hints=hints)


SAID = """Zurzeit keine Meldungen
Derzeit liegen keine aktuellen Meldungen vor. Schauen Sie bald wieder herein!
Es sind keine Beiträge vorhanden.
No news at the moment.
There are currently no news items.
No posts yet
Il n'y a pas d'actualités pour le moment.
Aucune actualité n'est disponible actuellement
Non ci sono notizie al momento
Nessuna notizia disponibile
Er zijn momenteel geen berichten.
Der er ingen nyheder i øjeblikket
Det finns inga nyheter just nu
Ingen nyheter akkurat nå
Ei uutisia tällä hetkellä
Brak aktualności
Obecnie nie ma żadnych wiadomości.
V současné době nejsou žádné aktuality
No hay noticias en este momento
Não há notícias de momento
등록된 뉴스가 없습니다.
現在お知らせはありません
暂无新闻""".splitlines()


@pytest.mark.parametrize("words", SAID)
def test_a_page_that_says_it_has_no_news_is_an_empty_list(words: str) -> None:
    found = detect(page(f"<p>{words}</p>"), URL, now=NOW)
    assert (found.kind, found.items, found.empty) == ("listing", (), words)
    assert "no news at present" in found.why


@pytest.mark.parametrize(
    "words",
    [
        "Keine Meldung mehr verpassen",
        "No news is good news",
        "Never miss a post",
        "Keine Termine",
        "There are no vacancies at present",
        "No more posts to load",
        "No results found",
        "News",
        "No",
        "Pas de nouvelles recettes sans farine cette semaine",
        "Keine Einträge zu Ihrer Suche nach Beiträgen",
    ],
)
def test_other_sentences_with_a_no_in_them_are_none(words: str) -> None:
    assert not is_none_said(words)


def test_what_a_side_column_lacks_makes_no_list_of_the_page() -> None:
    beside = "<aside class=sidebar><h3>News</h3><p>Zurzeit keine Meldungen</p></aside>"
    found = detect(page("<p>Wir sind elf Firmen im Tal.</p>", beside), URL, now=NOW)
    assert (found.kind, found.empty) == ("page", "")


def test_a_known_list_is_empty_for_a_time_and_then_filled_again() -> None:
    before = read_listing(page(cards(1, 2, 3, 4, 5, 6)), URL, now=NOW)
    empty = polled(before, "<p>Zurzeit keine Meldungen</p>")
    assert (empty.items, empty.broken, empty.empty) == ((), "", "Zurzeit keine Meldungen")
    for numbers in ((20,), (21, 20), (25, 24, 23, 22, 21, 20)):
        filled = polled(empty, cards(*numbers))
        assert (len(filled.items), filled.broken, filled.empty) == (len(numbers), "", "")
        assert "emptied" not in filled.learned


def test_a_known_list_that_is_gone_without_a_word_is_lost() -> None:
    before = read_listing(page(cards(1, 2, 3, 4, 5, 6)), URL, now=NOW)
    assert polled(before, "<p>Wir sind elf Firmen im Tal.</p>").broken
    fewer = polled(before, cards(1) + "<p>Zurzeit keine Meldungen</p>")
    assert (fewer.empty, bool(fewer.broken)) == ("", True)


def test_jobs_where_an_empty_list_stood_are_not_its_items() -> None:
    before = read_listing(page(cards(1, 2, 3, 4, 5, 6)), URL, now=NOW)
    empty = polled(before, "<p>Zurzeit keine Meldungen</p>")
    jobs = cards(7, 8, 9).replace("/aktuelles/meldung", "/stellenangebote/stelle")
    assert polled(empty, jobs).broken


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        'style="display: none"',
        'class="alert d-none"',
        'class="no-results hidden"',
        'aria-hidden="true"',
    ],
)
def test_what_is_kept_from_sight_is_not_said(attribute: str) -> None:
    before = read_listing(page(cards(1, 2, 3, 4, 5, 6)), URL, now=NOW)
    for inside in (
        f"<p {attribute}>Zurzeit keine Meldungen</p>",
        f"<div {attribute}><p>Zurzeit keine Meldungen</p></div>",
    ):
        assert polled(before, f"<div id=app></div>{inside}").broken
        assert detect(page(inside), URL, now=NOW).empty == ""


def test_a_class_that_hides_on_small_screens_alone_hides_nothing() -> None:
    shown = '<p class="d-none d-md-block">Zurzeit keine Meldungen</p>'
    assert detect(page(shown), URL, now=NOW).empty == "Zurzeit keine Meldungen"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<section><h2>Blog</h2><p>Noch keine Beiträge</p></section>",
        "<section><h2>News der Partner</h2><p>Zurzeit keine News</p></section>",
        "<h2>Blog</h2><p>Noch keine Beiträge</p>",
        "<div class=warn><h2>Warnungen</h2><p>Aktuell keine Meldungen</p></div>",
        "<form><input><div class=found>Keine Beiträge gefunden</div></form>",
        "<form><label>Suche</label><div class=found>Keine Beiträge gefunden</div></form>",
    ],
)
def test_what_another_part_of_the_page_lacks_says_nothing_of_a_known_list(elsewhere: str) -> None:
    before = read_listing(page(cards(1, 2, 3, 4, 5, 6)), URL, now=NOW)
    assert polled(before, f"<div id=app></div>{elsewhere}").broken


def test_a_list_without_a_heading_is_empty_where_its_items_stood() -> None:
    def without(inside: str) -> bytes:
        return page(inside).replace(b"<h1>Aktuelles</h1>", b"")

    before = read_listing(without(f"<div class=list>{cards(1, 2, 3, 4)}</div>"), URL, now=NOW)
    hints = ListingHints(learned=before.learned)
    for inside, empty in (
        ("<div class=list><p class=none><b>Zurzeit keine Meldungen</b></p></div>", True),
        ("<p>Zurzeit keine Meldungen</p>", True),
        ("<div class=other><b>Mitglieder</b><p>Zurzeit keine Meldungen</p></div>", False),
    ):
        found = read_listing(without(inside), URL, now=NOW, hints=hints)
        assert (bool(found.empty), bool(found.broken)) == (empty, not empty)


def test_a_page_that_shows_another_list_is_not_empty() -> None:
    before = read_listing(page(cards(1, 2, 3, 4, 5, 6)), URL, now=NOW)
    tiles = "".join(
        f"<div class=tile data-href=/n/{n}><span>Die {n}. Anlage ging heute in Betrieb</span></div>"
        for n in range(11, 19)
    )
    found = polled(before, f"<p>Zurzeit keine Meldungen</p>{tiles}")
    assert (found.empty, bool(found.broken)) == ("", True)
