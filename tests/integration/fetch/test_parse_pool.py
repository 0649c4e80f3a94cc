"""Reading in processes of its own: what hangs or dies ends alone."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from crawler.errors import ExtractError
from crawler.fetch.parsing import ParsePool


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
