"""Which short lines above an article's text are its byline: date, author, section, reading time.

A template prints these in one line or several, with labels or without. What is counted away are
dates, reading times, view counts and label words; a byline is a line of which no more is left
than a name or the name of a section.
"""

from __future__ import annotations

import re

from crawler.extract.article_dates_words import EVENT_LABEL, MODIFIED_LABEL, PUBLISHED_LABEL
from crawler.extract.dates_grammar import readings

_LONGEST = 160
_WORD = re.compile(r"\w+")
# What may be left beside a date or count: a section, a name; behind "by" or "in" a longer one.
_FEW_WORDS = 2
_NAME_WORDS = 5
_PART_WORDS = 4
_SENTENCE_END = (".", "!", "?", "。", ":", "…")

_MINUTES = r"(?:min(?:\.|s\b|ut\w{0,5}|uuttia)?|분|分钟?|分)"
_READING_LABEL = (
    r"(?:(?:geschätzte |estimated |average |approx\.? )?"
    r"(?:lesezeit|lesedauer|reading time|read(?:ing)? time|time to read)|læsetid|lästid|lesetid|"
    r"(?:temps|durée) de lecture|leestijd|czas czytania|(?:doba|čas) čtení|tempo di lettura|"
    r"tiempo de lectura|tempo de leitura|lukuaika|읽는 시간|読了時間|阅读时间)"
)
_READING_SUFFIX = (
    r"(?:read(?:ing)?(?: time)?|to read|lesezeit|lesedauer|læse(?:tid|læsning)?|læsning|läsning|"
    r"lästid|lesetid|de lecture|leestijd|lezen|czytania|čtení|di lettura|de lectura|de leitura|"
    r"lukuaika|lukemiseen)"
)
_ABOUT = r"(?:ca\.?|approx\.?|about|etwa|circa|env(?:iron|\.)?|ok\.|cirka|noin|약|約|~)"
READING_TIME = re.compile(
    rf"{_READING_LABEL}\s{{0,2}}[:：]?\s{{0,2}}(?:{_ABOUT}\s{{0,2}})?(?:[\d<>,.–-]{{1,6}}\s{{0,2}}"
    rf"{_MINUTES}|[\d<>]{{1,3}}\b)|"
    rf"(?:{_ABOUT}\s{{0,2}})?\b\d{{1,3}}\s{{0,2}}[-–]?\s{{0,2}}{_MINUTES}\s{{0,2}}{_READING_SUFFIX}\b|"
    rf"^\W{{0,3}}\d{{1,3}}\s{{0,2}}{_MINUTES}\W{{0,3}}$",
    re.IGNORECASE,
)
_COUNTED = (
    r"(?:views?|page ?views?|reads?|shares?|likes?|comments?|aufrufe?|zugriffe?|klicks?|"
    r"kommentare?|mal gelesen|visninger|visningar|kommentarer|vues?|lectures?|commentaires?|"
    r"weergaven|reacties|wyświetle(?:ń|nia)|odsłon|komentarzy?|zobrazení|komentář\w{0,2}|"
    r"visualizzazioni|letture|commenti|visitas|lecturas|comentarios?|visualizações|comentários?|"
    r"katselu\w{0,8}|kommentti\w{0,2}|kommenttia|回閲覧|次阅读|次浏览)"
)
_COUNT_LABEL = (
    r"(?:views?|hits|visits|aufrufe|zugriffe|gelesen|visninger|visningar|vues|odsłony|"
    r"wyświetlenia|zobrazeno|letture|visitas|조회(?:수)?|閲覧数|浏览(?:次数)?|阅读(?:量)?|点击(?:数)?)"
)
_NUMBER = r"\d{1,3}(?:[.,\s]?\d{3}){0,2}"
COUNT = re.compile(
    rf"(?<![\d.,]){_NUMBER}\s{{0,2}}{_COUNTED}(?!\w)|"
    rf"(?<!\w){_COUNT_LABEL}\s{{0,2}}[:：]?\s{{0,2}}{_NUMBER}(?![\d.,]*\w)",
    re.IGNORECASE,
)
# Words that introduce an author or a section.
_INTRODUCED = re.compile(
    r"(?<!\w)(?:by|von|par|por|door|di|af|av|text|autor(?:in|ka|a|e)?|author|auteur|forfatter|"
    r"författare|skribent|verfasser(?:in)?|redakt(?:ion|ør|ör|eur)|autore|kirjoittaja|"
    r"written by|posted by|posted in|filed under|in|category|categories|kategorien?|rubrik(?:en)?|"
    r"section|topics?|tags?|kategori(?:er)?|emner?|ämnen?|catégories?|rubrique|categorieën?|"
    r"categoria|categorie|categoría|kategoria|kategorie|rubryka|luokka|작성자|글쓴이|기자|카테고리|"
    r"カテゴリー?|作者|分类)\s{0,2}[:：]?(?!\w)",
    re.IGNORECASE,
)
# A label that only stands before who wrote a text; what is behind it is told by its letters.
_SIGNED = re.compile(
    r"(?:autor(?:in|ka)?|author|auteure?|forfatter|författare|verfasser(?:in)?|autore|kirjoittaja|"
    r"text|글쓴이|작성자|작성|作者|撰文|執筆者|筆者)\s{0,2}[:：]\s{0,2}(?=\S)|(?:작성자|글쓴이|기자)\s(?=\S)",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"(?<!\w)[^\W\d_][\w-]{0,5}\.(?=[\s-])")  # "Prof.", "Dr.-Ing.", "v."
