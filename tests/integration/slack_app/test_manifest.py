"""The app's manifest asks for what the code uses, and names the addresses it listens at."""

from __future__ import annotations

import re
from importlib.resources import files

from alerts.channels import slack as channel
from alerts.web import slack as door

MANIFEST = (files("seeds") / "slack-app.yaml").read_text("utf-8")


def test_every_scope_the_channel_checks_is_asked_for() -> None:
    scopes = set(re.findall(r"^      - ([a-z_]+:[a-z]+|commands)", MANIFEST, re.M))
    assert set(channel._SCOPES) <= scopes
    assert {"commands", "app_mentions:read", "im:write"} <= scopes


def test_the_addresses_are_those_of_the_web_side() -> None:
    named = set(re.findall(r"https://news\.example\.org(/slack/\w+)", MANIFEST))
    assert named == {route.path for route in door.routes()}


def test_the_command_is_ours_and_answers_are_expected() -> None:
    assert "command: /clusterwatch" in MANIFEST
    assert re.search(r"interactivity:\n\s+is_enabled: true", MANIFEST)
