"""Context: how much a find means where it stands in its sentence.

A topic that is one entry of an enumeration, an example, or a stage of somebody's career is
named, not told about. The factors are multiplied into the find's strength.
"""

from __future__ import annotations

import re

LISTED = 0.55  # one short entry among others
EXAMPLE = 0.6  # behind "such as", "etwa", "par exemple" …
CAREER = 0.3  # in a sentence about where a person worked or studied before
_SHORT = 4  # words an entry of an enumeration has at most
_SEPARATOR = re.compile(
    r"\s*[,;、،，；·/]\s*(?:(?:and|or|und|oder|sowie|og|eller|och|et|ou|e|o|ed|y|u|en|of|ja|tai|sekä"
    r"|i|oraz|lub|a|nebo|či|as well as|samt)\s+)?"
    r"|\s+(?:and|or|&|und|oder|sowie|og|eller|och|samt|et|ou|ed|y|en|of|ja|tai|sekä|oraz|lub|nebo"
    r"|i|e|o|a|as well as|bzw\.)\s+|(?<=[가-힣])(?:와|과|및)\s+|\s및\s|と|や|和|与|與|及|以及",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"(?:\b(?:such as|for example|for instance|e\.g\.|including|includes?|among (?:them|others?|other things)|etwa|zum beispiel"
    r"|z\. ?b\.|beispielsweise|unter anderem|u\. ?a\.|darunter|einschließlich|inklusive|blandt andet|bl\.a\.|bl\. a\."
    r"|for eksempel|f\.eks\.|herunder|såsom|bland annat|till exempel|t\.ex\.|inklusive|par exemple|"
    r"notamment|dont|tels? que|telles? que|comme|y compris|bijvoorbeeld|zoals|onder (?:meer|andere)|o\.a\.|waaronder"
    r"|esimerkiksi|kuten|muun muassa|mm\.|na przykład|np\.|m\.in\.|między innymi|takich jak|w tym|například|např\.|mimo jiné"
    r"|jako jsou|včetně|ad esempio|per esempio|tra cui|quali|come|compres[oaie]|por ejemplo|entre (?:ellos|ellas|otros|otras|outros|outras)"
    r"|como|incluid[oa]s?|por exemplo|incluindo)\b|예를 들어|例えば|例如|比如|包括)",
    re.IGNORECASE,
)
_CAREER = re.compile(
    r"\b(?:previously (?:worked|served|held|led)|formerly|former (?:head|director|manager|employee|researcher)|was formerly|studied (?:at|in)"
    r"|graduated|worked (?:at|for|in) .{0,40} (?:before|until)|career|before joining|was born|grew up|held positions|earned (?:his|her)"
    r"|zuvor (?:war|arbeitete|leitete|tätig)|arbeitete (?:zuvor|früher)|frühere[rn]? (?:leiter|chef|direktor|manager)|ehemalige[rn]?|studierte|promovierte"
    r"|berufliche|laufbahn|werdegang|karriere\w*|stationen|wurde .{0,20}geboren|tidligere (?:ansat|direktør|chef|leder)|har arbejdet|karriere"
    r"|kommer fra en stilling|uddannet|tidigare (?:chef|vd|anställd)|arbetat|utbildad|ancien(?:ne)? (?:directeur|directrice|cadre|chercheur)"
    r"|carrière|diplômé\w*|a travaillé|a étudié|voormalig|werkte (?:eerder|voorheen)|studeerde|loopbaan|aiemmin|uransa|opiskeli|"
    r"były dyrektor|absolwent\w*|karier\w+|pracował\w*|wcześniej (?:pracował|był)\w*|dříve|vystudoval\w*|absolvent\w*|kariér\w+|působil\w*"
    r"|ex (?:direttore|dirigente|direttrice)|laureat[oa]|carriera|ha lavorato|licenciad[oa]|carrera|trabajó|ex ?director\w*|trabalhou|carreira|formou-se)\b"
    r"|출신|경력|졸업|역임|経歴|出身|卒業|歴任|曾任|毕业|畢業|履历",
    re.IGNORECASE,
)


def context_factor(sentence: str, start: int, end: int) -> float:
    """How much a find at ``start:end`` of its sentence counts, 0..1."""
    factor = 1.0
    if is_listed(sentence, start, end):
        factor *= LISTED
    if is_example(sentence, start):
        factor *= EXAMPLE
    if _CAREER.search(sentence):
        factor *= CAREER
    return factor


def is_example(sentence: str, start: int) -> bool:
    """Whether an example is announced at most a few words before ``start``."""
    return _EXAMPLE.search(sentence, max(0, start - 45), start) is not None


def is_listed(sentence: str, start: int, end: int) -> bool:
    """Whether the find is a short entry of an enumeration with at least one short neighbour."""
    before = _SEPARATOR.split(sentence[max(0, start - 160) : start])
    after = _SEPARATOR.split(sentence[end : end + 160])
    own = f"{before[-1]} {after[0]}".split()
    if len(own) > _SHORT or len(before) + len(after) < 3:
        return False
    neighbours = [*before[-3:-1], *after[1:3]]
    entries = sum(1 for entry in neighbours if 0 < len(entry.split()) <= _SHORT)
    return entries >= 2 or (entries == 1 and len(before) + len(after) == 3)