_REPORTER = re.compile(
    r"^(?:\[[^\]]{1,20}\]\s?)?[가-힣]{2,4}\s?(?:기자|특파원)(?:\s\S{3,40}@\S{3,40})?$"
)
# Words around dates that say nothing else; the labels of publication are in ``dates_words``.
_BESIDE_DATES = re.compile(
    r"(?<!\w)(?:am|um|uhr|on|at|le|à|den|d|kl|klo|el|em|il|alle|ore|op|om|dnia|godz|dne|v|the|"
    r"and|und|et|og|och|en|y|e|i|ja|oclock|hrs|h)(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<![\d.:])\d{1,2}[:.h]\d{2}(?![\d.:])")
_BETWEEN = re.compile(r"\s[|·•∙⋅/–—-]\s|[|·•∙⋅]")


def is_byline(text: str) -> bool:
    """Whether a line above the text says no more than when, by whom, where on the site, and how
    long to read or how often read. Titles and names alone are none: something must be counted
    away that only templates print."""
    if len(text) > _LONGEST or _is_invitation(text):
        return False
    if _is_signed(text):
        return True
    rest = COUNT.sub(" | ", READING_TIME.sub(" | ", text))
    is_counted = rest != text
    bare = _without_dates(rest)
    if not is_counted and bare == rest and not _is_introduced(text):
        return False
    return _is_name(bare) if not text.endswith(_SENTENCE_END) else len(_words(bare)) <= _FEW_WORDS


def _is_signed(text: str) -> bool:
    """Whether a line is a label and a name: "Autor: Dr. Anna v. d. Heide", "홍길동 기자"."""
    if _REPORTER.match(text):
        return True
    label = _SIGNED.match(text)
    if label is None or text.endswith(_SENTENCE_END):
        return False
    names = _words(_DEGREE.sub(" ", text[label.end() :]))
    return len(names) <= _NAME_WORDS and all(_is_proper(word) for word in names)


def _is_invitation(text: str) -> bool:
    """Whether the line says when something takes place, which is news."""
    found = readings(text)
    return bool(found) and EVENT_LABEL.search(text[: found[0].start]) is not None


def _without_dates(text: str) -> str:
    """The text with every date cut out, and the label before it."""
    for reading in reversed(readings(text)):
        before = text[: reading.start]
        label = PUBLISHED_LABEL.search(before) or MODIFIED_LABEL.search(before)
        start = label.start() if label else reading.start
        text = f"{text[:start]} | {text[reading.end :]}"
    return text


def _is_introduced(text: str) -> bool:
    """Whether labels begin the line's parts: "Section: Technology · by Ann Example"."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    return len(parts) > 1 and all(_INTRODUCED.match(part) for part in parts)


def _is_name(rest: str) -> bool:
    """Whether what is left is a few words, or the names that a label or separators announce."""
    words = _words(rest)
    if len(words) <= _FEW_WORDS:
        return True
    if _INTRODUCED.search(rest):
        return len(words) <= _NAME_WORDS and all(_is_proper(word) for word in words)
    parts = [part for part in (_words(part) for part in _BETWEEN.split(rest)) if part]
    return len(parts) > 1 and all(
        len(part) <= _PART_WORDS and _is_proper(part[0]) for part in parts
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(_BESIDE_DATES.sub(" ", _TIME.sub(" ", _INTRODUCED.sub(" ", text))))


def _is_proper(word: str) -> bool:
    return not word[0].islower() or word in {"de", "van", "der", "von", "la", "zu"}
