"""Text that a server encoded twice: "fÃ¼r" is read as "für", so that nothing looks new by it."""

from __future__ import annotations

import re

# UTF-8's bytes as windows-1252 shows them (with latin-1 where it has no character).
_HIGH = "".join(
    sorted({bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0)})
)
_TWICE = re.compile(f"[\xc2-\xf4][{re.escape(_HIGH)}\x80-\x9f]{{1,3}}")
_OTHER = re.compile(r"[^\x00-\x7f\s]")
_FEWEST = 2
_SHARE = 0.9  # of the characters beyond ASCII: one quoted example mends nothing


def mended(text: str) -> str:
    """``text`` as it was meant, where it was encoded twice throughout; else ``text`` itself."""
    if text.isascii() or _TWICE.search(text) is None:
        return text
    runs = [run for run in _TWICE.findall(text) if _once(run) is not None]
    if len(runs) < _FEWEST:
        return text
    if sum(map(len, runs)) < _SHARE * len(_OTHER.findall(text)):
        return text
    return _TWICE.sub(lambda run: _once(run[0]) or run[0], text)


def _once(run: str) -> str | None:
    """The characters a run stands for; None where it is what it looks like."""
    try:
        return b"".join(map(_byte, run)).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


def _byte(character: str) -> bytes:
    if ord(character) < 0x100:
        return bytes([ord(character)])
    return character.encode("cp1252")
