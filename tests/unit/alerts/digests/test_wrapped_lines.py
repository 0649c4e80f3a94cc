"""Lines of plain text, broken at 72 columns."""

from __future__ import annotations

import pytest

from alerts.digests.pages import wrapped


@pytest.mark.parametrize(
    "amount",
    ["KRW 3 billion", "₩ 300 billion", "¥ 300 million", "US$ 12 million", "kr. 12 mio.",
     "12–15 million euros", "»12 Mio. Euro«", "‘12 million euros’", "[12 million euros]",
     "12 mln złotych",
     "12 million euros", "1.5 Millionen Euro", "EUR 12 Mio. Euro", "12 000 000 kroner", "€ 3.4",
     "17 Jan", "2,3 milliarder kr", "80 %", "(12 companies"],
)  # fmt: skip
def test_a_number_stays_with_what_it_counts(amount: str) -> None:
    for before in range(50, 73):
        lines = wrapped(f"{'x' * before} {amount}, and what it is for is told below.").split("\n")
        assert any(amount in line for line in lines), before
        assert all(len(line) <= 72 for line in lines)


@pytest.mark.parametrize("unit", ["", "ABC ", "€ "])
def test_a_row_of_numbers_is_broken_all_the_same(unit: str) -> None:
    row = " ".join(f"{unit}{number}" for number in range(100, 200))
    lines = wrapped(row).split("\n")
    assert all(len(line) <= 72 for line in lines)
    assert " ".join(lines) == row


def test_an_address_that_ends_in_a_number_holds_nothing() -> None:
    address = f"https://example.org/{'a' * 40}/12"
    assert wrapped(f"{address} shows it") == f"{address} shows it"
    assert wrapped(f"{address} demonstrates") == f"{address}\ndemonstrates"
