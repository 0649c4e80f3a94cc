"""Why an address is no item: the pattern that leaves it out, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.explain_address import left_out
from alerts.slack_app.words import slack_words
from crawler.model.source import Source, SourceState
from crawler.storage.source_rows import SourceRow


@pytest.mark.parametrize(
    ("patterns", "german", "danish"),
    [
        (
            {"skip_links": ("/jobs/*",)},
            "die Quelle a lässt sie aus: das Muster /jobs/* von skip_links passt auf sie",
            "kilden a udelader den: mønsteret /jobs/* i skip_links passer til den",
        ),
        (
            {"only_links": ("/news/*", "/p/*")},
            "die Quelle a lässt sie aus: kein Muster von only_links passt auf sie: /news/*, /p/*",
            "kilden a udelader den: intet mønster i only_links passer til den: /news/*, /p/*",
        ),
    ],
)
def test_the_pattern_is_named_in_the_readers_language(
    patterns: dict[str, Any], german: str, danish: str
) -> None:
    source = Source("a", name="A", url="https://a.example/", **patterns)
    told = left_out(SourceRow(source, SourceState("a")), "https://a.example/jobs/17")
    assert told is not None
    assert slack_words("de").told(told.reason) == german
    assert slack_words("da").told(told.reason) == danish
