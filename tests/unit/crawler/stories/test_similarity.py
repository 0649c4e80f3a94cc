"""What was exchanged between two texts."""

from __future__ import annotations

from crawler.stories.similarity import Told, overlap, stems, swaps, told_shingles, vocabulary
from crawler.stories.text import words


def _swaps(one: str, other: str) -> list[tuple[str, str]]:
    return swaps(*(Told((), (), tuple(said.split())) for said in (one, other)))


def _stems(text: str) -> frozenset[str]:
    return stems(words(text))


def test_a_word_in_the_place_of_another_is_a_swap() -> None:
    assert _swaps("we welcome ofenbau from selb today", "we welcome glasurwerk from hof today") == [
        ("ofenbau", "glasurwerk"),
        ("selb", "hof"),
    ]


def test_what_is_added_or_left_out_is_no_swap() -> None:
    assert _swaps("a b c d", "a b x y c d") == []
    assert _swaps("a b c d e f", "a b e f") == []
    assert _swaps("", "a b") == []


def test_moved_passages_are_no_swap() -> None:
    assert _swaps("one two three four five six", "four five six one two three") == []


def test_long_and_repetitive_texts_are_no_burden() -> None:
    assert _swaps("wort " * 50_000 + "eins", "wort " * 50_000 + "zwei") == [("eins", "zwei")]


def test_overlap_counts_trigrams() -> None:
    short, long = told_shingles("a b c d e."), told_shingles("a b c d e f g h i j.")
    shared = overlap(short, long)
    assert shared.containment == 1.0
    assert shared.jaccard < 0.5
    assert shared.length_ratio == 0.5
    assert overlap(told_shingles(""), long).containment == 0.0
    assert overlap(long, told_shingles("j i h g f.")).jaccard == 0.0


def test_inflected_words_share_their_beginning() -> None:
    one = _stems("Żuchwa z tytanu: lekarze wszczepili implant, operacja trwała 900 minut")
    other = _stems("Tytanową żuchwę wszczepiono; lekarz mówi o implancie, operacji i minutach")
    assert {"tytano", "tytanu", "900"}.isdisjoint(one & other)
    assert {"lekarz", "wszcze", "implan", "operac"} <= one & other


def test_few_common_words_say_nothing() -> None:
    assert vocabulary(_stems("furnace opened today"), _stems("the furnace opened")) == 0.0
    told = "furnace opened yesterday seventy visitors ceramics"
    assert vocabulary(_stems(told), _stems(f"{told} another sentence of further matters")) == 1.0
