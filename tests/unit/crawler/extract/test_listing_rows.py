"""Rows that an editor typed by hand are one list, however bold, links and days are nested."""

from __future__ import annotations

from crawler.extract.listing import read_listing
from crawler.model.item import RawItem

AROUND = "<li><b>({day}) <a href='{url}'>{title}</a></b></li>"
INSIDE = "<li><a href='{url}'><b>({day})</b> <b>{title}</b></a></li>"
WITHIN = "<li><b><a href='{url}'>({day}) {title}</a></b></li>"
PAGE = "https://vereda.example/noticias.htm"


def row(form: str, day: str, url: str, title: str) -> str:
    return form.format(day=day, url=url, title=title)


def months(*parts: tuple[str, str]) -> str:
    return "".join(
        f"<tr><td><font><strong>{name}</strong></font></td></tr><tr><td><ul>{rows}</ul></td></tr>"
        for name, rows in parts
    )


def read(body: str) -> tuple[RawItem, ...]:
    page = f"<html><head><title>Noticias</title></head><body><table>{body}</table></body></html>"
    return read_listing(page.encode(), PAGE).items


def days(items: tuple[RawItem, ...]) -> list[str]:
    return [item.published.day.isoformat() if item.published else "" for item in items]


JUNE = "".join(
    (
        row(AROUND, "29/06/2019", "docs/molino.pdf", "El molino de la vereda vuelve a moler trigo"),
        row(AROUND, "18/06/2019", "docs/fuente.htm", "Limpieza de la fuente vieja en la plaza"),
        row(AROUND, "15/06/2019", "docs/puente.pdf", "Nota de prensa sobre el puente del arroyo"),
    )
)
MAY = "".join(
    (
        row(INSIDE, "27/05/2019", "https://b.example/pinar", "Los vecinos plantan un pinar nuevo"),
        row(INSIDE, "20/05/2019", "docs/cabras.htm", "Vuelven las cabras a los pastos comunes"),
    )
)


def test_rows_with_bold_inside_and_around_their_links_are_one_list() -> None:
    april = "<li><i>3/04/2019) <a href='docs/sendero.htm'>Abierto el sendero del río</a></i></li>"
    items = read(months(("Junio 2019", JUNE), ("Mayo 2019", MAY), ("Abril 2019", april)))
    assert days(items) == [
        *("2019-06-29", "2019-06-18", "2019-06-15", "2019-05-27", "2019-05-20", "2019-04-03"),
    ]
    assert items[3].title == "Los vecinos plantan un pinar nuevo"


def test_undated_rows_of_another_make_stay_out() -> None:
    shops = "".join(
        f"<li><a href='shop{n}.htm'><b>Una tienda con muchos quesos {n}</b></a></li>" for n in "abc"
    )
    items = read(months(("Junio 2019", JUNE), ("Tiendas", shops)))
    assert {item.url.rpartition("/")[2] for item in items} == {
        *("molino.pdf", "fuente.htm", "puente.pdf"),
    }


def test_a_day_that_links_to_the_story_above_does_not_part_its_row() -> None:
    wrong = (
        "<li><b><i><a href='docs/molino.pdf'>(14/06/2019)</a></i></b> "
        "<b><i><a href='docs/colmenas.htm'>Nuevas colmenas junto al camino alto</a></i></b></li>"
    )
    within = "".join(
        f"<li><b><i><a href='docs/{name}'>({day}/06/2019) {title}</a></i></b></li>"
        for name, day, title in (
            ("molino.pdf", 29, "El molino de la vereda vuelve a moler trigo"),
            ("fuente.htm", 18, "Limpieza de la fuente vieja en la plaza"),
        )
    )
    items = read(months(("Junio 2019", within + wrong)))
    assert days(items) == ["2019-06-29", "2019-06-18", "2019-06-14"]


def test_a_bracketed_day_without_its_year_is_read_among_dated_rows() -> None:
    short = row(WITHIN, "28 de junio", "docs/faro.htm", "El faro abre sus puertas al público")
    items = read(months(("Junio 2019", JUNE + short)))
    assert days(items) == ["2019-06-29", "2019-06-18", "2019-06-15", "2019-06-28"]
    assert items[3].title == "El faro abre sus puertas al público"
