"""Gatherings called after a day: "Hydrogen Day on …", "Tag der Photonik am …", "Journée …".

Such a name stands beside its day without a verb, so that neither a word for a gathering nor one
for taking place is needed; a place is (the caller asks for it). Weekdays, holidays, birthdays
and parliaments are called so too, and are none.
"""

from __future__ import annotations

import re

_FAR = 120  # characters before a day in which its name may stand
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĄČĆĐĘŁŃŘŚŠŹŻŽ0-9]"
_WORD = rf"{_CAPITAL}[\w'’&+./-]{{0,30}}"
_LINK = (
    r"(?:of|the|for|and|in|at|der|des|die|den|dem|für|und|im|an|de|du|la|le|les|et|à|og|i|på|&|–)"
)
# The words behind "Day", such as "of Photonics", "2027" or "in Jena".
_REST = rf"(?:[ -](?:{_LINK} ){{0,2}}{_WORD}){{0,5}}"
_BEFORE_DAY = (
    r"[ ,:(–|-]{1,3}(?:(?:on|from|am|vom|den|d\.|le|du|les|fra|op|van|the|el|il|dal)\s)?"
    r"(?:[^\W\d_]{2,10}\.?,?\s(?:den\s|the\s)?)?$"
)
# Compounds of the Germanic languages, and what is none of a gathering among them.
_OTHERS = (
    r"(?:sonn|mon|diens|donners|frei|sams|mit|vormit|nachmit|feier|geburts|stich|werk|arbeits|vor|"
    r"all|land|bundes|reichs|kreis|gründungs|jahres|todes|namens|wochen|ruhe|urlaubs|ferien|"
    r"kalender|liefer|zahl|wahl|lohn|kar|weihnachts|neujahrs|oster|pfingst|schul|schluss|brücken|"
    r"liefer|börsen|handels|haupt|folge|erscheinungs|e|repor|sabo|"
    r"man|tirs|ons|tors|fre|lør|søn|hver|fødsels|eftermid|formid|mid|hellig|arbejds|års|jule|"
    r"nytårs|var|arbets|födelse|hel|efter|lör|sön|tis|maan|dins|woens|donder|vrij|zater|zon|"
    r"feest|verjaar|valg|val|betalings)"
)
_COMPOUND = re.compile(
    rf"(?<![\w’'-])(?!(?i:{_OTHERS})(?:tage?n?|dage?n?|dagene|dagarna)(?!\w))"
    rf"{_CAPITAL}[\w'’-]{{2,40}}"
    r"(?:tag|tage|tagen|dag|dage|dagen|dagene|dagarna)(?![\w-])" + _REST + _BEFORE_DAY
)
_NOT_SO = (
    r"(?:Every|Each|Working|Business|First|Last|Next|One|Same|Year['’]s|Christmas|Boxing|Labour|"
    r"Labor|Independence|Election|Polling|Pay|Delivery|Mother['’]s|Father['’]s|Valentine['’]s|"
    r"The|This|That|All|Per|Within|Calendar|Trading|Settlement)"
)
_ENGLISH = re.compile(
    rf"(?<![\w'’-])(?!{_NOT_SO}[ -]){_WORD}[ -]?(?:Days?|Week|Night)(?![\w-])" + _REST + _BEFORE_DAY
)
_GENITIVE = re.compile(
    r"(?<![\w-])(?:(?:Tage?|Woche|Nacht) (?:der|des|für|von)|Dag for|Dagen for|Dag van de) "
    rf"{_WORD}{_REST}{_BEFORE_DAY}"
)
_FRENCH = re.compile(
    r"(?<!\w)(?:Journées?|Semaine|Nuit|Soirée)(?:[ ’'-][\w’'-]{1,20}){1,7}?"
    r"(?:,| –|\s\()?\s(?:du|le|les|des|au|de)?\s?$"
)
_KOREAN = re.compile(r"(?:데이|의 날|주간)(?=[가를은는과와]?(?:$|[\s’'”\"」』,.)]))")
_NAMES = (_COMPOUND, _ENGLISH, _GENITIVE, _FRENCH)


def is_named(before: str, after: str) -> bool:
    """Whether the words around a day call a gathering by a name of this kind.

    ``before``, ``after``: the words of its sentence on either side, up to the next day.
    """
    head = before[-_FAR:]
    if any(one.search(head) for one in _NAMES):
        return True
    return any(_KOREAN.search(side) for side in (head, after[:_FAR]))
