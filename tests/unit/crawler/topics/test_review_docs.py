"""The example of a review in ``docs/topics.md`` is what the counts beside it give."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.cli.app import Door
from crawler.cli.topic_review import print_review
from crawler.model.item import Item
from crawler.model.judgement import Classified, Judgement
from crawler.model.topic import Evidence, Match, TopicDefinition
from crawler.topics.review import review

PAGE = (Path(__file__).parents[4] / "docs" / "topics.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## Judging matches")[1].split("\n## ")[0]
TOPIC = TopicDefinition("surgical-robots", "Surgical robots", {}, version="1")
START = datetime(2026, 9, 2, tzinfo=UTC)
WEEKS, MATCHES_A_WEEK, OTHERS_A_WEEK = 12, 5, 33
TOY = "Operationsroboterspiel"


def archive() -> list[Classified]:
    """Twelve weeks; the first five matches have a wrong term, three of them will be judged."""
    found: list[Classified] = []
    for week in range(WEEKS):
        seen = START + timedelta(weeks=week)
        for number in range(week * MATCHES_A_WEEK, (week + 1) * MATCHES_A_WEEK):
            quote = TOY if number < 5 else "Operationsroboter"
            evidence = (Evidence("text", 0, len(quote), quote, "Operationsroboter*"),)
            match = Match(TOPIC.id, 0.8, evidence)
            found.append(Classified(f"m{number}", seen, match))
        found += [Classified(f"u{week}-{n}", seen, None) for n in range(OTHERS_A_WEEK)]
    return found


def judged(item: str, judgement: str, score: float | None) -> Judgement:
    return Judgement(item, TOPIC.id, judgement, score, "1", "command", START)


def test_the_printed_review_is_the_one_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    items = archive()
    judgements = [judged(f"m{n}", "wrong", 0.8) for n in range(3)]
    judgements += [judged(f"m{n}", "relevant", 0.8) for n in range(5, 23)]
    while asked := review(TOPIC, judgements, items).ask:
        judgements += [judged(item, "wrong", None) for item in asked]
    missed = judgements[-1].item
    judgements.append(judged(missed, "missed", None))
    item = Item("3f2a9c0d1b7e4a55", "a", "", "", "Robotic arm sets its hundredth hip", "", None,
                START, "en")  # fmt: skip
    why = {item.id: "no term of the topic was found"}
    print_review(Door(), review(TOPIC, judgements, items), [], [item], why)
    [example] = re.findall(r"```console\n\$ clusterwatch topics review.*?\n(.*?)```", SECTION, re.S)
    assert capsys.readouterr().out == example
