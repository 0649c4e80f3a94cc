"""Newsletters as sources: what their mails name is read, stored, and never twice."""

from __future__ import annotations

from datetime import timedelta

from crawler.model.item import RawItem
from crawler.storage.mails import Letter, MailStore
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.server import Answer, Server


def add(house: House, server: Server, key: str, *paths: str) -> None:
    items = tuple(RawItem(server.url(path), f"Headline of {path} in the letter") for path in paths)
    MailStore(house.parts.database).add_letter(Letter(key, "one", "News", items, house.moment))


def serve(server: Server, number: int) -> None:
    """An article behind a counting address, another one in every mail."""
    server.put(f"/news/{number}", pages.article(pages.TITLES[number]))
    for mail in ("a", "b"):
        server.put(f"/c/{mail}{number}", Answer(b"", 302, {"Location": f"/news/{number}"}))


async def test_links_are_read_where_they_lead_and_known_again_in_the_next_mail(
    house: House, server: Server
) -> None:
    house.watch(server.url("/newsletter"), kind="newsletter")
    for number in (1, 2):
        serve(server, number)
    add(house, server, "first", "/c/a1")
    outcome = await house.poll()
    assert (outcome.status, outcome.kind, outcome.new) == ("ok", "newsletter", 1)
    (item,) = house.items()
    assert item.url.endswith("/news/1")
    assert item.text
    house.later(days=7)
    add(house, server, "second", "/c/b1", "/c/b2")
    assert (await house.poll()).new == 1
    assert len(house.items()) == 2
    assert (await house.poll()).status == "unchanged"


async def test_a_dry_run_leaves_the_mail_for_the_real_one(house: House, server: Server) -> None:
    house.watch(server.url("/newsletter"), kind="newsletter")
    serve(server, 1)
    add(house, server, "first", "/c/a1")
    assert (await house.poll(dry_run=True)).new == 1
    assert house.items() == []
    assert (await house.poll()).new == 1


async def test_an_unreadable_page_leaves_the_words_of_the_mail(
    house: House, server: Server
) -> None:
    house.watch(server.url("/newsletter"), kind="newsletter")
    server.put("/c/a1", Answer(b"", 500))
    add(house, server, "first", "/c/a1")
    outcome = await house.poll()
    assert (outcome.new, outcome.failed) == (1, 1)
    assert house.items()[0].title == "Headline of /c/a1 in the letter"


async def test_patterns_hold_for_the_address_that_answers(house: House, server: Server) -> None:
    house.watch(server.url("/newsletter"), kind="newsletter", skip_links=("/news/2",))
    for number in (1, 2):
        serve(server, number)
    add(house, server, "first", "/c/a1", "/c/a2")
    assert (await house.poll()).new == 1
    house.moment += timedelta(hours=1)
    assert house.items()[0].url.endswith("/news/1")
    assert house.parts.sources.get("one").state.notice == ""


async def test_patterns_that_leave_out_all_of_a_letter_are_told(
    house: House, server: Server
) -> None:
    house.watch(server.url("/newsletter"), kind="newsletter", only_links=("/none/*",))
    serve(server, 1)
    add(house, server, "first", "/c/a1")
    assert (await house.poll()).new == 0
    notice = house.parts.sources.get("one").state.notice
    assert notice.startswith("only_links and skip_links allow none of its 1 items, such as http")


async def test_a_mail_waits_for_who_has_the_lease(house: House, server: Server) -> None:
    house.watch(server.url("/newsletter"), kind="newsletter")
    serve(server, 1)
    add(house, server, "first", "/c/a1")
    sources, lease = house.parts.sources, timedelta(minutes=10)

    def overtaken(_: object) -> Answer:
        house.later(minutes=11)
        assert sources.claim("one", "other:2", house.moment, lease)
        return Answer(b"", 302, {"Location": "/news/1"})

    server.put("/c/a1", overtaken)
    assert (await house.poll()).status == "busy"
    assert house.items() == []
    sources.release("one", "other:2")
    serve(server, 1)
    assert (await house.poll()).new == 1
