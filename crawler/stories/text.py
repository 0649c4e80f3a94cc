"""What a text is made of when it is compared: folded words, sentences, no page furniture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from struct import unpack

EDGE_FIRST, EDGE_LAST = 2, 10  # sentences of a text where boilerplate is looked for
EDGES = 64  # texts whose ends are remembered: those of a reading, mostly
MAX_CHARACTERS = 40_000  # of a text; a story is told at its beginning
_ZEROS = (
    "30 660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 "
    "19d0 1a80 1a90 1b50 1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0"
)  # code points
# As ``\d`` of a text in NFKC, but looked for four times as fast; historic scripts apart.
DIGIT = "[{}]".format(
    "".join(rf"\u{zero:0>4}-\u{int(zero, 16) + 9:04x}" for zero in _ZEROS.split())
)
MAX_LETTERS = 20_000  # whose fold is remembered: every syllable of Hangul and what we read

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DIACRITICS = re.compile("[\u0300-\u036f]+")
_SPACES = re.compile(r"[ \t]{2,}|\t")  # a single blank stays as it is; NFKC leaves no others
_SENTENCES = re.compile(r"[.!?…。][\"“”»)’']?\s+(?=[^\sa-zà-ÿ])")
_NO_WORDS = re.compile(r"[^\w\n]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_SENTENCE_END = re.compile(r"[.!?…。][\"“”»)’']?$")
_SEPARATORS = re.compile(r"\s[|>»›•·/–]\s|•|©")
_SPECIAL = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "ß": "ss", "đ": "d", "ı": "i",
     "œ": "oe", "Œ": "Oe", "’": "'", "‘": "'", "‐": "-", "‑": "-"}
)  # fmt: skip
_BLANKS = str.maketrans({c: " " for c in map(chr, range(128)) if _NO_WORDS.match(c)})
_JAMO = frozenset(map(chr, range(0x1100, 0x1200)))
_SIGMA = "Σ"  # its small letter depends on its place
_FURNITURE = re.compile(
    r"^(?:"
    r"(?:über|about|[aà] propos d)\b(?:[^.!?:]|\.(?! )){1,60}:|"  # not "Über die Brücke fährt …"
    r"über uns\b|about us\b|o nas\b|om os\b|chi siamo|"
    r"kontakt\b|contact\b(?! (?-i:[a-z]))|pressekontakt|contatt[io]\b|kontakt dla|문의|"
    r"herausgeber\b|impressum|redaktion\b|published by|stand:|last updated|"
    r"weiterführende informationen|weitere (?:meldungen|informationen)|further information|"
    r"back to|zurück zu|jump to|skip to|spring til|aller au|seite drucken|zum seitenanfang|"
    r"pobierz pdf|leggi (?:la|anche)|lire aussi|read (?:more|also)|læs også|"
    r"für den inhalt der|this page was translated|diese seite|powered by|versione amp|"
    r"abonn|newsletter|tilmeld|subscribe|share\b|teilen|del på|기사 저작권|저작권|공유하기|홈 >"
    r")",
    re.I,
)
_CHROME_WORDS = re.compile(
    r"\b(?:impressum|datenschutz\w*|cookies?|cookiepolitik|privacy|newsletter abonnieren|"
    r"polityka prywatności|tilgængelighedserklæring|barrierefrei\w*|sitemap|mapa strony|"
    r"alle nachrichten|legal notice|mentions légales|informativa|무단전재|무단 전재|재배포)",
    re.I,
)


def fold(word: str) -> str:
    """Lower case without diacritics: ``Süddänemark`` → ``suddanemark``, ``Łódź`` → ``lodz``.

    Hangul is kept composed: decomposed syllables would no longer be found in words.
    """
    return word.lower() if word.isascii() else _bare(word, _BARE).lower()


def _bare(text: str, letters: Mapping[str, str | None]) -> str:
    """``text`` with what ``letters`` leaves of each of its letters beyond ASCII."""
    bare = text
    for letter in set("".join(_BEYOND_ASCII.findall(text))):
        left = letters[letter]
        if left is None:  # it may go together with its neighbours
            return _without_marks(text)
        if left != letter:
            bare = bare.replace(letter, left)
    return bare


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_SPECIAL))
    return unicodedata.normalize("NFC", _DIACRITICS.sub("", decomposed))


class _Bare(dict[str, str | None]):
    """Letter → what is left of it, found out once; None for marks and parts of syllables, which
    change what stands before them."""

    def __missing__(self, letter: str) -> str | None:
        bare = _without_marks(letter)
        joins = any(unicodedata.category(c)[0] == "M" or c in _JAMO for c in letter + bare)
        found = None if joins or letter == _SIGMA else bare
        if len(self) < MAX_LETTERS:
            self[letter] = found
        return found


class _Spaced(dict[str, str | None]):
    """The same with a blank for what is no part of a word."""

    def __missing__(self, letter: str) -> str | None:
        bare = _BARE[letter]
        found = bare and _NO_WORDS.sub(" ", bare)
        if len(self) < MAX_LETTERS:
            self[letter] = found
        return found


_BARE, _SPACED = _Bare(), _Spaced()


def plain(text: str) -> str:
    """``text`` in NFKC without invisible characters, blanks folded, cut at 40,000 characters."""
    clean = text[:MAX_CHARACTERS]
    if not clean.isascii():
        if not unicodedata.is_normalized("NFKC", clean):
            clean = unicodedata.normalize("NFKC", clean)
        clean = _INVISIBLE.sub("", clean)
    return _SPACES.sub(" ", clean) if "  " in clean or "\t" in clean else clean


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of ``text``."""
    return [part for line in text.split("\n") if (part := line.strip())]


