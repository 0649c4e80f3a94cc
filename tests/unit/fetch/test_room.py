"""How many articles are in memory at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from crawler.fetch.room import FEW_ARTICLES, Room


async def _settle() -> None:
    """Whatever can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


class _Visits:
    """Visits that take room, until they are told to end."""

    def __init__(self, room: Room, wanted: Iterable[int]) -> None:
        loop = asyncio.get_running_loop()
        self.ends = [loop.create_future() for _ in wanted]
        self.tasks = [
            loop.create_task(room.take(articles, end))
            for articles, end in zip(wanted, self.ends, strict=True)
        ]

    async def under_way(self) -> list[int]:
        await _settle()
        return [number for number, task in enumerate(self.tasks) if task.done()]

    def end(self, number: int) -> None:
        self.ends[number].set_result(None)

    def cancel(self) -> None:
        for task in self.tasks:
            task.cancel()


async def test_who_finds_no_room_waits_until_another_has_ended() -> None:
    visits = _Visits(Room(most_articles=20, least_visits=1), [10, 10, 10, 10])
    assert await visits.under_way() == [0, 1]
    visits.end(1)
    assert await visits.under_way() == [0, 1, 2]
    visits.cancel()


async def test_who_wants_little_need_not_wait_for_who_wants_much() -> None:
    visits = _Visits(Room(most_articles=20, least_visits=1), [14, 14, 6])
    assert await visits.under_way() == [0, 2]
    visits.cancel()


async def test_a_few_articles_wait_for_no_slow_site_and_take_no_room() -> None:
    slow = [FEW_ARTICLES + 1] * 4
    visits = _Visits(Room(most_articles=sum(slow), least_visits=1), [*slow, 1, FEW_ARTICLES, 6])
    assert await visits.under_way() == [0, 1, 2, 3, 4, 5]
    visits.end(0)
    assert await visits.under_way() == [0, 1, 2, 3, 4, 5, 6]
    visits.cancel()


async def test_some_visits_go_on_however_much_they_want() -> None:
    visits = _Visits(Room(most_articles=20, least_visits=2), [200, 200, 200])
    assert await visits.under_way() == [0, 1]
    visits.end(0)
    assert await visits.under_way() == [0, 1, 2]
    visits.cancel()


async def test_room_of_a_visit_that_was_given_up_is_free_again() -> None:
    room = Room(most_articles=20, least_visits=0)
    visits = _Visits(room, [20, 20, 20])
    assert await visits.under_way() == [0]
    visits.tasks[1].cancel()  # it waited
    visits.ends[0].cancel()  # it had room
    assert await visits.under_way() == [0, 1, 2]
    visits.cancel()
