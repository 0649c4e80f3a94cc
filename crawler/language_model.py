"""The language model: py3langid's, and of it in memory only what our languages ask for.

Its own loader holds the tables of all 140 languages twice for a moment (90 MB that a small machine
must have for that moment alone) and keeps them. Here each table is read piece by piece: weights of
the wanted languages alone, and of the 39 MB of transitions none: they stay in a file without a
name, and of their rows those are read that texts come to, a third in all our languages. To map
the file brings in the neighbours of each row too: 20 to 32 MB.
"""

from __future__ import annotations

import io
import lzma
import os
import shutil
import weakref
from array import array
from collections import Counter
from collections.abc import Collection
from functools import partial
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZipFile

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_PIECE = 1 << 20  # bytes read at a time
_ROW = 4 * 256  # bytes: the next state for each byte of a text
_UNREAD = -1


def identifier_of(languages: Collection[str]) -> LanguageIdentifier:
    """Tells ``languages`` apart, with probabilities. Takes half a second and 15 MB, once."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    try:
        with lzma.open(MODEL_DIR / MODEL_FILE) as model:
            return _lean(model, languages)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError):
        # No place for files, or a version that lays its model out otherwise: its own way.
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(sorted(languages))
        return identifier


def _lean(model: IO[bytes], languages: Collection[str]) -> LanguageIdentifier:
    import numpy as np

    with TemporaryFile() as file:
        shutil.copyfileobj(model, file, _PIECE)
        with ZipFile(file) as tables:
            classes = _read(tables, "classes").tolist()
            wanted = [number for number, code in enumerate(classes) if code in languages]
            identifier: LanguageIdentifier = _lean_class()(
                _columns(tables, "ptc", wanted),
                _read(tables, "pc")[wanted],
                [classes[number] for number in wanted],
                None,
                _numbers("i", _read(tables, "out_feat").astype(np.int32)),
                norm_probs=True,
                tk_row=(),
            )
            with tables.open("nextmove.npy") as table:
                rows = _numbers("I", _read(tables, "nextmove_row").astype(np.uint32))
                identifier.transitions = _Transitions(table, rows, identifier.tk_output)
    identifier.rank("Jena")
    return identifier


def _lean_class() -> Any:
    """The library's identifier with another way from state to state."""
    from py3langid.langid import LanguageIdentifier

    class Lean(LanguageIdentifier):  # type: ignore[misc]
        __slots__ = ("transitions",)

        def _raw_score(self, text: bytes) -> Any:
            visits = self.transitions.visits(text)
            return self._sparse_score(visits, self.nb_ptc) if visits else super()._raw_score(b"")

    return Lean


def _read(tables: ZipFile, name: str) -> Any:
    """One whole table."""
    import numpy as np

    return np.load(io.BytesIO(tables.read(f"{name}.npy")), allow_pickle=False)


def _header(table: IO[bytes]) -> tuple[tuple[int, ...], Any]:
    """Shape and type of a table whose numbers come next. Raises ValueError for a later format or
    another order."""
    from numpy.lib import format as npy

    if npy.read_magic(table) != (1, 0):
        raise ValueError("a table of another format")
    shape, by_columns, kind = npy.read_array_header_1_0(table)
    if by_columns:
        raise ValueError("a table in another order")
    return shape, kind


def _columns(tables: ZipFile, name: str, wanted: list[int]) -> Any:
    """The wanted columns of a table, those of one row side by side: a text asks for the weights
    of some hundred rows, and what lies apart comes from another line of memory."""
    import numpy as np

    with tables.open(f"{name}.npy") as table:
        (rows, columns), kind = _header(table)
        kept = np.empty((rows, len(wanted)), kind)
        at_once = max(1, _PIECE // (columns * kind.itemsize))
        for first in range(0, rows, at_once):
            number = min(at_once, rows - first)
            piece = np.frombuffer(table.read(number * columns * kind.itemsize), kind)
            kept[first : first + number] = piece.reshape(number, columns)[:, wanted]
    return kept


class _Transitions:
    """The table of transitions, whose rows are read from a file when a text first comes to a state
    that has them."""

    def __init__(self, table: IO[bytes], row_of: array[int], feature_of: array[int]) -> None:
        """``table``: rows of 256 numbers; the row of each state, and the feature, -1 for none,
        that a text has which comes to it."""
        _, kind = _header(table)
        if kind != "<u4":
            raise ValueError("transitions of another width")
        with TemporaryFile() as file:
            shutil.copyfileobj(table, file, _PIECE)
            file.flush()
            opened = os.dup(file.fileno())
        weakref.finalize(self, os.close, opened)
        self._read_at = partial(os.pread, opened, _ROW)  # beside other threads and children
        self._row_of, self._feature_of = row_of, feature_of
        self._reading = Lock()
        self._base_of_row: dict[int, int] = {}
        self._bases = array("i", [_UNREAD]) * len(row_of)  # of the states' rows in ``numbers``
        self.numbers = array("I")  # the rows that were read

    def visits(self, text: bytes) -> Counter[int]:
        """How often each feature stands in ``text``."""
        bases, numbers, feature_of = self._bases, self.numbers, self._feature_of
        state, found = 0, []
        for letter in text:
            base = bases[state]
            if base < 0:
                base = self._read(state)
            state = numbers[base + letter]
            feature = feature_of[state]
            if feature >= 0:
                found.append(feature)
        return Counter(found)

    def _read(self, state: int) -> int:
        """Reads the row of ``state``, which others may have; where it begins."""
        row = self._row_of[state]
        with self._reading:
            base = self._base_of_row.get(row)
            if base is None:
                numbers = self._read_at(row * _ROW)
                self._base_of_row[row] = base = len(self.numbers)
                self.numbers.frombytes(numbers)
            self._bases[state] = base
        return base


def _numbers(typecode: str, table: Any) -> array[int]:
    """The numbers of a table, each a Python number when it is asked for."""
    numbers = array(typecode)
    numbers.frombytes(table.tobytes())
    return numbers
