"""A PDF without a title of its own is called as its first page says in larger letters."""

from __future__ import annotations

import pytest

from crawler.extract.pdf_heading import _opening

BODY = [(11.0, "The government has adopted a strategy for its offices,"), (11.0, "as it said.")] * 3


def test_larger_letters_that_open_a_page_are_its_title() -> None:
    assert _opening([(16.0, "A strategy for"), (16.0, "learning offices"), *BODY]) == (
        "A strategy for learning offices"
    )


@pytest.mark.parametrize(
    "runs",
    [
        [(11.5, "Nearly as small"), *BODY],
        [*BODY, (16.0, "Large letters below")],
        [(16.0, "Nr. 14"), *BODY],
        [(16.0, "Some large letters"), (11.0, "and hardly any text")],
        [(16.0, "x" * 300), *BODY, *BODY],
        BODY,
        [],
    ],
)
def test_what_is_not_clear_gives_none(runs: list[tuple[float, str]]) -> None:
    assert _opening(runs) == ""
