"""Counts as people say them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """For example "1 item" and "2 items"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
