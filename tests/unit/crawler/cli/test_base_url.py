"""The address that a saved page came from."""

from __future__ import annotations

import pytest

from crawler.cli.reading import saved_from
from crawler.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("", ""),
        ("https://www.example.org/news/", "https://www.example.org/news/"),
        ("http://127.0.0.1:8000/a?b=c", "http://127.0.0.1:8000/a?b=c"),
        ("www.example.org/news", "https://www.example.org/news"),
    ],
)
def test_an_address_as_people_type_it(typed: str, url: str) -> None:
    assert saved_from(typed) == url


@pytest.mark.parametrize(
    "typed", ["nonsense", "https://", "javascript:alert(1)", "http://[::1", "/a"]
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is no web address"):
        saved_from(typed)
