"""A source's row goes over into its nouns by position."""

from __future__ import annotations

from dataclasses import fields

from crawler.model.source import Source, SourceState
from crawler.storage.source_rows import DECLARATION, ROW

_SECONDS = {"every": "every_seconds", "interval": "interval_seconds"}


def test_columns_stand_in_the_order_of_the_fields() -> None:
    source = [_SECONDS.get(one.name, one.name) for one in fields(Source)]
    state = [_SECONDS.get(one.name, one.name) for one in fields(SourceState)]
    assert [column.name for column in DECLARATION] == ["id", *source[1:]]
    assert [column.name for column in ROW] == [*source, "status", "undeclared", *state[2:]]
