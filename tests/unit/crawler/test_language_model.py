"""The language model as it is read: the same answers, without its tables in memory."""

from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest

from crawler import language_model as module
from crawler.language import KNOWN
from crawler.language_model import identifier_of

TEXTS = (
    "Das Cluster lädt seine Mitglieder zu einem Treffen nach Jena ein.",
    "Klyngen inviterer medlemmerne til et møde i Odense til foråret.",
    "KLASTER ZAPRASZA CZŁONKÓW",
    "클러스터는 내년 봄 대전에서 열리는 회의에 회원사를 초대합니다.",
    "Lyon 2026",
    "?",
)


def test_it_answers_as_the_library_does_which_reads_it_where_no_file_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lean = identifier_of(KNOWN)

    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "TemporaryFile", full)
    whole = identifier_of(KNOWN)
    assert [lean.rank(text) for text in TEXTS] == [whole.rank(text) for text in TEXTS]
    assert 0 < len(lean.transitions.numbers) < len(whole.tk_nextmove) / 50


def test_no_more_than_the_wanted_weights_and_small_pieces_are_in_memory_while_it_is_read() -> None:
    tracemalloc.start()
    try:
        identifier_of(KNOWN)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000  # bytes; 110 million by the library itself


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_a_table_in_another_order_or_format_is_refused(version: tuple[int, int]) -> None:
    table = io.BytesIO()
    columns = np.asfortranarray(np.ones((2, 3), "<u4"))
    np.lib.format.write_array(table, columns, version)
    table.seek(0)
    with pytest.raises(ValueError, match="another"):
        module._header(table)
