"""Layout: the sentences of an item's text, and which part of it each one belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import islice

LEAD_SENTENCES = 2
FULL_SENTENCE = 40  # characters
_ENDS = frozenset(".!?…。！？")
LEAD = 450  # characters; the first sentences tell what a news item is about
BODY = 1_500  # characters; what comes later is detail
BRIEF = 350  # characters; what tells no more tells one thing
HEADING = 130  # characters a headline has at most
DENSE = 0.45  # how long the same is in Chinese, Japanese or Korean
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
# Begins with one set of characters, which the regex engine skips to quickly.
_BREAK = re.compile(r"[.!?…。！？\n][.!?…。！？\"'”“»’)\]」』）]*\s*")
# What may stand before a full stop that ends no sentence; single letters and days too.
_ABBREVIATIONS = frozenset(
    [
        "dr",
        "prof",
        "ing",
        "dipl",
        "mag",
        "bzw",
        "ca",
        "vgl",
        "st",
        "nr",
        "inkl",
        "zzgl",
        "evtl",
        "sog",
        "mio",
        "mrd",
        "kr",
        "tel",
        "tlf",
        "mr",
        "mrs",
        "ms",
        "vs",
        "etc",
        "al",
        "inc",
        "ltd",
        "co",
        "corp",
        "no",
        "fig",
        "art",
        "dott",
        "sig",
        "sra",
        "dra",
        "ul",
        "tzv",
        "tzn",
        "np",
        "tj",
        "in",
        "pkt",
        "eks",
        "ex",
        "kl",
        "dvs",
        "bijv",
        "drs",
        "ir",
        "mgr",
        "hab",
        "inż",
        "hr",
        "fr",
        "jr",
        "sr",
        "min",
        "max",
        "gen",
        "gov",
        "sen",
        "mld",
        "bl",
        "jan",
        "feb",
        "aug",
        "sep",
        "sept",
        "okt",
        "oct",
        "nov",
        "dez",
        "dec",
    ]
)


_LONG_WORD = 6  # letters that no abbreviation has
_WORD_BREAK = re.compile(r"[\s.(\"'„“]")
# Headings after which a page speaks of its publisher, not of the news. The second kind only
# as a line of its own.
_TAIL_LINE = re.compile(
    r"(?:about us|about the (?:company|cluster|authors?|project)|notes? (?:to|for) editors?"
    r"|(?:media|press) contacts?|boilerplate|über uns|impressum|à propos (?:de|d['’]|du|des)"
    r"|contacts? presse|over ons|o nas|kontakt dla mediów|chi siamo|quiénes somos|quem somos"
    r"|회사 ?소개|문의처?[ :]"
    r"|会社概要|お問い合わせ|本件に関する|关于我们|關於我們|联系我们|聯絡我們)",
    re.IGNORECASE,
)
_TAIL_HEADING = re.compile(
    r"(?:(?:[Aa]bout|[Üü]ber|[Oo]m|[Oo]ver|[Ss]obre|[Aa]cerca de|[Ii]nformazioni su|[Oo]|[Tt]ietoa)"
    r" (?:the |die |das |den |het |de |la |il )?[\w.&-]+(?: [\w.&-]+){0,6}"
    r"|contacts?|contact (?:us|information)|(?:presse)?kontakt\w*|ansprechpartner\w*|hintergrund"
    r"|weitere informationen|weiterführende \w+|yderligere information.{0,40}|fakta om.{0,40}"
    r"|mer informa(?:sjon|tion).{0,30}|lisätieto.{0,30}|pour en savoir plus.{0,30}"
    r"|meer informatie.{0,30}|contatti.{0,30}|관련 ?(?:링크|기사).{0,30}|关于\S{1,20}) ?:?",
    re.IGNORECASE,
)
# The same within a line, where a note on the publisher is the end of a text.
_TAIL_SENTENCE = re.compile(
    r"(?<=[.!?…])\s+(?:about us|über uns|om oss?|over ons|à propos(?: de nous)?|o n[aá]s|chi siamo"
    r"|sobre nosotros|quiénes somos|quem somos|sobre nós|tietoa meistä)\s?:",
    re.IGNORECASE,
)


class Layout:
    """Where the sentences of one text begin, and where its parts do; offsets in code points.

    Everything is worked out when first asked for: most items match nothing.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _scale(self) -> float:
        return DENSE if len(_DENSE.findall(self.text, 0, 200)) > 50 else 1.0

    @cached_property
    def is_brief(self) -> bool:
        """Whether the text is a few sentences, which all tell of the same thing."""
        return len(self.text) <= BRIEF * self._scale

    @cached_property
    def starts(self) -> list[int]:
        """Starts of the sentences; the first is 0."""
        return _sentence_starts(self.text)

    @cached_property
    def tail(self) -> int:
        """Where the part about the publisher begins; the text's length when there is none."""
        return _tail_start(self.text)

    @cached_property
    def lead(self) -> int:
        """Where the first full sentences end; headlines and dates before them do not count."""
        most = round(LEAD * self._scale)
        spans = (self.bounds(number) for number in range(min(len(self.starts), 12)))
        full = (end for start, end in spans if self._is_full(start, end))
        ends = list(islice(full, LEAD_SENTENCES))
        return min(ends[-1] if ends else most, most)

    @cached_property
    def _edges(self) -> tuple[float, float, float]:
        return self.lead, BODY * self._scale, self.tail

    def _is_full(self, start: int, end: int) -> bool:
        """Whether a sentence is long enough and ends as one: no headline, date or menu."""
        last = self.text[start:end].rstrip("\"'”“»’)]」』 \n")[-1:]
        return end - start >= FULL_SENTENCE * self._scale and last in _ENDS

    def sentence(self, offset: int) -> int:
        """The number of the sentence that ``offset`` lies in."""
        return bisect_right(self.starts, offset) - 1

    def bounds(self, number: int) -> tuple[int, int]:
        """Start and end of a sentence."""
        starts, after = self.starts, number + 1
        return starts[number], starts[after] if after < len(starts) else len(self.text)

    def is_heading(self, number: int) -> bool:
        """Whether a sentence is a line of its own near the top that reads like a headline."""
        start, end = self.bounds(number)
        line = self.text[start:end]
        return (
            start < LEAD * self._scale
            and 15 * self._scale < len(line.strip()) <= HEADING
            and "\n" in line
            and line.rstrip()[-1] not in ".,;:!。"
        )

    def part(self, offset: int) -> str:
        """``lead``, ``body``, ``late`` or ``tail``."""
        return self.place(offset)[1]

    def place(self, offset: int) -> tuple[int, str]:
        """The sentence and the part that ``offset`` lies in."""
        lead, body, tail = self._edges
        number = bisect_right(self.starts, offset) - 1
        if offset >= tail:
            return number, "tail"
        if offset < lead:
            return number, "lead"
        return number, "body" if offset < body else "late"


