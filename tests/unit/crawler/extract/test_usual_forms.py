"""What is read at once because it is usual comes out as the general way reads it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from crawler.extract import markup
from crawler.extract.dates import parse_date
from crawler.extract.dates_declared import declared_date
from crawler.extract.markup import paragraphs

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Fri, 20 Nov 2026 10:30:00 +0100",
        "20 Nov 2026 10:30:00 GMT",
        "1 Jan 1990 00:00:00 -0330",
        "Sat, 31 Feb 2026 10:30:00 GMT",
        "Fri, 20 Nov 2026 24:00:00 GMT",
        "Fri, 20 Nov 2026 25:00:00 GMT",
        "Fri, 20 Nov 1989 10:30:00 GMT",
        "2026-11-20T10:30:00Z",
        "2026-11-20T10:30:00-05:30",
        "2026-13-20T10:30:00Z",
        "2026-11-00T10:30:00Z",
        "9999-11-20T10:30:00Z",
    ],
)
@pytest.mark.parametrize("now", [NOW, None])
def test_usual_dates_are_those_of_the_grammar(written: str, now: datetime | None) -> None:
    found = declared_date(written, zone=UTC, now=now)
    expected = parse_date(written, zone=UTC, now=now)
    assert found == expected
    assert found is None or expected is None or found.isoformat() == expected.isoformat()


@pytest.mark.parametrize(
    "fragment",
    [
        "<p>One.</p>",
        "  <p>Two  words &amp; &#8211; more</p>\n<p>한국\u00ad\u200b &nbsp;x</p> ",
        "<p></p><p>-</p><p>- item</p>",
        "<p>1 &lt; 2 &#160;&gt; &quot;0&quot;</p>",
        "<p>&#233;</p><p>a\u2028b\x85c</p>",
    ],
)
def test_plain_paragraphs_are_those_of_the_parser(
    fragment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = paragraphs(fragment)
    monkeypatch.setattr(markup, "_PLAIN_PARAGRAPHS", re.compile(r"(?!)"))
    assert quick == paragraphs(fragment)
