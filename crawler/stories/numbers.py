"""Numbers in figures and words, and the amounts they stand for, in our languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crawler.stories.text import DIGIT, fold

_FIGURE = re.compile(  # begins with the figure, so that the rest of a text is skipped quickly
    rf"({DIGIT}(?<![A-Za-zÀ-ÿ0-9_.,]\d)(?<![A-Za-zÀ-ÿ0-9]-\d)"
    r"(?:\d{0,2}(?:[., ]\d{3})+(?:,\d{1,2}|\.\d{1,2})?|\d*(?:[.,]\d+)?))"
    r"(?:[-\s]?([^\W\d_]+))?"
)
_ORDINAL_MARK = re.compile(
    r"\.(?= ?[^\W\d_])|(?:st|nd|rd|th|te[nrs]?|er?|ème|º|ª|°)\b|[ªº°]|회|차|기\b"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
FIRST_YEAR, LAST_YEAR = 1950, 2069  # figures between them are years where nothing counts them
_SCALES = {
    **dict.fromkeys(("thousand", "tausend", "tusind", "mille", "tys", "tysiecy", "mila"), 10**3),
    **dict.fromkeys(
        ("million", "millions", "millionen", "million", "millioner", "mio", "mln", "miliona",
         "milionow", "miliony", "milion", "milioni", "milione", "mill", "m"), 10**6,
    ),
    **dict.fromkeys(
        ("billion", "billions", "milliarde", "milliarden", "mrd", "milliard", "milliards",
         "milliarder", "mia", "miliard", "miliarda", "miliardow", "miliardy", "miliardo",
         "miliardi", "mld", "bn"), 10**9,
    ),
    "천": 10**3, "만": 10**4, "백만": 10**6, "천만": 10**7, "억": 10**8, "조": 10**12,
}  # fmt: skip
_UNITS = (
    "null zero",
    "",  # "one" is an article almost everywhere
    "zwei two to deux dwa dwie due",
    "drei three tre trois trzy",
    "vier four fire quatre cztery quattro",
    "funf five fem cinq piec cinque",
    "sechs six seks szesc sei",
    "sieben seven syv sept siedem sette",
    "acht eight otte huit osiem otto",
    "neun nine ni neuf dziewiec nove",
    "zehn ten ti dix dziesiec dieci",
    "elf eleven elleve onze jedenascie undici",
    "zwolf twelve tolv douze dwanascie dodici",
    "dreizehn thirteen tretten treize trzynascie tredici",
    "vierzehn fourteen fjorten quatorze czternascie quattordici",
    "funfzehn fifteen femten quinze pietnascie quindici",
    "sechzehn sixteen seksten seize szesnascie sedici",
    "siebzehn seventeen sytten dix-sept siedemnascie diciassette",
    "achtzehn eighteen atten dix-huit osiemnascie diciotto",
    "neunzehn nineteen nitten dix-neuf dziewietnascie diciannove",
)
_TENS = {
    20: "zwanzig twenty tyve vingt dwadziescia venti",
    30: "dreissig thirty tredive trente trzydziesci trenta",
    40: "vierzig forty fyrre quarante czterdziesci quaranta",
    50: "funfzig fifty halvtreds cinquante piecdziesiat cinquanta",
    60: "sechzig sixty tres soixante szescdziesiat sessanta",
    70: "siebzig seventy halvfjerds soixante-dix siedemdziesiat settanta",
    80: "achtzig eighty firs quatre-vingts osiemdziesiat ottanta",
    90: "neunzig ninety halvfems quatre-vingt-dix dziewiecdziesiat novanta",
    100: "hundert hundred hundrede cent sto cento",
}
_OTHERWISE = frozenset((("es", "tres"), ("pt", "tres"), ("nl", "onze")))  # three, three, our
_ORDINALS = (
    "",
    "erste ersten erster erstes first forste premier premiere pierwszy pierwsza primo prima 제1회",
    "zweite zweiten zweiter second anden andet deuxieme seconde drugi druga secondo seconda",
    "dritte dritten dritter third tredje troisieme trzeci trzecia terzo terza",
    "vierte vierten vierter fourth fjerde quatrieme czwarty czwarta quarto quarta",
    "funfte funften funfter fifth femte cinquieme piaty piata quinto quinta",
    "sechste sechsten sechster sixth sjette sixieme szosty szosta sesto sesta",
    "siebte siebten siebter seventh syvende septieme siodmy siodma settimo settima",
    "achte achten achter eighth ottende huitieme osmy osma ottavo ottava",
    "neunte neunten neunter ninth niende neuvieme dziewiaty dziewiata nono nona",
    "zehnte zehnten zehnter tenth tiende dixieme dziesiaty dziesiata decimo decima",
    "elfte elften elfter eleventh ellevte onzieme jedenasty jedenasta undicesimo undicesima",
    "zwolfte zwolften zwolfter twelfth tolvte douzieme dwunasty dwunasta dodicesimo dodicesima",
)


class Number(NamedTuple):
    """A number as a text gives it: its value, its scale word multiplied in."""

    value: float
    amount: bool  # a scale word or a currency stands with it
    start: int
    ordinal: bool  # an ordinal mark follows: 4th, 4., 4회
    year: bool  # four figures that name a year


def numbers(text: str) -> Iterator[Number]:
    """The numbers that stand in figures, in the order of ``text``."""
    for match in _FIGURE.finditer(text):
        value = figure(match[1])
        scale = _SCALES.get(_folded(match[2]), 1) if match[2] else 1
        if match[2] and scale == 1:
            scale = _korean_scale(match[2])
        digits = match[1]
        ordinal = len(digits) <= 3 and _ORDINAL_MARK.match(text, match.end(1)) is not None
        year = scale == 1 and len(digits) == 4 and FIRST_YEAR <= value <= LAST_YEAR
        yield Number(value * scale, scale >= 1000, match.start(1), ordinal, year)


def figure(digits: str) -> float:
    """``1.300`` and ``1,300`` → 1300; ``36,6`` and ``36.6`` → 36.6."""
    if digits.isdecimal():
        return float(digits)
    compact = digits.replace(" ", "")
    if _THOUSANDS.fullmatch(compact):
        return float(compact.replace(".", "").replace(",", ""))
    head, mark, tail = compact.replace(",", ".").rpartition(".")
    return float(head.replace(".", "") + mark + tail)


def word_number(folded: str, language: str = "") -> int:
    """The value of a number written as one folded word (``funfundzwanzig``); 0: none."""
    return 0 if (language, folded) in _OTHERWISE else _words().get(folded, 0)


def ordinal(folded: str) -> int:
    """The value of an ordinal written as one folded word; 0: none."""
    return _ordinal_words().get(folded, 0)


def _korean_scale(word: str) -> int:
    for length in (2, 1):
        if scale := _SCALES.get(word[:length]):
            return scale if not word[0].isascii() else 1
    return 1


@lru_cache(maxsize=1)
def _words() -> dict[str, int]:
    table = {w: n for n, names in enumerate(_UNITS) for w in names.split() if n > 1}
    units = [names.split() for names in _UNITS[:10]]
    for tens, names in _TENS.items():
        german, english, danish, french, polish, italian = names.split()
        table.update(dict.fromkeys((german, english, danish, polish, italian), tens))
        table[french] = tens
        if tens == 100:
            continue
        for n in range(2, 10):
            table[f"{units[n][0]}und{german}"] = tens + n
            table[f"{english}-{units[n][1]}"] = tens + n
            table[f"{units[n][2]}og{danish}"] = tens + n
            table[f"{french}-{units[n][3]}"] = tens + n
            table[f"{italian}{units[n][-1]}"] = tens + n
        table[f"einund{german}"] = table[f"{english}-one"] = table[f"enog{danish}"] = tens + 1
    return {word: value for word, value in table.items() if word != "to"}


@lru_cache(maxsize=1)
def _ordinal_words() -> dict[str, int]:
    return {w: n for n, names in enumerate(_ORDINALS) for w in names.split() if n > 0}


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return fold(name)
