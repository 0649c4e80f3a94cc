"""How a foreign name sounds once Hangul has spelled it: a key that both spellings share.

Korean writes 노보노디스크 for Novo Nordisk. Romanised letter by letter and reduced to classes
of consonants, as Soundex does, both become the same skeleton.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MIN_CLASSES = 4  # shorter skeletons meet by chance

_LOAN = re.compile(
    "[드르스즈크트프흐브그츠슈취페피파포퍼케킨코카테텐토타펜펠첸젠벤벨베바보비밸렐엘렌레로루리러]"
)  # syllables that spell foreign names more often than Korean words
_HANGUL_RUN = re.compile(r"[가-힣]+")
_LEADS = "KKNTTLMPPSS-JJJKTPH"  # of the 19 initial and 28 final sounds, in Unicode's order
_TAILS = "-KKKNNNTLLLLLLLLMPPSSNJJKTPH"
_PARTICLES = re.compile(
    r"(?:에서|으로|부터|까지|에게|와의|과의|은|는|이|가|을|를|의|와|과|도|로|에|시|사|측)$"
)
_VERB = re.compile(
    r"(?:다|하고|하며|하여|해|한|했고|했으며|하는|하기|하기로|된|되는|되며|되어|할|될|위한|위해|통해|대한|대해|따른|있는|없는|같은)$"
)
MIN_SYLLABLES = 3  # of a Korean noun that may name something
_LATIN = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sch|sh|ß|th|z|s", "S"),
        (r"tsch|tch|ch(?=[aeiou])|j|dg", "J"),
        (r"ph|f|v|w(?=[aeiou])|p|b", "P"),
        (r"ck|ch|k|c|q|g|x", "K"),
        (r"d|t", "T"),
        (r"l", "L"),
        (r"r(?=[aeiouy])", "L"),
        (r"m", "M"),
        (r"n", "N"),
        (r"h(?=[aeiou])", "H"),
    )
]


def hangul_sounds(word: str) -> list[str]:
    """The skeletons of what in a Korean word may be a foreign name; [] for ordinary words."""
    found = []
    for run in _HANGUL_RUN.findall(word):
        if len(_LOAN.findall(run)) < 2:
            continue
        bare = _PARTICLES.sub("", run)
        for part in dict.fromkeys((run, bare)):
            skeleton = _skeleton(_hangul_classes(part))
            if len(skeleton) >= MIN_CLASSES:
                found.append(skeleton)
    return list(dict.fromkeys(found))


def hangul_noun(word: str) -> str:
    """A Korean word without its particle; "" for what is too short or looks like a verb."""
    run = _HANGUL_RUN.match(word)
    if not run or _VERB.search(run[0]):
        return ""
    bare = _PARTICLES.sub("", run[0])
    return bare if len(bare) >= MIN_SYLLABLES else ""


@lru_cache(maxsize=32768)
def latin_sound(name: str) -> str:
    """The skeleton of a name in Latin script; "" where it is too short to tell."""
    text = unicodedata.normalize("NFD", name.lower())
    text = "".join(c for c in text if not unicodedata.combining(c))
    classes, position = "", 0
    while position < len(text):
        for pattern, sound in _LATIN:
            if match := pattern.match(text, position):
                classes += sound
                position = match.end()
                break
        else:
            position += 1
    skeleton = _skeleton(classes)
    return skeleton if len(skeleton) >= MIN_CLASSES else ""


def _hangul_classes(word: str) -> str:
    classes = ""
    for syllable in word:
        code = ord(syllable) - 0xAC00
        classes += _LEADS[code // 588] + _TAILS[code % 28]
    return classes.replace("-", "")


def _skeleton(classes: str) -> str:
    """Runs of one class count once."""
    return re.sub(r"(.)\1+", r"\1", classes)
