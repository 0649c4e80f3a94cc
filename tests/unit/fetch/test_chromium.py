"""Finding Chromium, and what is said where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigError
from crawler.fetch import chromium
from crawler.fetch.chromium import browser_environment, browser_remedy, find_chromium


def program(folder: Path, name: str = "chromium") -> Path:
    file = folder / name
    file.write_text("#!/bin/sh\n", "utf-8")
    file.chmod(0o755)
    return file


def test_a_browser_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    file = program(tmp_path, "chromium-browser")
    assert find_chromium({}).path == str(file)


def test_the_environment_names_another_one(tmp_path: Path) -> None:
    file = program(tmp_path, "my-chromium")
    assert find_chromium({"CLUSTERWATCH_CHROMIUM": str(file)}).path == str(file)


@pytest.mark.parametrize("uid", [0, 1000])
def test_only_root_goes_without_a_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uid: int
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: uid)
    found = find_chromium({"CLUSTERWATCH_CHROMIUM": str(program(tmp_path))})
    assert found.sandbox is (uid != 0)


def test_without_chromium_one_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError) as caught:
        find_chromium({})
    assert "there is no Chromium" in caught.value.line()
    assert "apt install chromium" in caught.value.line()


def test_without_the_extra_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "find_spec", lambda name: None)
    with pytest.raises(ConfigError) as caught:
        find_chromium({})
    assert "'.[browser]'" in caught.value.line()


def test_the_browser_sees_none_of_our_secrets() -> None:
    ours = {"PATH": "/usr/bin", "HOME": "/home/x", "SLACK_BOT_TOKEN": "xoxb", "A_PASSWORD": "x"}
    assert browser_environment(ours) == {"PATH": "/usr/bin", "HOME": "/home/x"}


def test_the_remedy_is_a_whole_command() -> None:
    assert "sources set one --render browser" in browser_remedy("one", "https://a.example/")
    assert browser_remedy("", "https://a.example/").endswith(
        "clusterwatch sources add https://a.example/ --render browser"
    )
