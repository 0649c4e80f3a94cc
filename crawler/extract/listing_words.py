"""The words by which pages name their news, their other lists and their furniture.

All in lower case without accents, as ``plain`` makes them; compared word by word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.extract import listing_words_further as further
from crawler.extract.remembering import remembering

_SPECIAL = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "a", "ł": "l", "đ": "d"}
)
_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain(text: str) -> str:
    """Lower case, German and Nordic letters spelt out, other accents dropped."""
    lowered = text.lower().translate(_SPECIAL)
    if lowered.isascii():
        return lowered
    split = unicodedata.normalize("NFKD", lowered)
    kept = "".join(c for c in split if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


def vocabulary(text: str) -> frozenset[str]:
    """The words of a list written as text, plain."""
    return frozenset(plain(text).split())


NEWS = vocabulary(further.NEWS) | vocabulary(
    """news newsroom newscenter newscentre
    newslist newsticker newsroll newsfeed nachrichten nachricht aktuell aktuelle
    aktuelles meldung meldungen pressemitteilung pressemitteilungen pressemeldung pressemeldungen
    presseinformation presseinformationen presse press pressroom pressreleases pressrelease blog
    blogs weblog post posts artikel article articles story stories beitrag beitraege neuigkeit
    neuigkeiten neues mitteilung mitteilungen bekanntmachungen ankuendigungen newsarchiv
    actualite actualites actu actus actualitat actualitats communique communiques nouvelles
    breves nieuws nieuwsbericht nieuwsberichten persberichten nyhed nyheder nyhet nyheter aktuelt
    pressemeddelelse pressemeddelelser pressemelding pressmeddelanden artikler artiklar artikkeli
    uutiset uutinen ajankohtaista tiedotteet notizia notizie novita comunicati comunicato
    attualita noticia noticias actualidad novedades prensa comunicados comunicado entrades
    noticies novetats premsa novidades imprensa aktualnosci aktualnosc wiadomosci komunikaty
    wydarzenia aktuality aktualne aktualita novinky novinka zpravy clanky clanek tiskove spravy
    hirek hir hireink sajto uudised uudis naujienos naujiena jaunumi zinas vijesti novosti novice
    berriak albisteak nea stiri noutati haberler duyurular novini novyny
    updates update announcement announcements release releases insights insight magazine magazin
    headlines headline bulletin journal editorial entries entry hentry newsitem
    opinion opinions meinung meinungen commentary kolumne kolumnen editorials
    뉴스 소식 새소식 보도자료 공지사항 언론보도 기사 신문 新闻 新聞 公告 动态 资讯 通知 要闻 快讯
    ニュース お知らせ 新着情報 新着 プレスリリース トピックス"""
)
OTHER = vocabulary(further.OTHER) | vocabulary(
    """event events veranstaltung veranstaltungen veranstaltungskalender termin termine kalender
    calendar agenda seminar seminars seminare webinar webinars kurse kurs courses course
    workshops training weiterbildung arrangementer arrangement kalenderen eventi evenement
    evenements evenementen
    eventos evento esdeveniments udalosti akce tapahtumat rendezvenyek kursy szkolenia
    job jobs jobboerse stellen stellenangebote stellenanzeigen karriere career careers vacancies
    vacancy vacatures emploi emplois offres stillinger ledige lavora empleo praca kariera prace
    partner partners partnere partnern partenaire partenaires partenariats mitglied mitglieder
    member members membre membres medlemmer medlem leden clenove soci socios associados jasenet
    sponsor sponsors sponsoren supporters foerderer kunden clients customers logos logo team
    teams mitarbeiter staff people persons person personen ansprechpartner kontakt contact contacto
    contacts contatti yhteystiedot kontakty
    vorstand board equipe medarbejdere ansatte product products produkt produkte
    produits prodotti productos produto produtos produkter shop warenkorb cart price prices
    services service leistungen leistung dienstleistungen ydelser tjenester servizi servicios
    unternehmen companies company firmen organisations directory verzeichnis
    download downloads mediathek gallery galerie galleries fotos photos videos video bilder
    bildergalerie faq faqs fragen testimonial testimonials references referenzen
    kategorie kategorien category categories themen schlagworte schlagwort tag tags tagcloud
    project projects projekt projekte projekter projet projets proyectos progetti projekty
    positions position openings stellenmarkt offene forum forums forumtitle documentation docs
    toctree manual manuals handbook tutorial tutorials glossary glossar lexikon
    comment comments kommentar kommentare commentaires comentarios popular
    beliebt beliebte meistgelesen trending mostread toplist sitemap
    newsletter subscribe abonnieren social share sharing twitter facebook instagram tweets
    whatson weather wetter login standorte locations
    행사 일정 채용 파트너 회원사 제품 自动 产品 招聘 会员 活动 イベント 採用"""
)
# What is new of anything: news, unless another word says of what ("recent comments").
LATEST = vocabulary(further.LATEST) | vocabulary(
    """latest recent newest derniers dernieres dernier derniere recents recentes ultimas ultimos
    ultimes ultime ultimi recientes recenti darreres neueste neuesten juengste seneste senaste
    siste laatste recente nejnovejsi najnowsze ostatnie najnovsie uusimmat legfrissebb
    최신 最新 新着"""
)
_OF_NEWS = NEWS | LATEST | vocabulary("and und et og och y e i en our unsere nos from the")
# Whole headings: "What's new?"
WHATS_NEW = frozenset(
    frozenset(plain(line).split())
    for line in """what s new
