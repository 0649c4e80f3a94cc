"""Layout: the sentences of an item's text, and which part of it each one belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

LEAD = 700  # characters that tell what a news item is about
_BREAK = re.compile(r"[.!?…]+[\"'”“»’)\]]*\s+|[。！？]+[」』”）]*|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[^\W\d_]|\d{1,2}|dr|prof|ing|dipl|mag|bzw|ca|vgl|st|nr|inkl|zzgl|evtl|sog|mio|mrd"
    r"|kr|tel|tlf|mr|mrs|ms|vs|etc|al|inc|ltd|co|corp|no|fig|env|art|dott|sig|sra|dra|ul|tzv|tzn"
    r"|np|tj|m\.in|pkt|f\.eks|bl\.a|ca|kl|dvs|bijv|o\.a|drs|ir|mgr|hab|inż|hr|fr|jr|sr|min|max))\.$",
    re.IGNORECASE,
)
# Headings after which a page speaks of its publisher, not of the news.
_TAIL = re.compile(
    r"""^[\s#*>–-]*(?:
      about\ (?:us|the\ (?:company|cluster|authors?|project))\b|about\ [A-Z][\w.&-]+(?:\ [\w.&-]+){0,5}\s*:?$
      |notes?\ (?:to|for)\ editors?|boilerplate|media\ contacts?|press\ contacts?|contact(?:s|\ us|\ information)?\s*:?$
      |über\ (?:uns|die|das|den)\b.{0,60}$|über\ [A-ZÄÖÜ][\w.&-]+(?:\ [\w.&-]+){0,5}\s*:?$
      |(?:presse)?kontakt(?:e|daten|informationen?)?\s*:?$|ansprechpartner\w*\s*:?$|hintergrund\s*:?$
      |weitere\ informationen\s*:?$|weiterführende\ \w+\s*:?$|impressum$
      |om\ [A-ZÆØÅÄÖ][\w.&-]+(?:\ [\w.&-]+){0,5}\s*:?$|yderligere\ information.{0,60}$
      |fakta\ om\b.{0,60}$|mer\ informasjon.{0,40}$|mer\ information.{0,40}$|lisätietoja.{0,40}$
      |à\ propos\ (?:de|d['’]|du|des)\b.{0,60}$|contacts?\ presse.{0,40}$|pour\ en\ savoir\ plus.{0,40}$
      |over\ (?:ons|de|het)\b.{0,60}$|over\ [A-Z][\w.&-]+(?:\ [\w.&-]+){0,5}\s*:?$|meer\ informatie.{0,40}$
      |o\ (?:nas|firmie|spółce|klastrze|společnosti|klastru)\b.{0,60}$|kontakt\ dla\ mediów.{0,40}$
      |informazioni\ su\b.{0,60}$|chi\ siamo.{0,40}$|contatti.{0,40}$|(?:chi\ è|profilo)\ .{0,60}$
      |(?:sobre|acerca\ de)\ .{0,60}$|quiénes\ somos.{0,40}$|quem\ somos.{0,40}$
      |관련\ ?(?:링크|기사).{0,40}$|회사\ ?소개.{0,40}$|문의처?\s*:?.{0,40}$
      |(?:会社概要|お問い合わせ|本件に関する|关于我们|關於我們|联系我们|聯絡我們|关于\S{1,20}$)
    )""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the sentences of one text begin, and where its parts do; offsets in code points."""

    text: str
    starts: tuple[int, ...]  # of the sentences; the first is 0
    tail: int  # where the part about the publisher begins; len(text) when there is none

    def sentence(self, offset: int) -> int:
        """The number of the sentence that ``offset`` lies in."""
        return bisect_right(self.starts, offset) - 1

    def bounds(self, number: int) -> tuple[int, int]:
        """Start and end of a sentence."""
        after = number + 1
        end = self.starts[after] if after < len(self.starts) else len(self.text)
        return self.starts[number], end

    def part(self, offset: int) -> str:
        """``lead``, ``body`` or ``tail``."""
        if offset >= self.tail:
            return "tail"
        return "lead" if offset < LEAD else "body"


def layout_of(text: str) -> Layout:
    """The layout of one text."""
    return Layout(text, tuple(_starts(text)), _tail(text))


def _starts(text: str) -> list[int]:
    starts = [0]
    for found in _BREAK.finditer(text):
        if found[0][0] == "." and not _ends_sentence(text, found):
            continue
        if 0 < found.end() < len(text):
            starts.append(found.end())
    return starts


def _ends_sentence(text: str, found: re.Match[str]) -> bool:
    if text[found.end() : found.end() + 1].islower() and "\n" not in found[0]:
        return False
    return not _ABBREVIATION.search(text, max(0, found.start() - 12), found.start() + 1)


def _tail(text: str) -> int:
    """Only the second half of a page can be its tail."""
    found = _TAIL.search(text, len(text) // 2)
    return found.start() if found and found.start() else len(text)
