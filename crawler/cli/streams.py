"""Where a command writes to: outputs that are closed, that nobody reads any more, or whose charset
lacks letters."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO


class _Patient(io.FileIO):
    """A descriptor whose reader may leave: what is written then goes nowhere."""

    def __init__(self, descriptor: int, forgiven: type[OSError]) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._forgiven = forgiven

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except self._forgiven:
            return len(data)
        except OSError:
            self._forgiven = OSError  # told once
            raise


def speak_everywhere() -> None:
    """No output that is closed, whose reader left, or whose charset lacks a letter ends a command
    or changes its exit code. A full disk under stdout still does: there results are lost."""
    sys.stdout = _patient(sys.stdout, sys.__stdout__, BrokenPipeError, "replace")
    sys.stderr = _patient(sys.stderr, sys.__stderr__, OSError, "backslashreplace")


def _patient(
    stream: TextIO | None, own: TextIO | None, forgiven: type[OSError], errors: str
) -> TextIO:
    if stream is None:  # closed by whoever started us
        return open(os.devnull, "w", encoding="utf-8")
    if stream is not own or not isinstance(stream, io.TextIOWrapper):  # somebody listens in
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Patient(stream.fileno(), forgiven)),
        encoding=stream.encoding,
        errors=errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def write_document(text: str) -> None:
    """Data on stdout, which programs read: UTF-8, whatever charset the terminal has."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(text.encode("utf-8", "replace"))
    buffer.flush()
