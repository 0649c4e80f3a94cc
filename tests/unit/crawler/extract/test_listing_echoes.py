"""A teaser belongs to the title whose words it repeats, above it or below."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing

TOLD = {
    "Harbour cluster opens a clean room": "In its rooms twelve firms of the harbour work now.",
    "Nine firms recycle old turbines": "The blades of turbines were burnt until last year.",
    "Maria Olsen chairs the board": "Olsen, an engineer, had led its office for ten years.",
    "A map of suppliers of the coast": "More than a hundred suppliers are named on it by now.",
}
LINK = '<{tag}><a href="/n/{number}">{title}</a></{tag}>'


def summaries(form: str, tag: str, before: str, behind: str) -> list[str]:
    rows = "".join(
        form.format(
            link=LINK.format(tag=tag, number=number, title=title), teaser=f"<p>{teaser}</p>"
        )
        for number, (title, teaser) in enumerate(TOLD.items())
    )
    html = f"<html><body><main><h1>News</h1>{before}{rows}{behind}</main></body></html>"
    found = read_listing(html.encode(), "https://cluster.example/news")
    assert [item.title for item in found.items] == list(TOLD)
    return [item.summary for item in found.items]


@pytest.mark.parametrize("form", ["{teaser}{link}", "{link}{teaser}"])
@pytest.mark.parametrize("tag", ["p", "h3"])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", ""),
        ("<p>Here you read what happens at the coast every week.</p>", ""),
        ("", "<p>Write to the office if you have news of your own.</p>"),
    ],
)
def test_an_undated_teaser_stays_with_its_title(
    form: str, tag: str, before: str, behind: str
) -> None:
    assert summaries(form, tag, before, behind) == list(TOLD.values())