def _sentence_starts(text: str) -> list[int]:
    starts, size = [0], len(text)
    for found in _BREAK.finditer(text):
        stop, after = found.span()
        # Nearly all: a long word, a full stop, one space and a capital.
        plain = after - stop == 2 and text[stop - _LONG_WORD : stop].isalpha()
        if after < size and (
            (plain and stop >= _LONG_WORD and text[stop + 1] == " " and text[after].isupper())
            or _ends_sentence(text, stop, after)
        ):
            starts.append(after)
    return starts


def _ends_sentence(text: str, stop: int, after: int) -> bool:
    """Whether a full stop, with what follows it, is one, and not part of an abbreviation."""
    mark = text[stop:after]
    if mark[0] in "。！？" or "\n" in mark:
        return True
    if not mark[-1].isspace() or (mark[0] == "." and text[after : after + 1].islower()):
        return False
    before = text[max(0, stop - _LONG_WORD) : stop]
    if mark[0] != "." or (len(before) == _LONG_WORD and before.isalpha()):
        return True
    word = _WORD_BREAK.split(before)[-1]
    if len(word) == _LONG_WORD:
        return True
    is_short = len(word) == 1 or (len(word) == 2 and word.isdigit())
    return not (is_short or word.lower() in _ABBREVIATIONS)


def _tail_start(text: str) -> int:
    """Only the second half of a page can be its tail; within its last line what its last two
    thirds say is one, for a brief item may be shorter than the note on who published it."""
    said = _TAIL_SENTENCE.search(text, max(text.rfind("\n") + 1, len(text) // 3))
    return min(_tail_line(text), said.start() if said else len(text))


def _tail_line(text: str) -> int:
    position = text.find("\n", len(text) // 2)
    while position >= 0:
        end = text.find("\n", position + 1)
        line = text[position + 1 : end if end >= 0 else len(text)].strip(" \t#*>-–")
        if len(line) < 120 and (_TAIL_LINE.match(line) or _TAIL_HEADING.fullmatch(line)):
            return position + 1
        position = end
    return len(text)
