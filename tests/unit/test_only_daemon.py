"""One daemon a SQLite file: the second refuses, under whatever name."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Settings, load
from crawler.errors import StorageError
from scheduler import only_daemon


def installed(folder: Path, database: str) -> Settings:
    folder.mkdir()
    (folder / "clusterwatch.toml").write_text(f'[clusterwatch]\ndatabase = "{database}"\n', "utf-8")
    return load(folder / "clusterwatch.toml", environment={})


def test_a_second_daemon_refuses_clearly(tmp_path: Path) -> None:
    first = installed(tmp_path / "one", "sqlite:///news.db")
    file = tmp_path / "one" / "news.db"
    (tmp_path / "link.db").symlink_to(file)
    others = [
        installed(tmp_path / name, f"sqlite:///{path}")
        for name, path in (
            ("two", file),
            ("three", tmp_path / "link.db"),
            ("four", "../one/news.db"),
        )
    ]
    with only_daemon(first):
        for other in others:
            with (
                pytest.raises(StorageError, match="Another clusterwatch run") as refused,
                only_daemon(other),
            ):
                pass
            assert refused.value.remedy
    for settings in others:  # the first ended: each may be the one
        with only_daemon(settings):
            pass
    with only_daemon(first), only_daemon(installed(tmp_path / "else", "sqlite:///news.db")):
        pass