whats new
what is new
was gibt es neues
was ist neu
quoi de neuf
lo nuevo
que hay de nuevo
o que ha de novo
cosa c e di nuovo
wat is er nieuw
hvad er nyt
hva er nytt
vad är nytt
mitä uutta
co nowego
co je nového
čo je nové
mi újság
ce e nou
что нового
що нового""".splitlines()
)
# Lists that are dated and worded like news; only beside a list of news do they say what they are.
APART = vocabulary(
    """publication publications publikation publikationen veroeffentlichung veroeffentlichungen
    publikationer publicatie publicaties publicacion publicaciones pubblicazione pubblicazioni
    publicacions publikacje publikace publicacoes julkaisut kiadvanyok
    tender tenders bids bid procurement procurements ausschreibung ausschreibungen vergabe vergaben
    appels offres marches udbud anbud upphandling upphandlingar aanbesteding aanbestedingen
    licitacion licitaciones licitacoes licitacions bandi gare appalti przetargi zakazky
    tarjouspyynnot call calls proposal proposals grant grants funding foerderung foerderungen
    foerderprogramme foerderaufrufe subvention subventions aides subvencion
    subvenciones ayudas contributi
    document documents dokument dokumente dokumenter dokumenty documenten documento documentos
    documenti report reports rapport rapporter rapporten rapports informe informes study studies
    studie studien etudes estudios brochure brochures broschueren factsheet factsheets whitepaper
    whitepapers guideline guidelines leitfaeden law laws legislation regulation regulations gesetze
    verordnungen lois consultation consultations konsultation konsultationen anhoerungen hoeringer
    statistics statistik statistiken statistiques estadisticas dates deadlines fristen
    정책자료 발간물 입찰 자료실 출판물 招标 采购 出版物 报告 入札 調達 刊行物 報告書"""
)
FURNITURE = vocabulary(
    """nav navi navigation navbar menu menue menus submenu mainmenu mainnav metanav topnav subnav
    breadcrumb breadcrumbs breadcrumbnav rootline pagination pager paging paginator pagenavi
    pagebrowser footer foot colophon impressum imprint copyright cookie cookies cookiebar
    consent gdpr dsgvo cookiebanner cmplz borlabs usercentrics onetrust skip skiplinks offcanvas
    megamenu dropdown toolbar topbar languages language langswitch sprache social socials share
    sharing shariff addtoany login search searchform suche tagcloud tags categories"""
)
ASIDE = vocabulary(
    """sidebar sidebars aside secondary widget widgets complementary rightcol rightcolumn
    marginal marginalspalte sidecolumn sidepanel seitenleiste"""
)
MORE = vocabulary(further.MORE) | vocabulary(
    """more mehr weiter weiterlesen lesen weitere details detail zum zur den des der die das
    artikel beitrag meldung nachricht hier klicken ansehen anzeigen erfahren infos informationen
    jetzt mehrlesen read reading continue full story article learn find out view see the here click
    open go to this on about post news entire link
    laes laese mere les lees meer verder lire la suite lis plus en savoir de l voir decouvrir
    leggi tutto continua leer mas ver leia mais saber llegir mes czytaj wiecej dalej cist vice
    cist dale cely clanek pokracovat viac tovabb olvasom bovebben lue lisaa las loe
    edasi skaityti daugiau lasit vairak procitaj vise preberi citeste mult devamini oku
    자세히 보기 더보기 더 바로가기 阅读 更多 详情 查看 阅读全文 详细
    続きを読む 詳細 詳しく もっと見る
    und and et og och download downloads herunterladen telecharger pdf kb mb datei file
    hent scarica descargar comment comments kommentar kommentare kommentarer commentaire
    commentaires comentario comentarios reacties reactie response responses replies antworten"""
)
ARTICLE_TYPES = ("newsarticle", "blogposting", "/article", "socialmediaposting", "reportage")


@remembering(20_000)
def words(text: str) -> tuple[str, ...]:
    """The plain words of a text."""
    return tuple(_WORD.findall(plain(text)))


@remembering(20_000)
def name_words(names: str) -> frozenset[str]:
    """Plain words of class names, ids and paths: ``newsList-view_item`` → news list view item."""
    return frozenset(_WORD.findall(plain(_CAMEL.sub(" ", names)).replace("_", " ")))


_NEWS_ENDINGS = tuple(
    vocabulary(
        "news nachrichten meldungen meldung mitteilungen mitteilung neuigkeiten nyheder nyheter "
        "nieuws berichte beitraege presse blog"
    )
)
_OTHER_ENDINGS = tuple(
    vocabulary(
        "veranstaltungen termine kalender angebote partner mitglieder produkte projekte galerie "
        "kategorien kommentare events jobs members kontakte"
    )
)
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff]")


_FURTHER = re.compile(
    r"^(related|read (also|next|more|on)|see also|you (may|might) (also )?(like|enjoy)"
    r"|more (from|on|in)|also (interesting|read)|(lesen|lies) (sie )?auch|mehr (zum|aus|von|zu)"
    r"|das koennte (sie|dich)|auch interessant|passend (dazu|zum)|zum weiterlesen"
    r"|(a )?lire aussi|a lire|dans la meme rubrique|sur le meme (sujet|theme)|voir aussi"
    r"|laes ogsa|les ogsa|las ocksa|lees ook|meer (over|uit)|leggi anche|ver tambien|lee tambien"
    r"|(verwandte|aehnliche|weitere) (artikel|beitraege|themen|meldungen)|relaterede|relaterade"
    r"|(articles|a voir) (similaires|lies|connexes)|(articulos|noticias) relacionad[ao]s"
    r"|gerelateerde?|articoli correlati|powiazane|leia tambem"
    r"|czytaj (tez|takze|rowniez)|zobacz (tez|takze)|lue myos|precti|mohlo by vas)\b"
)


def names_further(text: str) -> bool:
    """Whether a heading introduces further articles beside one: "Read also"."""
    return len(text) < 60 and bool(_FURTHER.search(plain(text).strip(" .:!?…")))


_POPULAR = re.compile(
    r"\b(most|best) (read|viewed|clicked|popular|shared|commented|liked|emailed|discussed)\b"
    r"|\btop (stories|posts|ten|\d{1,2})\b|\bpopular\b|\btrending\b"
    r"|\bmeist(gelesen|geklickt|gesehen|kommentiert|geteilt)e?n?\b|\bam meisten\b"
    r"|\bbeliebte?s?t?e?n?\b"
    r"|\bmeest (gelezen|geklikt|bekeken|gedeeld)\b|\bpopulair\b"
    r"|\b(les )?(plus|\+) (lus?|lues|vus?|vues|commentes|partages|populaires)\b"
    r"|\bmas (leid[oa]s?|vist[oa]s?|comentad[oa]s?|compartid[oa]s?|popular(es)?)\b"
    r"|\b(piu) (lett[ie]|vist[ie]|commentat[ie]|popolari)\b|\bmais (lid[oa]s|vist[oa]s)\b"
    r"|\bmest (laeste|leste|lasta|laest|lest|last|populaere)\b|\bnejctenejsi\b|\bnajczesciej\b"
    r"|\bnajcitanejsie\b|\bcok okunan\w*|\bluetuimmat\b|\blegolvasottabb\b"
)


def names_popular(text: str) -> bool:
    """Whether a heading names what is read most: "Meistgelesen", "Most viewed"."""
    return len(text) < 60 and bool(_POPULAR.search(plain(text)))


def names_apart(text: str) -> bool:
    """Whether a heading or a folder names dated papers that are no news: tenders, reports."""
    found = frozenset(words(text))
    return weigh(found) <= 0 and any(_among(word, APART, ()) for word in found)


def names_news(text: str) -> bool:
    """Whether a heading says news and nothing else: "Latest news", "Aktuelles"."""
    found = words(text)
    return any(word in NEWS for word in found) and all(word in _OF_NEWS for word in found)


def news_words(text: str) -> int:
    """How many of the words name news, minus those that name another kind of list."""
    return weigh(frozenset(words(text)))


@lru_cache(maxsize=20_000)
def weigh(found: frozenset[str]) -> int:
    """News words minus words of other lists in a set of plain words."""
    news = sum(1 for w in found if _among(w, NEWS, _NEWS_ENDINGS))
    other = sum(1 for w in found if _among(w, OTHER, _OTHER_ENDINGS))
    if not news and not other:
        return int(found in WHATS_NEW or any(_among(w, LATEST, ()) for w in found))
    return news - other


def _among(word: str, vocabulary: frozenset[str], endings: tuple[str, ...]) -> bool:
    if word in vocabulary:
        return True
    if not word.isascii() and _UNSPACED.search(word):  # these scripts set no spaces between words
        return any(part in word for part in vocabulary if _UNSPACED.search(part))
    return len(word) > 7 and word.endswith(endings)


def is_more(text: str) -> bool:
    """Whether a link's text only invites to read on, and names nothing."""
    found = words(text)
    if not found:
        return True
    return len(found) <= 6 and all(word in MORE for word in found)
