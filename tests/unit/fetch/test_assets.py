"""Scripts are kept as long as their site says, a day at most, and never too many."""

from __future__ import annotations

from crawler.fetch.assets import Assets
from crawler.fetch.page import Page


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def script(size: int = 10, control: str = "max-age=60", status: int = 200) -> Page:
    return Page("u", "u", status, b"x" * size, {"cache-control": control})


def test_a_script_is_kept_as_long_as_its_site_says() -> None:
    clock = Clock()
    assets = Assets(clock=clock)
    assets.keep("u", script())
    clock.seconds = 59
    assert assets.get("u") is not None
    clock.seconds = 60
    assert assets.get("u") is None


def test_a_year_counts_as_a_day() -> None:
    clock = Clock()
    assets = Assets(clock=clock)
    assets.keep("u", script(control="public, max-age=31536000, immutable"))
    clock.seconds = 86_400
    assert assets.get("u") is None


def test_what_may_not_be_kept_is_not() -> None:
    assets = Assets()
    for page in (script(control="no-store"), script(control=""), script(status=404)):
        assets.keep("u", page)
        assert assets.get("u") is None


def test_the_oldest_makes_room() -> None:
    assets = Assets(max_bytes=100)
    for name in "abcdef":
        assets.keep(name, script(25))
    assert [name for name in "abcdef" if assets.get(name)] == list("cdef")
    assets.keep("f", script(25))  # the same again takes no more
    assert assets.get("c") is not None


def test_one_large_script_does_not_drive_out_the_rest() -> None:
    assets = Assets(max_bytes=100)
    assets.keep("a", script(20))
    assets.keep("large", script(60))
    assert assets.get("a") is not None
    assert assets.get("large") is None
