"""Which language a text is in: py3langid, restricted to our languages and their neighbours.

The restriction is what measured best on our labelled items: against all 140 languages of the
model a short title drifts to creoles and dialects nobody here publishes in; with our languages
alone a Slovak or Russian text would be forced into one of them.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from crawler.language_model import identifier_of
from crawler.language_words import is_plainly

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

OURS = frozenset(
    ("en", "de", "da", "fr", "nl", "sv", "no", "fi", "pl", "cs", "it", "es", "pt", "ko", "ja", "zh")
)
_NEIGHBOURS = frozenset(("sk", "hu", "ro", "et", "lt", "lv", "ru", "uk", "el", "bg", "tr"))
KNOWN = OURS | _NEIGHBOURS  # what ``detect_language`` can answer
_NORWEGIAN = frozenset({"nb", "nn"})
# The first sentences decide: of 1,738 labelled texts all are right with them, and reading on
# costs 0.5 ms a kilobyte.
_SAMPLE_CHARACTERS = 600
# Fewer are enough where they say surely what the page declares: of 328 labelled texts they do so
# in 264, and never where all 600 say otherwise, whatever the page declares.
_BRIEF_CHARACTERS = 200
_CERTAIN = 0.999
# Below this the declaration may decide; a title alone is right in 98 of 100 cases.
_SHORT_CHARACTERS = 60
_SURE = 0.8
_POSSIBLE = 0.05
_FEWEST_LETTERS = 3


def detect_language(title: str, text: str, declared: str = "") -> str:
    """ISO 639-1 of ``title`` and ``text``; ``declared`` (a language tag) decides only where
    they are short and ambiguous. "" where there is nothing to judge.
    """
    claim = normal_code(declared)
    sample = f"{title}\n{text}".strip()[:_SAMPLE_CHARACTERS]
    letters = (character for character in sample[:200] if character.isalpha())
    if sum(1 for _ in islice(letters, _FEWEST_LETTERS)) < _FEWEST_LETTERS:
        return claim
    if claim and len(sample) > 2 * _BRIEF_CHARACTERS and _is_surely(claim, sample):
        return claim
    ranking = _ranking(sample)
    if not ranking:
        return claim
    best, probability = ranking[0]
    unsure = len(sample) < _SHORT_CHARACTERS or probability < _SURE
    if claim and unsure and dict(ranking).get(claim, 0.0) >= _POSSIBLE:
        return claim
    return best


def normal_code(tag: str) -> str:
    """The two letters of a language tag ("de-AT", "nb_NO", "eng" is none); Norwegian is "no"."""
    code = tag.strip().replace("_", "-").partition("-")[0].casefold()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        return ""
    return "no" if code in _NORWEGIAN else code


def meant(text: str) -> str:
    """The known code that a tag or a language's name stands for: "en" for "English" and "en-GB",
    "da" for "dansk"; "" for none."""
    from babel import Locale  # for the words of an error alone

    code = normal_code(text)
    if code in KNOWN:
        return code
    wanted = text.strip().casefold()
    for one in sorted(KNOWN):
        names = Locale("en").languages.get(one), Locale(one).languages.get(one)
        if wanted in [name.casefold() for name in names if name]:
            return one
    return ""


def _is_surely(claim: str, sample: str) -> bool:
    """Whether a text is in the declared language without any doubt, by its small words, or its
    first words and those further on: a lead may be in another language than what follows."""
    if is_plainly(claim, sample):
        return True
    half = _BRIEF_CHARACTERS // 2
    ranking = _ranking(f"{sample[:half]} {sample[-half:]}")
    return bool(ranking) and ranking[0][0] == claim and ranking[0][1] >= _CERTAIN


def _ranking(sample: str) -> list[tuple[str, float]]:
    """Languages with their probabilities, likeliest first; Norwegian counted once."""
    scores: dict[str, float] = {}
    for code, probability in _identifier().rank(sample):
        name = "no" if code in _NORWEGIAN else code
        scores[name] = scores.get(name, 0.0) + float(probability)
    return sorted(scores.items(), key=lambda pair: -pair[1])


@cache
def _identifier() -> LanguageIdentifier:
    """The model, loaded once per process."""
    return identifier_of(KNOWN)
