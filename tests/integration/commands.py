"""Commands called in this process, as a terminal would call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.__main__ import application
from crawler.cli.app import run


@dataclass
class Answer:
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]


def commands(capsys: pytest.CaptureFixture[str]) -> Command:
    """Calls of ``clusterwatch`` with the words given, in the current folder."""

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        code = run(application(), list(arguments))
        spoken = capsys.readouterr()
        return Answer(code, spoken.out, spoken.err)

    return call
