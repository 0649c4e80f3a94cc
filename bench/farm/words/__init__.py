"""The words that the farm's prose is made of, a file per language.

Every text is ours. A sentence is a pattern whose slots are drawn: a few hundred words a language
make thousands of nouns and millions of sentences, so that two articles share no more of their
wording than real news of one field do.
"""

from __future__ import annotations

from collections.abc import Mapping

from bench.farm.words.da import DANISH
from bench.farm.words.de import GERMAN
from bench.farm.words.en import ENGLISH
from bench.farm.words.fr import FRENCH
from bench.farm.words.words import Words as Words
from bench.farm.words.words import listed as listed

LANGUAGES: Mapping[str, Words] = {"de": GERMAN, "en": ENGLISH, "da": DANISH, "fr": FRENCH}
