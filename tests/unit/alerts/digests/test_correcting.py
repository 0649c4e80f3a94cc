"""What an edit of a posted message looks like, and when there is none."""

from __future__ import annotations

import json
from typing import Any

from alerts.digests.correcting import MOST_CHARACTERS, Change, corrected
from alerts.digests.slack import STORY_CHARACTERS, render_slack
from alerts.digests.story import item_link
from alerts.digests.words import words_for
from tests.fixtures.digest_makers import digest_of, item, selected

EN = words_for("en")
LONG = "Engineers use machine learning to sort parts. " * 9


def payload(count: int = 1, **changes: Any) -> dict[str, Any]:
    stories = [
        selected(item(str(n), f"Story number {n} of a cluster", text=LONG)) for n in range(count)
    ]
    digest = digest_of(stories, max_stories=count, **changes)
    return dict(render_slack(digest, channel="C0000001", delivery_id="d")[0])


def url(number: int) -> str:
    return item_link(item(str(number)))


def lines(body: dict[str, Any]) -> list[str]:
    texts = [block.get("text", {}).get("text", "") for block in body["blocks"]]
    return [text for text in texts if "Story number" in text]


def test_the_story_gets_one_line_and_all_else_stays() -> None:
    before = payload(3)
    after = corrected(before, [Change(url(1), "moved to 3 May")], EN)
    assert after is not None
    assert after["text"] == before["text"]
    changed = [(a, b) for a, b in zip(lines(before), lines(after), strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1].endswith("\nCorrected since: moved to 3 May")
    assert all(len(one) <= STORY_CHARACTERS for one in lines(after))


def test_a_story_that_is_not_in_the_message_makes_no_edit() -> None:
    assert corrected(payload(2), [Change("https://elsewhere.example/", "x")], EN) is None
    assert corrected(payload(2), [Change("", "x")], EN) is None
    assert corrected({}, [Change(url(0), "x")], EN) is None


def test_what_may_not_be_quoted_is_only_called_corrected() -> None:
    after = corrected(payload(), [Change(url(0))], EN)
    assert after is not None
    assert lines(after)[0].endswith("\nCorrected since")


def test_mentions_in_a_change_are_shown_not_sent() -> None:
    after = corrected(payload(), [Change(url(0), "<!channel> <@U1> *now*")], EN)
    assert after is not None
    assert "<!channel>" not in json.dumps(after)
    assert "&lt;!channel&gt;" in lines(after)[0]


def test_a_message_never_grows_beyond_what_slack_takes() -> None:
    before = payload(40)
    changes = [Change(url(number), "&" * 120) for number in range(40)]
    after = corrected(before, changes, EN)
    assert after is not None
    written = len(str(after["text"])) + len(json.dumps(after["blocks"], ensure_ascii=False))
    assert written <= MOST_CHARACTERS


def test_other_languages_have_words_for_it() -> None:
    for language, said in (("de", "Seither korrigiert: x"), ("da", "Rettet siden: x")):
        after = corrected(payload(), [Change(url(0), "x")], words_for(language))
        assert after is not None
        assert said in lines(after)[0]
