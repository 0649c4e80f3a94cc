"""Who wrote an article, by the byline a reader sees: near the title or at the text's end.

Only people are taken: two to four words with the capitals and particles of names, introduced by
"by" in any of our languages or standing in an element that templates name for the author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from crawler.extract.article_metadata import Metadata, author_of
from crawler.extract.article_page import Block, Page, marks_of
from crawler.extract.dates_grammar import readings
from crawler.extract.dates_words import WEEKDAYS

_LONGEST = 160
_BEFORE_TITLE, _AFTER_TITLE = 4, 8
_LAST = 3
_EASTERN_LINE = 80  # characters; a sentence speaks of reporters too
# Shorter words for weekdays are names and particles too: Di, Sol, Mar.
_WEEKDAY = 6
_NO_LINE = frozenset({"related", "recommended", "comment", "comments", "nav", "menu", "sidebar"})

_LABEL = (
    r"(?:(?:(?:posted|written|reported|published|submitted|story|words|text|article) )?by|"
    r"author|(?:(?:geschrieben|verfasst|veröffentlicht|erstellt|eingestellt|text|"
    r"(?:ein )?(?:gast)?beitrag|bericht) )?von|autor(?:in)?|verfasser(?:in)?|"
    r"(?:(?:écrit|publié|rédigé|posté|propos recueillis) )?par|auteure?|"
    r"(?:(?:escrito|publicado|publicada|enviado|postado) )?por|autora|"
    r"(?:(?:scritto|pubblicato) )?da|a cura di|di|autore|"
    r"(?:(?:geschreven|geplaatst|gepubliceerd) )?door|(?:(?:skrevet|publiceret|oprettet) )?af|"
    r"(?:(?:skriven|skrevet|publicerad|publisert) )?av|forfatter|författare|skribent|"
    r"kirjoittaja|kirjoittanut|napisał[ao]?|dodane przez|przez|tekst|text|napsal[ao]?)"
)
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ][\w’'-]{1,24}|[^\W\d_a-zß-öø-ÿ]\.)"
_PARTICLE = (
    r"(?:(?:de|da|do|dos|del|della|der|den|di|du|la|le|van|von|zu|zur|af|av|bin|al|el|y|ter|"
    r"v\.\s?d\.|v\.|z\.|d\.)\s)"
)
_DEGREE = (
    r"(?:(?:(?:Univ\.-)?Prof|Dr|Dipl|Ing|MMag|Mag|M\.?A|M\.?Sc|B\.?Sc|rer|nat|med|phil|jur|iur|oec|"
    r"pol|techn|h\.\s?c|habil)\.(?:-(?:Ing|Kfm|Kff|Inf|Phys|Chem|Biol|Psych|Päd)\.)?\s|PD\s)"
)
# Behind a degree one name is enough.
_NAME = (
    rf"(?:{_DEGREE}*{_CAPITAL}(?:\s{_PARTICLE}{{0,2}}{_CAPITAL}){{1,3}}|"
    rf"{_DEGREE}+(?:{_PARTICLE}{{0,2}}){_CAPITAL})"
)
_AND = (
    r"(?:,\s(?:(?:and|und|et|y|e|en|og|och|ja|i|a)\s)?|\s(?:and|und|et|y|e|en|og|och|ja|i|a|&)\s)"
)
_NAMES = rf"(?P<names>{_NAME}(?:{_AND}{_NAME}){{0,4}})"
_BEHIND = (
    r"(?=$|\W{0,2}$|\s?[,;:(|]|\s\d|"
    r"\s(?:in|on|am|at|vom|für|for|le|el|il|op|den|d\.|dne|dnia|em)\b)"
)
_INTRODUCED = re.compile(rf"^\W{{0,3}}(?i:{_LABEL})\s{{0,2}}:?\s{{1,2}}{_NAMES}{_BEHIND}")
_BARE = re.compile(rf"^\W{{0,2}}(?:(?i:{_LABEL})\s{{0,2}}:?\s{{1,2}})?{_NAMES}\W{{0,2}}$")
_SITE = re.compile(r"^\S+\.[a-z]{2,12}$|^(?:user )?admin\w*$|^\w+ admin$", re.IGNORECASE)
# Names of East Asia: a word without spaces, behind "written by" or before "reporter".
_EASTERN = re.compile(
    r"(?:^|[\s\]）)|·])(?:(?:작성자|글쓴이|필자|作者|撰文|筆者|執筆者)\s?[:：]?|(?:기자|記者|记者)\s?[:：])\s?"
    r"(?P<behind>[가-힣]{2,4}|[\u4e00-\u9fff]{2,4}|[\u3040-\u30ff\u4e00-\u9fff]{3,7})"
    r"(?=$|[\s|,(/·]|기자)"
    r"|(?:^|[\s\]）)=|·])(?P<before>[가-힣]{2,4})\s?(?:객원|인턴|전문|선임|수습)?(?:기자|특파원)"
    r"(?=$|\s?[|=(/]|\s(?:입력|승인|등록|수정|\d|\S{1,40}@))"
)
# Offices and duties that stand where a name would.
_NO_EASTERN = re.compile(
    r"관리|운영|담당|홍보|편집|기획|경영|사무|본부|센터|협회|재단|연구|위원|대변|취재|사회|경제|정치|문화|"
    r"管理|编辑|編集|本报|本社|事務|広報|记者|記者"
)
# "Reporter" stands behind the name in Korean and Japanese.
_TITLE_BEHIND = re.compile(r"\s(?:기자|특파원|記者)$")
_PARTS = re.compile(r"\s[|·•∙⋅/–—-]\s|[|·•∙⋅]")
# What stands around a date that was cut out.
_BESIDE_DATE = re.compile(
    r"^\W{0,3}(?:(?:posted|published|veröffentlicht|geschrieben|publié|publicado|pubblicato|"
    r"geplaatst|udgivet|publicerad|am|on|le|el|il|op|den|dne|um|uhr|at|kl)\b\.?\W{0,3}){1,3}|"
    r"\s(?:am|on|le|el|il|op|den|dne|dnia|um|at|kl|vom|em)\W{0,2}$",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:admin\w*|redaktion\w*|redaktør|redakteur\w*|redacción|redazione|rédaction|redactie|"
    r"redakcja|redakce|toimitus|editor\w*|editorial|staff|team|newsroom|newsdesk|desk|reporters?|"
    r"correspondents?|writers?|contributors?|columnists?|journalist\w*|producer|press|presse\w*|"
    r"agenc\w+|agentur|news|media|dpa|reuters|afp|ap|bbc|cnn|universit\w+|institut\w*|cluster\w*|"
    r"gmbh|ltd|inc|e\.v|verein|verband|ministeri\w+|kommune|stadt|city|region|group|network|"
    r"center|centre|zentrum|club|blog|magazin\w*|times|zeitung|post|journal|company|foundation|"
    r"stiftung|association|department|office|science|senior|special|guest|wikipedia|google|"
    r"facebook|view|more|and|or|of|to|und|oder|aus|nach|et|ou)\b|"
    r"^(?:the|this|all|alle|der|die|das|ein|eine|dem|den|la|le|les|el|los|il|een|het)\b",
    re.IGNORECASE,
)
_AUTHOR_MARKS = frozenset(
    {"author", "byline", "author-name", "authorname", "entry-author", "post-author", "autor"}
    | {"auteur", "autore", "forfatter", "byline-author", "article-author", "article__author"}
)


def article_author(
    page: Page, metadata: Metadata, title: Block | None, text: Sequence[Block]
) -> str:
    """The authors, apart by commas, "" where the page names none.

    The head's statement counts; where it names the site or nobody, the people of a byline do.
    ``title`` is the title's block, ``text`` the chosen blocks of the article's text.
    """
    claimed = author_of(metadata)
    if claimed and not _names_site(claimed, metadata):
        return claimed
    return _byline_author(page, title, text) or claimed


def _names_site(claimed: str, metadata: Metadata) -> bool:
    site = metadata.first("og:site_name", "application-name").casefold()
    return claimed.casefold() == site or _SITE.match(claimed) is not None


def _byline_author(page: Page, title: Block | None, text: Sequence[Block]) -> str:
    near = list(_near(page, title, text))
    for block in near:
        if names := _introduced(block.text):
            return names
    for block in near:
        if _is_named(block) and (match := _BARE.match(block.text)) and (names := _people(match)):
            return names
    end = text[-1].index if text else 0
    last = [*text[-_LAST:], *page.blocks[end + 1 : end + 2]]
    return next((names for block in reversed(last) if (names := _introduced(block.text))), "")


def _near(page: Page, title: Block | None, text: Sequence[Block]) -> Iterator[Block]:
    """Short lines around the title, or above a text without one."""
    anchor = title or (text[0] if text else None)
    if anchor is None:
        return
    first = max(0, anchor.index - _BEFORE_TITLE)
    below = page.blocks[anchor.index + 1 : anchor.index + 1 + _AFTER_TITLE]
    for block in (*below, *reversed(page.blocks[first : anchor.index])):
        if len(block.text) <= _LONGEST and block.furniture not in _NO_LINE:
            yield block


def _introduced(line: str) -> str:
    """The people that a short line introduces as its authors."""
    if len(line) > _LONGEST:
        return ""
    if len(line) <= _EASTERN_LINE and (found := _EASTERN.search(line)):
        name = found["behind"] or found["before"]
        return "" if _NO_EASTERN.search(name) else name
    for part in _PARTS.split(_without_dates(line)):
        match = _INTRODUCED.match(_BESIDE_DATE.sub("", part.strip()).strip())
        if match and (names := _people(match)):
            return names
    return ""


def _without_dates(line: str) -> str:
    """The line with its dates cut out, and the weekdays before them."""
    for reading in reversed(readings(line)):
        before = line[: reading.start].rstrip(" ,.")
        rest, _, last = before.rpartition(" ")
        before = rest if last.casefold() in WEEKDAYS else before
        line = f"{before} | {line[reading.end :]}"
    return line


def _people(match: re.Match[str]) -> str:
    """The names as written, those left out that name no person."""
    names = [_TITLE_BEHIND.sub("", name) for name in re.split(_AND, match["names"])]
    return ", ".join(name for name in names if _is_person(name))


def _is_person(name: str) -> bool:
    words = [word.strip(".,’'").casefold() for word in name.split()]
    is_weekday = words[0] in WEEKDAYS and len(words[0]) >= _WEEKDAY
    return not is_weekday and not _NO_PERSON.search(name) and not _is_doubled(words)


def _is_doubled(words: list[str]) -> bool:
    return any(first == second for first, second in pairwise(words))


def _is_named(block: Block) -> bool:
    """Whether a template names the block's element, or the one around it, for the author."""
    element = block.element
    around = element.getparent()
    return any(
        each is not None and (_AUTHOR_MARKS.intersection(marks_of(each)) or _is_marked_up(each))
        for each in (element, around, *element.iterchildren("a", "span"))
    )


def _is_marked_up(element: object) -> bool:
    get = getattr(element, "get", None)
    if get is None:
        return False
    return "author" in (get("rel") or "").split() or get("itemprop") == "author"
