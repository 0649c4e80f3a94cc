"""Slack's limits: what is taken to the last character, and refused one beyond."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.demo.block_limits import message_error


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def header(text: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": "header", "text": {"type": kind, "text": text}}


def context(count: int) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * count}


def fields(count: int, length: int) -> dict[str, Any]:
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * length}] * count}


def button(**over: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Open"}
    element = {"type": "button", "action_id": "open", "text": text} | over
    return {"type": "actions", "elements": [element]}


def code(*blocks: dict[str, Any], text: str = "Digest") -> str | None:
    error = message_error(text, list(blocks))
    return error.code if error else None


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3000)],
        [header("x" * 150)],
        [context(10)],
        [fields(10, 100)],
        [fields(2, 2000)],
        [button(text={"type": "plain_text", "text": "x" * 75}, value="x" * 2000)],
        [button(url="https://example.org/" + "x" * 2000)],
        [section("x")] * 50,
        [{"type": "divider"}],
    ],
)
def test_blocks_at_the_limit_are_taken(blocks: list[dict[str, Any]]) -> None:
    assert code(*blocks) is None


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3001)],
        [section("")],
        [header("x" * 151)],
        [header("x", kind="mrkdwn")],
        [context(11)],
        [context(0)],
        [fields(11, 10)],
        [fields(1, 2001)],
        [button(text={"type": "plain_text", "text": "x" * 76})],
        [button(value="x" * 2001)],
        [button(url="https://example.org/" + "x" * 3000)],
        [section("x")] * 51,
        [{"type": "section"}],
        [{"type": "marquee"}],
        [section("x") | {"block_id": "a"}, section("y") | {"block_id": "a"}],
        [{"type": "image", "image_url": "https://example.org/a.png"}],
    ],
)
def test_blocks_beyond_a_limit_are_refused(blocks: list[dict[str, Any]]) -> None:
    assert code(*blocks) == "invalid_blocks"


def test_all_blocks_together_have_a_limit_of_their_own() -> None:
    assert code(*[section("x" * 2900)] * 4) is None
    assert code(*[section("x" * 3000)] * 4) == "msg_blocks_too_long"


def test_text_is_never_empty_and_never_over_four_thousand() -> None:
    assert code(section("x"), text=" ") == "no_text"
    assert code(text="x" * 4000) is None
    assert code(text="x" * 4001) == "msg_too_long"


def test_a_problem_names_its_place() -> None:
    error = message_error("Digest", [section("x"), header("y" * 200)])
    assert error is not None
    assert error.messages == (
        "must be less than 151 characters [json-pointer:/blocks/1/text/text]",
    )


def test_blocks_that_are_no_list_are_refused() -> None:
    error = message_error("Digest", {"type": "section"})
    assert error is not None
    assert error.code == "invalid_blocks_format"
