"""Lines that breaks alone part are records, though their links say no more than "more"."""

from __future__ import annotations

import pytest

from crawler.extract import listing_lines
from crawler.extract.listing import ListingHints, read_listing
from crawler.extract.listing_reading import NO_HINTS, ListingReading
from crawler.extract.listing_text import find_date
from crawler.extract.markup import folded
from tests.cost import bounded

PAGE = "https://guss.example/aktuelles.html"
TOLD = {
    "2026-03-18": "Neue Halle für den Leichtbau eröffnet",
    "2026-03-12": "Preis für die Verpackung aus Stroh verliehen",
    "2026-03-03": "Besuch aus Gumi bei den Gießern am Fluss",
    "2026-02-24": "Zwei Millionen für das Pilotwerk am Hafen",
}


def lines(form: str, told: dict[str, str] = TOLD) -> str:
    return "".join(
        form.format(day=".".join(reversed(day.split("-"))), url=f"n{n}.html", title=title)
        for n, (day, title) in enumerate(told.items())
    )


def read(body: str, hints: ListingHints = NO_HINTS) -> ListingReading:
    menu = "<ul class='menu'><li><a href='/'>Start</a></li><li><a href='/wir'>Wir</a></li></ul>"
    page = f"<html lang='de'><head><title>Guss</title></head><body>{menu}{body}</body></html>"
    return read_listing(page.encode(), PAGE, hints=hints)


def found(reading: ListingReading) -> dict[str, str]:
    return {
        item.published.day.isoformat() if item.published else item.url: item.title
        for item in reading.items
    }


@pytest.mark.parametrize(
    "line",
    [
        "{day}: {title} <a href='{url}'>mehr</a><br>",
        "<b>{day}</b> {title} <a href='{url}'>mehr</a><br><br>",
        "{day} - {title}, <a href='{url}'>PDF</a><hr>",
        "<br>{day} {title} [<a href='{url}'><i>PDF</i></a>]",
    ],
)
def test_a_dated_line_is_the_title_of_its_link(line: str) -> None:
    reading = read(f"<div><font size='2'>{lines(line)}</font></div>")
    assert found(reading) == TOLD
    assert [item.url[-7:] for item in reading.items] == [f"n{n}.html" for n in range(4)]


@pytest.mark.parametrize(
    "line",
    [
        "{title} <a href='{url}'>mehr</a><br>",
        "&bull; {title} (<a href='{url}'>PDF, 230 KB</a>)<br><br>",
        "{title}<br><a href='{url}'><i>mehr lesen</i></a><br><br>",
    ],
)
def test_undated_lines_are_records_where_their_links_only_invite(line: str) -> None:
    reading = read(f"<h1>Aktuelles</h1><div>{lines(line)}</div>")
    assert [item.title for item in reading.items] == list(TOLD.values())
    assert [item.url[-7:] for item in reading.items] == [f"n{n}.html" for n in range(4)]


def test_undated_lines_whose_links_name_a_thing_are_none() -> None:
    line = "Das Haus am Fluss liefert seit Jahren <a href='{url}'>Rohre</a><br>"
    assert found(read(f"<h1>Aktuelles</h1><div>{lines(line)}</div>")) == {}


def test_bold_words_before_each_more_name_what_it_leads_to() -> None:
    line = "<b>{day} {title}</b><br>Viele waren da. <a href='{url}'>mehr</a><br><br>"
    assert found(read(f"<p>{lines(line)}</p>")) == TOLD


def test_bold_words_behind_each_link_stay_with_it() -> None:
    line = "{day} <a href='{url}'>{title}</a><br><b>Aus dem Werk</b><br>"
    assert found(read(f"<p>{lines(line)}</p>")) == TOLD


def test_a_learned_list_of_lines_is_found_again() -> None:
    line = "{day}: {title} <a href='{url}'>mehr</a><br>"
    first = read(f"<p>{lines(line)}</p>")
    news = {"2026-03-29": "Ein Ofen, der mit Wasserstoff brennt"}
    newest = lines(line, news).replace("n0.html", "ofen.html")
    later = read(
        f"<p>{newest}{lines(line)}</p>",
        ListingHints(learned=first.learned, known=frozenset(item.url for item in first.items)),
    )
    assert found(later) == news | TOLD
    assert not later.broken
    assert not later.relearned


def test_lines_of_a_person_s_page_are_no_list() -> None:
    line = "{title}, <a href='{url}'>Profil</a><br>"
    assert not read(f"<h1>Wir</h1><p>{lines(line)}</p>").items


@pytest.mark.parametrize("label", ["({link})", "[{link}]", "（{link}）"])
def test_no_empty_brackets_stay_where_a_link_was(label: str) -> None:
    link = "<a href='{url}'>PDF, 120 kB</a>"
    form = f"<li>{{day}} {{title}} {label.format(link=link)}</li>"
    assert found(read(f"<ul>{lines(form)}</ul>")) == TOLD


def test_words_above_a_list_are_no_teaser_of_its_first_item() -> None:
    line = "<h3><a href='{url}'>{title} am {day}</a></h3><p>Viele waren bei {title} dabei.</p>"
    body = f"<p>Was im Werk vorgeht.</p>{lines(line)}".rpartition("<p>")[0]
    told = [item.summary[:16] for item in read(body).items]
    assert told == ["Viele waren bei "] * 3 + [""]


def test_lines_inside_lines_without_end_cost_little() -> None:
    with bounded():
        assert not read("<b>18.03.2026 x<br>y<br>z<br><a href='/n'>m</a>" * 1_000).items


def test_a_text_inside_many_lines_is_folded_by_its_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folds: list[int] = []

    def counted(text: str) -> str:
        folds.append(len(text))
        return folded(text)

    monkeypatch.setattr(listing_lines, "folded", counted)
    long = "18.03.2026: " + "ab " * 20_000 + "<a href='/n'>m</a>"
    read("<span>t<br><br>" * 30 + long + "</span>" * 30)
    assert max(folds) < 1_000


def test_no_long_line_is_kept_with_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def remembered(text: str) -> str:
        asked.append(text)
        return find_date(text)

    monkeypatch.setattr(listing_lines, "find_date", remembered)
    line = "{day}: {title} " + "<i>und mehr</i> " * 50 + "<a href='{url}'>Bericht</a><br>"
    read(f"<p>{lines(line)}</p>")
    assert asked
    assert max(map(len, asked)) <= 300
