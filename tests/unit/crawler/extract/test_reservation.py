"""Pages that reserve text and data mining, as TDMRep says it."""

from __future__ import annotations

import pytest

from crawler.extract.reservation import reserves_mining
from tests.cost import bounded

META = b'<html><head><meta name="tdm-reservation" content="1"></head><body>'


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (META, {}),
        (META.upper().replace(b"TDM", b"tdm"), {}),
        (b"<meta charset=utf-8><meta  content='1' name='TDM-Reservation' />", {}),
        (b"<meta content=1 name=tdm-reservation>", {}),
        (b"", {"tdm-reservation": "1"}),
        (b"%PDF", {"tdm-reservation": " 1 "}),
        (b"", {"tdm-reservation": "0, 1"}),
        (META, {"tdm-reservation": "0"}),  # the page's own word comes first
    ],
)
def test_a_page_that_says_so_is_reserved(body: bytes, headers: dict[str, str]) -> None:
    assert reserves_mining(body, headers)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"<html><p>tdm-reservation: 1", {}),
        (META.replace(b'"1"', b'"0"'), {}),
        (META.replace(b'"1"', b'"0"'), {"tdm-reservation": "1"}),
        (META.replace(b'"1"', b'"11"'), {}),
        (META.replace(b"tdm-reservation", b"tdm-reservations"), {}),
        (b'<meta name="tdm-policy" content="1">', {"tdm-policy": "1"}),
        (b'<meta name="description" content="1"> tdm-reservation', {}),
        (b"", {"tdm-reservation": ""}),
        (b"", {"tdm-reservation": "yes"}),
        (b"", {}),
    ],
)
def test_every_other_page_is_not(body: bytes, headers: dict[str, str]) -> None:
    assert not reserves_mining(body, headers)


def test_a_hostile_head_costs_little() -> None:
    for piece in (b"<meta ", b"<meta name=tdm-reservation ", b"<meta name = = ' ", b"content   "):
        with bounded():
            reserves_mining(piece * 500_000 + b"tdm-reservation", {})
            reserves_mining(b"tdm-reservation" + piece * 500_000, {})
