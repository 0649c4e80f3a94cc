"""Reading in processes of its own: what hangs or dies ends alone."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from crawler.errors import ExtractError
from crawler.extract.listing import ListingHints
from crawler.fetch.parsing import ParsePool, is_light


def double(number: int) -> int:
    return number * 2


def hang() -> None:
    signal.sigwait([signal.SIGUSR2])


def die() -> None:
    os._exit(3)


def refuse() -> None:
    raise ExtractError("No feed.", url="https://a.example/", remedy="Look at it.")


def stumble() -> None:
    raise ValueError("odd")


def process_of(page: bytes) -> int:
    return os.getpid()


async def test_one_bad_page_ends_alone() -> None:
    pool = ParsePool(workers=2, deadline_seconds=3.0)
    try:
        assert await pool.run(double, 4) == 8  # the workers have started
        hanging = asyncio.ensure_future(pool.run(hang))
        assert await asyncio.gather(*(pool.run(double, n) for n in range(5))) == [0, 2, 4, 6, 8]
        with pytest.raises(ExtractError, match="died"):
            await pool.run(die)
        with pytest.raises(ExtractError, match="No feed") as caught:
            await pool.run(refuse)
        assert (caught.value.url, caught.value.remedy) == ("https://a.example/", "Look at it.")
        with pytest.raises(ExtractError, match="ValueError: odd"):
            await pool.run(stumble)
        with pytest.raises(ExtractError, match="longer than 3 s"):
            await hanging
        assert await pool.run(double, 5) == 10
    finally:
        await asyncio.to_thread(pool.close)


@pytest.mark.parametrize(
    "page",
    [
        b"<p>" + b"long " * 50_000,
        b"<b>" * 6_000,
        b"<p " + b" ".join(b"a%d=1" % number for number in range(16_000)) + b">",
        b"<rss><title>" + b"&" * 21_000,
        b"\n%PDF-1.7",
    ],
    ids=["long", "many tags", "many attributes", "many references", "PDF"],
)
def test_a_page_that_may_keep_the_loop_is_not_light(page: bytes) -> None:
    assert not is_light(page)


async def test_light_pages_need_no_process() -> None:
    pool = ParsePool()
    assert await pool.run(process_of, b"<p>short</p>") == os.getpid()
    assert pool.workers == 0
    with pytest.raises(ExtractError, match="ValueError: odd"):
        await pool.run(_stumbles_over, b"<p>short</p>")


@pytest.mark.parametrize("selector", ["li ~ li", "* * *", "li:has(~ li)", "li:nth-last-child(2)"])
async def test_a_light_page_is_searched_for_pairs_in_a_process(selector: str) -> None:
    pool = ParsePool()
    try:
        plain, costly = ListingHints(selector="ul.news > li"), ListingHints(selector=selector)
        assert await pool.run(_process_of_reading, b"<p>short</p>", hints=plain) == os.getpid()
        assert await pool.run(_process_of_reading, b"<p>short</p>", hints=costly) != os.getpid()
    finally:
        await asyncio.to_thread(pool.close)


async def test_idle_workers_go_and_come_back() -> None:
    pool = ParsePool(idle_seconds=0)
    try:
        first = await pool.run(process_of, b"<b>" * 6_000)
        later = asyncio.Event()
        asyncio.get_running_loop().call_later(0.001, later.set)  # behind the retirement
        await later.wait()
        assert pool.workers == 0
        assert await pool.run(process_of, b"<b>" * 6_000) not in (first, os.getpid())
    finally:
        await asyncio.to_thread(pool.close)


def _stumbles_over(page: bytes) -> None:
    raise ValueError("odd")


def _process_of_reading(page: bytes, *, hints: ListingHints) -> int:
    return os.getpid()
