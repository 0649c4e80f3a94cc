"""Lists of any length that a statement takes as one value: a JSON array on SQLite, an array on
PostgreSQL. So a statement is built once, whatever it is asked about."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.types import TypeEngine


def listed(values: Collection[Any], is_sqlite: bool) -> Any:
    """Values as a list's parameter takes them."""
    return json.dumps(list(values)) if is_sqlite else list(values)


def among(
    column: ColumnElement[Any], name: str, is_sqlite: bool, of: type[TypeEngine[Any]] = String
) -> ColumnElement[bool]:
    """Whether a column is one of the list handed over as ``name``, values of type ``of``."""
    if is_sqlite:
        return column.in_(each(name))
    return column == any_(array(name, of))


def array(name: str, of: type[TypeEngine[Any]] = String) -> ColumnElement[Any]:
    """A list on PostgreSQL, by way of a SELECT: a planner that saw its length would plan anew for
    every item, which costs as much as the answer."""
    given = select(bindparam(name, type_=ARRAY(of))).scalar_subquery()
    return cast(given, ARRAY(of))


def each(name: str) -> Select[Any]:
    """A list on SQLite, a row each."""
    rows = func.json_each(bindparam(name, type_=String)).table_valued("value")
    return select(rows.c.value)