def sentence_key(sentence: str) -> int:
    """What two renderings of one sentence share: a 64-bit hash of its folded words."""
    return sentence_keys((sentence.replace("\n", " "),))[0]


def sentence_keys(lines: Sequence[str]) -> tuple[int, ...]:
    """The ``sentence_key`` of each of several sentences, none broken into lines."""
    return digests64(["said:" + " ".join(told) for told in words_of_each(lines)])


@lru_cache(maxsize=EDGES)  # asked for before, while and after an item is prepared
def edge_keys(text: str) -> tuple[int, ...]:
    """The keys of the sentences at a text's two ends, where a source says what it says on
    every page: of the first EDGE_FIRST and the last EDGE_LAST, each once."""
    said = [part for p in paragraphs(plain(text)) for part in sentences(p)]
    first, last = said[:EDGE_FIRST], said[EDGE_FIRST:][-EDGE_LAST:]
    return tuple(dict.fromkeys(sentence_keys((*first, *last))))


def is_furniture(paragraph: str) -> bool:
    """Whether a paragraph is the page's own: breadcrumb, imprint, contact, sharing line."""
    if len(paragraph) > 600:
        return False
    ended = _SENTENCE_END.search(paragraph, max(0, len(paragraph) - 3))
    if not ended and len(paragraph) < 60:
        return True
    if _FURNITURE.match(paragraph):
        return True
    if not (ended and len(paragraph) > 160) and _SEPARATORS.search(paragraph):
        return True
    return len(paragraph) < 300 and _CHROME_WORDS.search(paragraph) is not None


def body(text: str, boilerplate: Collection[int] = ()) -> list[str]:
    """The paragraphs of ``text`` that tell the news; all of them where none would be left.

    ``boilerplate`` holds ``sentence_key`` of what the source repeats on its pages.
    """
    every = paragraphs(plain(text))
    own = [kept for p in every if (kept := _without(p, boilerplate))] if boilerplate else every
    told = [p for p in own if not is_furniture(p)]
    return told or own or every


def _without(paragraph: str, boilerplate: Collection[int]) -> str:
    """A paragraph without the sentences that are known to be repeated."""
    said = sentences(paragraph)
    keyed = zip(said, sentence_keys(said), strict=True)
    kept = [part for part, key in keyed if key not in boilerplate]
    return paragraph if len(kept) == len(said) else " ".join(kept)


def sentences(paragraph: str) -> list[str]:
    """A rough split into sentences; abbreviations may split too, alike on both sides."""
    found, begin = [], 0
    for match in _SENTENCES.finditer(paragraph):
        found.append(paragraph[begin : match.start() + 1])
        begin = match.end()
    if begin < len(paragraph):
        found.append(paragraph[begin:])
    return found


def words(text: str) -> list[str]:
    """The folded words of ``text`` in their order."""
    return _spaced(text).split()


def words_of_each(lines: Sequence[str]) -> list[list[str]]:
    """The folded words of every line; folding them together costs a third."""
    return list(map(str.split, _spaced("\n".join(lines)).split("\n"))) if lines else []


def _spaced(text: str) -> str:
    """Like ``fold``, with blanks for what is no part of a word: what lies between two blanks or
    line breaks is one word."""
    folded = (text if text.isascii() else _bare(text, _SPACED)).lower()
    return folded.translate(_BLANKS) if folded.isascii() else _NO_WORDS.sub(" ", folded)


def trigrams(tokens: Sequence[str]) -> frozenset[str]:
    """Runs of three neighbouring words; the whole where there are fewer."""
    if len(tokens) <= 3:
        return frozenset((" ".join(tokens),) if tokens else ())
    runs = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return frozenset([f"{one} {two} {three}" for one, two, three in runs])


def digests64(texts: Sequence[str]) -> tuple[int, ...]:
    """A stable 64-bit hash of each text, signed as SQLite stores integers."""
    told = [blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return unpack(f">{len(told)}q", b"".join(told))
