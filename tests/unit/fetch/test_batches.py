"""Calls made as one: order, size and failures."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from crawler.errors import StorageError
from crawler.fetch.batches import Batch


async def test_what_is_asked_together_is_worked_on_together_in_its_order() -> None:
    calls: list[list[int]] = []

    def doubled(values: Sequence[int]) -> list[int]:
        calls.append(list(values))
        return [2 * value for value in values]

    batch = Batch(doubled)
    assert await asyncio.gather(*(batch.ask(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert calls == [[0, 1, 2, 3, 4]]
    assert await batch.ask(7) == 14
    assert calls[1:] == [[7]]


async def test_no_call_is_larger_than_asked_for() -> None:
    sizes: list[int] = []

    def same(values: Sequence[int]) -> Sequence[int]:
        sizes.append(len(values))
        return values

    batch = Batch(same, at_most=4)
    assert await asyncio.gather(*(batch.ask(number) for number in range(10))) == [*range(10)]
    assert sizes == [4, 4, 2]


async def test_while_one_call_works_the_next_ones_gather() -> None:
    entered, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    calls: list[list[int]] = []

    def slow(values: Sequence[int]) -> Sequence[int]:
        calls.append(list(values))
        loop.call_soon_threadsafe(entered.set)
        assert go_on.wait(60)
        return values

    batch = Batch(slow)
    first = asyncio.ensure_future(batch.ask(1))
    await entered.wait()
    others = [asyncio.ensure_future(batch.ask(number)) for number in (2, 3)]
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(first, *others) == [1, 2, 3]
    assert calls == [[1], [2, 3]]


async def test_a_failure_reaches_everybody_who_asked_and_nobody_later() -> None:
    working = False

    def maybe(values: Sequence[int]) -> Sequence[int]:
        if not working:
            raise StorageError("The disk is full.")
        return values

    batch = Batch(maybe)
    found = await asyncio.gather(batch.ask(1), batch.ask(2), return_exceptions=True)
    assert [str(type(one).__name__) for one in found] == ["StorageError", "StorageError"]
    working = True
    assert await batch.ask(3) == 3


async def test_too_few_results_are_a_failure_of_all() -> None:
    batch: Batch[int, int] = Batch(lambda values: list(values)[1:])
    with pytest.raises(ValueError, match="shorter"):
        await batch.ask(1)


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    batch: Batch[int, int] = Batch(list)
    gone, stays = (asyncio.ensure_future(batch.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 2


async def test_one_bad_value_fails_alone_and_the_others_get_their_results() -> None:
    calls: list[list[int]] = []

    def reciprocal(values: Sequence[int]) -> list[float]:
        calls.append(list(values))
        return [1 / value for value in values]

    batch = Batch(reciprocal)
    found = await asyncio.gather(*(batch.ask(one) for one in (1, 0, 2)), return_exceptions=True)
    assert found[0] == 1
    assert isinstance(found[1], ZeroDivisionError)
    assert found[2] == 0.5
    assert calls == [[1, 0, 2], [1], [0], [2]]


async def test_a_database_in_trouble_is_not_asked_again_for_each() -> None:
    calls: list[int] = []

    def full(values: Sequence[int]) -> list[int]:
        calls.append(len(values))
        raise StorageError("The disk is full.")

    batch = Batch(full)
    await asyncio.gather(batch.ask(1), batch.ask(2), return_exceptions=True)
    assert calls == [2]
