"""Text encoded twice is read as it was meant; everything else stays as it is."""

from __future__ import annotations

import pytest

from crawler.extract.charset import decode
from crawler.extract.mojibake import mended

SAYINGS = (
    "Größere Öfen für Süßwaren: fünf Bäcker üben",
    "Værktøj på Ærø bliver større – og grønnere",
    "L’été dernier, où les élèves ont découvert l’acier",
    "„Spółka” ćwiczy źrebaki w Łodzi",
    "한국과 협력 협약을 체결했다",
)


@pytest.mark.parametrize("said", SAYINGS)
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_what_was_encoded_twice_is_mended(said: str, wrong: str) -> None:
    twice = b"".join(_shown(byte, wrong) for byte in said.encode())
    assert decode(twice, "text/html; charset=utf-8") == said


def _shown(byte: int, wrong: str) -> bytes:
    try:
        return bytes([byte]).decode(wrong).encode()
    except UnicodeDecodeError:
        return chr(byte).encode()


@pytest.mark.parametrize(
    "said",
    [
        *SAYINGS,
        "The word für, encoded twice, reads fÃ¼r: größere Mühe für Übersetzer in Köln",
        "Â© 2026",  # one run alone
        "SÃO PAULO e AÇÃO",
        "Ångström über Ähren",
        "",
    ],
)
def test_what_is_right_stays_as_it_is(said: str) -> None:
    assert mended(said) == said


def test_long_texts_take_no_time() -> None:
    assert len(mended("Ã" * 1_000_000)) == 1_000_000
    assert mended("Ã¼" * 300_000) == "ü" * 300_000
