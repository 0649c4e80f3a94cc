"""What about an edited item a reader must be told: corrected, withdrawn, cancelled, other facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crawler.stories.anchors import anchors
from crawler.stories.numbers import word_number
from crawler.stories.text import body, fold, plain

MAX_WORDS = 300  # characters of a change as it is stored
LEAD = 400  # characters of a text that count as its lead
MOST_FACTS = 3  # that are named

# Folded beginnings of words, by what they say: our own compilation.
_SAID = {
    "withdrawn": (
        r"zuruckgezogen|ruckzug der meldung|zieht (?:meldung|mitteilung) zuruck|widerruf|"
        r"withdrawn|retract(?:ed|ion)|trukket tilbage|traekkes tilbage|communique (?:est )?retire|"
        r"retractation|wycofan|ritirat[oa]\b|ritrattazione|indragen|dras tillbaka|ingetrokken|"
        r"retirad[oa]\b|철회"
    ),
    "cancelled": (
        r"abgesagt|absage\b|entfallt\b|fallt aus\b|cancel+ed\b|called off|aflyst|aflyses|"
        r"annule|odwolan|annullat[oa]|installt|inst[ae]lls|afgelast|geannuleerd|cancelad[oa]|취소"
    ),
    "postponed": (
        r"verschoben|verlegt auf|neuer termin|postponed|rescheduled|new date|udsat til|udskudt|"
        r"flyttet til|reporte|nouvelle date|przelozon|nowy termin|rinviat[oa]|nuova data|"
        r"skjuts upp|flyttas till|uitgesteld|verplaatst naar|aplazad[oa]|nueva fecha|연기"
    ),
    "corrected": (
        r"korrektur\b|korrigiert|berichtig|richtigstellung|correction\b|corrected\b|corrigendum|"
        r"erratum|anders als zunachst|in einer fruheren (?:version|fassung)|an earlier version|"
        r"rettelse|berigtigelse|rectificat|rectifie|sprostowanie|korekta|errata corrige|rettifica|"
        r"rattelse|rectificatie|correctie|correccion|정정|바로잡"
    ),
}
_MARKS = [re.compile(rf"(?<!\w)(?:{words})") for words in _SAID.values()]
_CORRECTED = re.compile(rf"(?<!\w)(?:{_SAID['corrected']})")
_CORRECTED_TITLE = re.compile(rf"\W*(?:{_SAID['corrected']})\w{{0,8}}\s?[:\])|–-]")
_CORRECTED_AFTER = re.compile(rf"[(\[](?:{_SAID['corrected']})\w{{0,8}}[)\]]\W*$")
_UPDATED = (
    r"(?:aktualisier|update|opdater|uppdater|mise? a jour|zaktualizowan|aktualizacj|aggiorna|"
    r"bijgewerkt|actualizad|업데이트|수정)\w{0,6}"
)
_UPDATED_TITLE = re.compile(
    rf"\W*[(\[]\W*{_UPDATED}[^()\[\]]{{0,30}}[)\]]\W*|^\W*{_UPDATED}\s?:\W*"
)
_FACTS = ("amount", "date")  # of the title and the lead; other figures change with every edit
_RUNNING = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\])|\b\d{1,2}:\d\d\b"
)  # counters, hours of tickers
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIGURE = re.compile(r"\d+")
_KOREAN = {
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
}


def material_change(before: tuple[str, str], after: tuple[str, str], language: str = "") -> str:
    """What a reader of the old (title, text) must know of the new one; "" for mere edits.

    What shows it, for readers of any language: the title or sentence that says so, in the
    item's own words, or the figures that were exchanged, ``4 200 000 → 2 400 000``,
    ``05-04 → 05-11`` (month and day), of a title any number: ``deux jours → trois jours``.
    """
    for mark in _MARKS:
        if said := _newly_said(mark, before, after):
            return said[:MAX_WORDS]
    ours, theirs = _facts(before, language), _facts(after, language)
    for kind in _FACTS:
        gone, come = ours[kind] - theirs[kind], theirs[kind] - ours[kind]
        if gone and come:  # added or left out is an edit, exchanged is another fact
            return f"{_shown(gone)} → {_shown(come)}"[:MAX_WORDS]
    return _recounted(before[0], after[0], language)[:MAX_WORDS]


def is_correction(title: str, told: Sequence[str] = ()) -> bool:
    """Whether an item says that it corrects another: at the beginning or the end of its title
    (``Korrektur: …``, ``… (rectifié)``), at the beginning of its text, or in the last of its told
    paragraphs (``In einer früheren Fassung …``)."""
    if any(_CORRECTED_TITLE.match(_folded(said)) for said in (title, *told[:1])):
        return True
    if _CORRECTED_AFTER.search(_folded(title)):
        return True
    return len(told) > 1 and _CORRECTED.search(_folded(told[-1])) is not None


def is_update(title: str, other: str) -> bool:
    """Whether two titles are one, of which one says that it is newer: ``… (aktualisiert)``."""
    ours, theirs = _folded(title), _folded(other)
    mine, yours = (_UPDATED_TITLE.sub("", folded, count=1) for folded in (ours, theirs))
    return mine == yours and (mine != ours or yours != theirs)


def _newly_said(mark: re.Pattern[str], before: tuple[str, str], after: tuple[str, str]) -> str:
    """The new line that carries the mark; "" where the old version had the mark too."""
    old = _folded("\n".join(_told(before)))
    if mark.search(old):
        return ""
    found = (line for line in _told(after) if mark.search(_folded(line)))
    return next(found, "")


def _told(version: tuple[str, str]) -> list[str]:
    """The title and the lead, line by line; a notice may also stand at the very end."""
    told = body(version[1])
    lead = "\n".join(told)[:LEAD].split("\n")
    return [plain(version[0]), *lead, *(told[-1:] if len(told) > 1 else [])]


def _facts(version: tuple[str, str], language: str) -> dict[str, frozenset[str]]:
    told = f"{version[0]}\n{' '.join(body(version[1]))[:LEAD]}"
    found = anchors(told, language)
    return {kind: frozenset(a.key for a in found if a.kind == kind) for kind in _FACTS}


def _recounted(before: str, after: str, language: str) -> str:
    """The words around the numbers that were exchanged in a title that is the same otherwise;
    "" where it is not, or they are only written otherwise."""
    titles = [_RUNNING.sub("", plain(title)) for title in (before, after)]
    ours, theirs = (_in_figures(title, language) for title in titles)
    if _FIGURE.sub("#", ours) != _FIGURE.sub("#", theirs):
        return ""
    pairs = zip(ours.split(), theirs.split(), strict=True)
    changed = [place for place, pair in enumerate(pairs) if len({*map(_values, pair)}) > 1]
    if not changed:
        return ""
    told = (title.split()[changed[0] : changed[-1] + 2] for title in titles)
    return " → ".join(" ".join(words).rstrip(" .,:;") for words in told)


def _in_figures(title: str, language: str) -> str:
    """A folded title with figures in place of number words."""

    def figure(word: re.Match[str]) -> str:
        return str(word_number(word[0], language) or _KOREAN.get(word[0]) or word[0])

    return _WORD.sub(figure, _folded(title))


def _values(word: str) -> tuple[str, ...]:
    return tuple(figure.lstrip("0") for figure in _FIGURE.findall(word))


def _shown(keys: frozenset[str]) -> str:
    return ", ".join(_grouped(key) for key in sorted(keys)[:MOST_FACTS])


def _grouped(key: str) -> str:
    """``4200000`` → ``4 200 000``; days stay as they are."""
    return f"{int(key):,}".replace(",", "\u00a0") if key.isdigit() else key


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    return fold(text)
