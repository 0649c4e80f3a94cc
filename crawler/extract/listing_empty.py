"""Whether a page says of itself that it has no news at present: a list that is empty and fine.

"Zurzeit keine Meldungen", "There are currently no news": a sentence of nothing but a word for
none, a word for news and words that any such sentence has. "Miss no news" is no such sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from crawler.extract.listing_article import is_article
from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_learned import GONE, emptied, stood_here
from crawler.extract.listing_reading import ListingHints, ListingReading
from crawler.extract.listing_words import LATEST, NEWS, vocabulary, words
from crawler.extract.listing_zones import ASIDE, FURNISHED, HIDDEN_STYLE
from crawler.model.reading import SAYS_NONE

_LONGEST = 160  # characters of the passage; its first sentence has to say it
_MOST_WORDS = 14
_PIECES = 5  # texts the passage may be made of
_HIDING = vocabulary("hidden hide d-none is-hidden ng-hide display-none invisible")
_SHOWING = re.compile(r"[-:](block|flex|grid|inline|table)")  # on larger screens
_SENTENCE_END = re.compile(r"[.!?…。！]")
_NONE = vocabulary(
    "no none kein keine keinen keinerlei aucun aucune pas nessun nessuna nessuno non geen ingen "
    "inga inget intet ei brak nie zadne zadna zadny nejsou neni nema ningun ninguna hay nenhum "
    "nenhuma nao nincs nincsenek"
)
_FILLING = LATEST | vocabulary(
    """there are is were we have has been be at the this that present moment time right now so far
    yet currently available found to display show published posted in on of for here sorry new any
    page section category current actual
    zurzeit zur zeit derzeit momentan gegenwärtig im moment aktuell aktuelle aktuellen leider es
    gibt liegen sind wurden wir haben vor vorhanden verfügbar verfügung stehen gefunden da hier noch
    bisher bislang neuen neue und diesem dieser diese bereich rubrik kategorie veröffentlicht uns
    zu anzuzeigen anzeigen heute
    il n y a pour le la l instant actuellement de d des du disponible disponibles afficher été
    trouvé trouvée publié publiée dans cette rubrique catégorie encore nous avons en ce récente est
    sont
    al momento ci sono è presente presenti disponibile disponibili attualmente questa sezione
    categoria ancora da visualizzare trovata trovate trovato trovati pubblicate pubblicati per
    er zijn op dit momenteel beschikbaar geplaatst deze categorie nog het gevonden
    der øjeblikket tiden lige nu endnu tilgængelige at vise fundet denne kategori på har vi i
    nuværende tidspunkt aktuelle
    det finns just för närvarande än ännu att visa hittades tillgängliga publicerade den här
    kategorin aktuella
    akkurat nå øyeblikket ennå foreløpig tilgjengelige å funnet publisert
    ole tällä hetkellä vielä juuri nyt yhtään uusia näytettäviä löytynyt julkaistu saatavilla
    obecnie w tej chwili ma jeszcze żadnych nowych do wyświetlenia dostępnych kategorii
    v současné době momentálně zatím k dispozici zobrazení nebyly nalezeny této zde aktuálně
    que este ahora por todavía aún mostrar publicadas publicados encontradas encontrado han se
    esta sección categoría el
    há de atualmente neste ainda disponível disponíveis para exibir encontradas nesta secção seção
    foram existem"""
)
_NAMES = (NEWS - _FILLING) | vocabulary(
    """items announcements eintrag einträge publications publicaciones artigos articoli artículos
    berichten artikelen indlæg opslag meddelelser inlägg innlegg saker uutisia tiedotteita
    ajankohtaista artikkeleita aktualności wiadomości komunikatów wpisów artykułów aktualit novinek
    zpráv příspěvky článků notícias artigos entradas comunicados"""
)
_UNSPACED = re.compile(
    r"(뉴스|소식|게시물|게시글|공지사항|보도자료|기사|글)[이가은는]? ?"
    r"(없습니다|없음|존재하지 ?않습니다)"
    r"|(お知らせ|ニュース|新着情報|記事|プレスリリース|トピックス)(は|が)?[^。]{0,6}"
    r"(ありません|ございません)"
    r"|(暂无|暫無|没有|沒有|尚无)(相关|最新|新|任何)?的?(新闻|新聞|消息|资讯|資訊|公告|动态|動態|文章|通知)"
)


def or_empty(
    document: Document,
    reading: ListingReading,
    hints: ListingHints,
    anew: Callable[[], ListingReading],
) -> ListingReading:
    """A reading without items as that of an empty list, where the page says that it is one.

    ``anew`` reads the page without what was learned: where that finds a list, the page is not
    empty but redesigned, whatever a part of it says.
    """
    asked = hints.like or hints.pick is not None
    if reading.items or asked or (reading.broken and not reading.broken.startswith(GONE)):
        return reading
    said = says_none(document, hints.learned)
    if not said or (hints.learned and anew().items):
        return reading
    why = f"{SAYS_NONE[0].lower()}{SAYS_NONE[1:]}: “{said}”"
    return replace(reading, learned=emptied(hints.learned), why=why, broken="", empty=said)


def says_none(document: Document, learned: Mapping[str, Any]) -> str:
    """The words by which a page says that it has no news, where a learned list of it stood if
    there was one; "" where it does not."""
    unseen = _unseen(document)
    said = [
        text
        for node in document.nodes
        if not (node.zone & (FURNISHED | ASIDE) or node.leads or unseen[node.index])
        and (node.tag in HEADINGS or not document.heading_count(node.index))
        and 0 < node.last_word - node.first_word <= _PIECES
        and not any(unseen[owner] for owner in document.owners[node.first_word : node.last_word])
        and len(text := document.text(node.index)) <= _LONGEST
        and is_none_said(text)
        and stood_here(document, node, learned)
    ]
    return min(said, key=len) if said and not is_article(document) else ""


def _unseen(document: Document) -> list[bool]:
    """By node, whether it or one around it is kept from sight: until a script has use for it."""
    unseen: list[bool] = []
    for node in document.nodes:
        unseen.append((node.parent >= 0 and unseen[node.parent]) or _is_kept_back(node))
    return unseen


def _is_kept_back(node: Node) -> bool:
    if node.tag in ("html", "body"):
        return False
    classes = node.attrs.get("class", "").lower().split()
    return (
        "hidden" in node.attrs
        or node.attrs.get("aria-hidden", "").lower() == "true"
        or HIDDEN_STYLE.search(node.attrs.get("style", "")) is not None
        or (not _HIDING.isdisjoint(classes) and not any(map(_SHOWING.search, classes)))
    )


def is_none_said(text: str) -> bool:
    """Whether a passage's first sentence says that there is no news, and no more."""
    first = _SENTENCE_END.split(text.strip(" –—-*•[]()"), maxsplit=1)[0]
    if not first.isascii() and _UNSPACED.search(first):
        return True
    found = words(first)
    return (
        1 < len(found) <= _MOST_WORDS
        and not _NONE.isdisjoint(found)
        and not _NAMES.isdisjoint(found)
        and all(word in _NONE or word in _NAMES or word in _FILLING for word in found)
    )
