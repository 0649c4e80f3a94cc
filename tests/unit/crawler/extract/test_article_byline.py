"""Which lines above a text are bylines, and which already the text."""

from __future__ import annotations

import pytest

from crawler.extract.article_byline import is_byline
from tests.cost import bounded

BYLINES = """
9. Okt. 2018 Lesezeit: 2 Minuten
30. Aug. 2018 · 3 Min. Lesezeit · Presse
20 Nov 2026 | 5 min read
5 min read
By Ann Example | 20 November 2026 | 5 min read
Ann Example · Nov 20, 2026 · 1,204 views
Published on 20 November 2026 by Ann Example in News
Veröffentlicht am 27.02.2025 von Jana Muster in Pressemitteilungen
27.02.2025, 10:30 Uhr | Kategorie: Forschung und Lehre
12-05-26 Læsetid: 3 minutter
Publié le 3 mai 2024 – Temps de lecture : 4 minutes
Geplaatst op 3 mei 2024 door Jan de Vries
Leestijd 3 min
Data publikacji: 3.05.2024 Czas czytania: 2 min
Doba čtení: 5 minut
3 maggio 2024 | Tempo di lettura: 3 minuti
3 de mayo de 2024 | 4 minutos de lectura
2024.05.03 조회수 1,234
2024. 5. 3. 작성자 김민수 조회 321
Press release, 20 September 2018
Aufrufe: 1.203
3 Kommentare | 20.11.2026
Estimated reading time: about 4 minutes
Rubrik: Technik · von Heike Lübben
Autor: Dr. Max v. d. Heide
Autorin: Prof. Dr.-Ing. Anna von der Heide
Author: Ann Example
작성자 홍길동
작성자: 관리자
홍길동 기자 hong@news.example
[세종] 홍길동 기자
"""
TEXTS = """
Vierzehn Betriebe öffneten ihre Türen für den Nachwuchs.
160 Teilnehmende, 19 Vorträge und ein Abend im Botanischen Garten.
Am 9. Oktober 2018 trafen sich 60 Gäste in Jena.
In 5 minutes the machine reads a whole page.
The bus leaves every 15 minutes
Jena hat gewählt
Von Jena nach Gera
5 views on health care from Denmark
Der Preis geht 2018 nach Köln.
Since 20 November 2026, members can borrow the printer for free
Two million views and no sale
Die Frist endet am 9. Oktober 2018 um 12 Uhr.
Reading time is the new currency
Termin: 12.03.2027, 9:00–16:00 Uhr
Von Jena nach Gera | Teil 2
Autor: Max Muster stellt vor, wie der Verbund wächst
작성자는 이번 사업이 지역에 도움이 된다고 말했다.
이번 기자 회견에는 많은 사람이 왔다.
Text: Rund 600 Neugierige haben die Werkstätten besucht
"""


@pytest.mark.parametrize("line", BYLINES.strip().splitlines())
def test_lines_of_dates_names_and_reading_times_are_bylines(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize("line", TEXTS.strip().splitlines())
def test_lines_that_say_more_are_text(line: str) -> None:
    assert not is_byline(line)


@pytest.mark.parametrize("line", ["", " ", "|", "Ann Example", "Pressemitteilung", "3D-Druck"])
def test_what_no_template_prints_alone_is_no_byline(line: str) -> None:
    assert not is_byline(line)


def test_hostile_lines_cost_little_time() -> None:
    with bounded():
        for piece in ("Dr. ", "by ", "1 ", "min ", "| ", "views 1 ", "Lesezeit: ", "12.", "\u00a0"):
            is_byline((piece * 160)[:160])
            is_byline(piece * 100_000)
