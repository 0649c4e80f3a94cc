"""Digests as files: stable names, whole files, idempotent."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.channels.file import FileChannel
from crawler.errors import PermanentDeliveryError
from tests.fixtures.deliveries import delivery

PAGE = "<!doctype html><title>Größe</title>"


def test_a_digest_is_written_under_a_stable_name(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    one = delivery("file:digests/", PAGE)
    path = channel.send(one)
    assert path == str(tmp_path / "digests" / "2026-11-21-team.html")
    assert Path(path).read_text("utf-8") == PAGE
    assert channel.send(one) == path
    assert [entry.name for entry in (tmp_path / "digests").iterdir()] == ["2026-11-21-team.html"]


def test_it_can_be_looked_up_by_its_content(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)
    one = delivery("file:digests/", PAGE)
    assert channel.find(one) is None
    path = channel.send(one)
    assert channel.find(one) == path
    assert channel.find(delivery("file:digests/", "another page")) is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "now:2f", "…"])
def test_names_never_leave_the_folder(tmp_path: Path, name: str) -> None:
    path = Path(FileChannel(tmp_path).send(delivery("file:out", PAGE, subscription=name)))
    assert path.parent == tmp_path / "out"


def test_a_folder_that_is_a_file_is_refused_for_good(tmp_path: Path) -> None:
    (tmp_path / "digests").write_text("")
    with pytest.raises(PermanentDeliveryError) as caught:
        FileChannel(tmp_path).send(delivery("file:digests/", PAGE))
    assert caught.value.reason == "not_writable"
    assert caught.value.remedy


def test_a_failed_write_leaves_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(Exception, match="No space left"):
        FileChannel(tmp_path).send(delivery("file:digests/", PAGE))
    assert list((tmp_path / "digests").iterdir()) == []


def test_doctor_hears_of_a_missing_base(tmp_path: Path) -> None:
    assert FileChannel(tmp_path).check() == ()
    assert FileChannel(tmp_path / "gone").check()[0].startswith("Files:")
