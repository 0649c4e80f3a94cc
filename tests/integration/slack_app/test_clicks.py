"""The menu of a story: judged as the command line judges, muted with a question, explained."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alerts.channels.slack_answers import SlackAnswers
from alerts.demo.block_limits import message_error
from alerts.demo.slack_double import SlackDouble
from alerts.demo.slack_faults import delay, drop_before, http_error
from alerts.demo.slack_workspace import SlackWhisper
from alerts.digests.answers import Answer
from alerts.digests.menu import Subject, subject_of
from tests.integration.slack_app.office import (
    ADA,
    BEN,
    DIRECT,
    NEWS,
    TOPIC,
    Office,
    opened,
    running,
)


def buttons(whisper: SlackWhisper) -> list[str]:
    found = [block for block in whisper.blocks if block["type"] == "actions"]
    return [one["value"] for block in found for one in block["elements"]]


def muted(office: Office) -> list[str]:
    return list(office.team.muted)


def test_useful_is_the_same_row_as_the_command_lines(office: Office) -> None:
    office.click("useful")
    (kept,) = office.judgements
    assert (kept.item, kept.topic, kept.judgement) == (office.item.id, TOPIC, "relevant")
    assert kept.by == f"slack:{ADA}"
    assert kept.score is not None
    assert office.last.user == ADA
    assert office.last.text.startswith("Noted as useful: Sachsen und Südkorea &lt;bauen&gt;")
    assert list(office.slack.posts) == []


def test_a_double_click_counts_once_and_the_last_word_counts(office: Office) -> None:
    for what in ("useful", "useful", "wrong", "wrong"):
        office.click(what)
    assert [one.judgement for one in office.judgements] == ["relevant", "wrong"]
    office.click("useful", user=BEN)
    assert [one.by for one in office.judgements][-1] == f"slack:{BEN}"


def test_undo_takes_back_what_the_clicker_said_and_nothing_else(office: Office) -> None:
    office.click("wrong")
    office.click("useful", user=BEN)
    assert buttons(office.whispers[0]) == ["undo"]
    # The button carries what it is about.
    about = office.whispers[0].blocks[-1]["block_id"]
    assert subject_of(about) == Subject("team", office.item.id, TOPIC)
    office.click("undo")
    assert [one.by for one in office.judgements] == [f"slack:{BEN}"]
    assert (office.last.text, office.last.replaces) == ("Taken back.", True)
    office.click("undo")
    assert office.last.text == "Nothing was changed."


def test_muting_in_a_channel_asks_once_and_names_who_did_it(office: Office) -> None:
    office.click("mute")
    assert muted(office) == []
    assert office.last.text == "Mute Cluster Alpha for everybody in this channel?"
    assert buttons(office.last) == ["mute_for_all", "keep"]
    assert list(office.slack.posts) == []
    office.click("mute_for_all")
    assert muted(office) == ["alpha"]
    assert (office.last.text, office.last.replaces) == ("Cluster Alpha is muted here.", True)
    (post,) = office.slack.posts
    assert (post.channel, post.text) == (NEWS, f"<@{ADA}> muted Cluster Alpha in this digest.")
    office.click("mute", user=BEN)  # it is muted: nobody is asked, nobody is told again
    assert office.last.text == "Cluster Alpha is muted here."
    assert len(office.slack.posts) == 1


def test_the_question_can_be_answered_with_no(office: Office) -> None:
    office.click("mute")
    office.click("keep")
    assert muted(office) == []
    assert (office.last.text, office.last.replaces) == ("Nothing was changed.", True)


def test_unmuting_is_told_to_the_channel_too(office: Office) -> None:
    office.click("mute_for_all")
    office.click("unmute", user=BEN)
    assert muted(office) == []
    last = office.slack.posts[-1].text
    assert last == f"<@{BEN}> brought Cluster Alpha back into this digest."


def test_in_a_direct_message_nobody_is_asked_or_told(office: Office) -> None:
    office.click("mute", channel=DIRECT)
    assert muted(office) == ["alpha"]
    assert buttons(office.last) == ["unmute"]
    assert list(office.slack.posts) == []


def test_a_muted_source_is_left_out_until_it_is_unmuted(office: Office) -> None:
    parts, now = office.web.parts, office.web.now
    with_it = parts.dispatcher.preview("team", now).selection.stories
    office.click("mute_for_all")
    without = parts.dispatcher.preview("team", now).selection.stories
    explained = office.click("why")
    assert explained.status_code == 200
    assert "team muted the source alpha" in office.last.text
    office.click("unmute")
    again = parts.dispatcher.preview("team", now).selection.stories
    assert (len(with_it), len(without), len(again)) == (1, 0, 1)


def test_why_quotes_the_evidence_to_who_asked(office: Office) -> None:
    office.click("why")
    assert "Südkorea" in office.last.text
    assert "Korea" in office.last.text.splitlines()[1]
    assert office.last.user == ADA
    assert list(office.slack.posts) == []


def test_answers_speak_the_digests_language(office: Office) -> None:
    german = replace(
        office.team, id="deutsch", digest_language="de", declared_by="", to="slack:C0OPS00001"
    )
    entered = office.web.parts.subscriptions.enter(german, now=office.web.now, by="operator")
    one = entered.subscription
    office.click("useful", subject=Subject(one.id, office.item.id, TOPIC))
    assert office.last.text.startswith("Als nützlich notiert: ")
    office.click("why", subject=Subject(one.id, office.item.id, TOPIC))
    assert office.last.text.splitlines()[-1] == "wartet auf die nächste Übersicht von deutsch"


def test_a_story_or_subscription_that_is_gone_says_so(office: Office) -> None:
    for subject in (Subject("team", "0" * 16, TOPIC), Subject("nobody", office.item.id, TOPIC)):
        office.click("useful", subject=subject)
        assert office.last.text == "This story is no longer there."
    assert office.judgements == []


def test_a_topic_that_is_gone_is_refused_in_a_sentence(office: Office) -> None:
    office.click("useful", subject=Subject("team", office.item.id, "gone"))
    assert "gone" in office.last.text
    assert office.judgements == []


def test_a_click_that_is_none_of_ours_does_nothing(office: Office) -> None:
    office.click("useful", actions=[{"block_id": "other", "value": "useful"}])
    office.click("useful", actions=[{"block_id": "cw|team|x|y", "value": "rm -rf"}])
    office.click("useful", user="<!channel>")
    assert office.slack.calls == []


def test_a_lost_answer_loses_no_judgement_and_is_not_repeated(office: Office) -> None:
    for fault in (http_error(500), drop_before()):
        office.slack.fail("response_url", fault)
    office.click("useful")
    office.click("wrong")
    assert [one.judgement for one in office.judgements] == ["relevant", "wrong"]
    assert office.slack.called("response_url") == 2
    office.slack.fail("response_url", delay(0.05))
    assert office.click("why").status_code == 200


def test_the_digest_carries_a_menu_per_story_within_slacks_limits(office: Office) -> None:
    prepared = office.web.parts.dispatcher.preview("team", office.web.now)
    payload = json.loads(prepared.deliveries[0].payload)
    assert message_error(payload["text"], payload["blocks"]) is None
    (story,) = [block for block in payload["blocks"] if "accessory" in block]
    assert subject_of(story["block_id"]) == Subject("team", office.item.id, TOPIC)
    options = story["accessory"]["options"]
    assert [one["value"] for one in options] == ["useful", "wrong", "mute", "why"]
    assert all(len(one["text"]["text"]) <= 75 for one in options)
    assert story["accessory"]["type"] == "overflow"


def test_without_an_endpoint_there_is_no_menu(tmp_path: Path) -> None:
    with running(SlackDouble()) as slack, opened(tmp_path, slack, SLACK_SIGNING_SECRET="") as one:
        prepared = one.web.parts.dispatcher.preview("team", one.web.now)
        assert "accessory" not in prepared.deliveries[0].payload


def test_mutes_survive_a_sync_of_the_file(office: Office) -> None:
    from alerts.wiring import sync_subscriptions

    office.click("mute_for_all")
    sync_subscriptions(office.web.parts, office.web.now + timedelta(days=1))
    assert muted(office) == ["alpha"]


def test_slack_that_does_not_answer_in_time_is_given_up(office: Office) -> None:
    answers = SlackAnswers("", office.slack.base_url, 1)
    office.slack.fail("response_url", delay(1.3))
    url = office.slack.response_url(NEWS, ADA)
    assert not answers.send(Answer("late"), response_url=url, channel=NEWS, user=ADA)
    # Without a bot's token there is no other way to answer.
    assert not answers.send(Answer("late"), response_url="", channel=NEWS, user=ADA)
    assert office.slack.called("response_url") == 1
