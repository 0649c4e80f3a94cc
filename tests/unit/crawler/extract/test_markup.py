"""What is refused before a parser sees it."""

from __future__ import annotations

import pytest

from crawler.errors import ExtractError
from crawler.extract.markup import check_markup

MANY = 5_000


@pytest.mark.parametrize(
    "tag",
    [
        "<p " + "a " * MANY + ">",
        "<p " + "a=1 " * MANY + ">",
        "<p " + "a/" * MANY + ">",
        "<p " + 'a=""' * MANY + ">",
        "<p " + 'a=">"' * MANY + ">",
        "<p " + "a='>'" * MANY + ">",
        "<p " + "a = '>' " * MANY + ">",
        "<p " + 'a=">' + ">" * 100 + '" b' * MANY,
        "<p " + "a " * MANY,
        "<script " + 'a=">"' * MANY + ">1 > 0</script>",
    ],
)
def test_a_tag_with_thousands_of_attributes_is_refused(tag: str) -> None:
    for text in (tag, f"<b>x</b>{tag}", f"<p>1 > 0</p><i class='>'>x</i>{tag}<p>y</p>"):
        with pytest.raises(ExtractError):
            check_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words " * MANY,
        "<p a='1'>" * MANY,
        "<p a='>'>" * MANY,
        "<script>" + "if (a > b && c = '>') a = b;" * MANY + "</script>",
        "<!-- " + "a=1 " * MANY + "-->",
    ],
)
def test_long_documents_of_small_tags_are_not(text: str) -> None:
    check_markup(text)
