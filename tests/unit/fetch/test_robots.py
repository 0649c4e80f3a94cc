"""robots.txt by RFC 9309, with answers made up by the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import FetchError, RefusedError
from crawler.fetch.gate import HostGate
from crawler.fetch.page import Page
from crawler.fetch.robots import RobotsRules
from crawler.storage.fetched import RobotsTxt

NEWS = "https://a.example/news"


class Memory:
    """What the database keeps, in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, RobotsTxt] = {}

    def robots(self, origin: str) -> RobotsTxt | None:
        return self.kept.get(origin)

    def keep_robots(self, origin: str, found: RobotsTxt) -> None:
        self.kept[origin] = found


class Web:
    """Answers for robots.txt, and how often each was asked for."""

    def __init__(self) -> None:
        self.answer: Page | FetchError = Page("u", "u", 404)
        self.asked: list[str] = []

    def says(self, text: str, status: int = 200) -> None:
        self.answer = Page("u", "u", status, text.encode())

    async def fetch(self, url: str) -> Page:
        self.asked.append(url)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer


class House:
    """Rules over a memory, a web and a clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
        self.memory, self.web = Memory(), Web()
        self.gate = HostGate(0)
        self.rules = self.process()

    def process(self) -> RobotsRules:
        return RobotsRules(self.memory, self.gate, lambda: self.now)  # type: ignore[arg-type]

    async def may(self, url: str) -> bool:
        try:
            await self.rules.check(url, self.web.fetch)
        except RefusedError as error:
            if error.kind != "robots":
                raise
            return False
        return True


@pytest.fixture
def house() -> House:
    return House()


async def test_what_is_disallowed_is_refused(house: House) -> None:
    house.web.says("User-agent: *\nDisallow: /intern/\nDisallow: /*.pdf$\n")
    assert await house.may(NEWS)
    assert not await house.may("https://a.example/intern/1")
    assert not await house.may("https://a.example/x.pdf")
    assert house.web.asked == ["https://a.example:443/robots.txt"]


async def test_a_group_of_our_own_goes_before_everybody_s(house: House) -> None:
    house.web.says("User-agent: *\nDisallow: /\n\nUser-agent: clusterwatch\nDisallow: /b\n")
    assert await house.may(NEWS)
    assert not await house.may("https://a.example/b")


async def test_each_origin_has_its_own_file(house: House) -> None:
    house.web.says("User-agent: *\nDisallow: /\n")
    for url in (NEWS, "http://a.example/news", "https://a.example:8443/", "https://b.example/"):
        assert not await house.may(url)
    assert len(house.web.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 302])
async def test_no_file_allows_everything(house: House, status: int) -> None:
    house.web.says("User-agent: *\nDisallow: /\n", status)
    assert await house.may(NEWS)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_in_trouble_is_left_alone(house: House, status: int) -> None:
    house.web.says("", status)
    with pytest.raises(FetchError, match="nothing was fetched") as caught:
        await house.rules.check(NEWS, house.web.fetch)
    assert not isinstance(caught.value, RefusedError)
    assert caught.value.status == status


@pytest.mark.parametrize("kind", ["timeout", "dns", "tls", "connect", "body"])
async def test_an_unreachable_file_is_asked_for_once_in_a_while(house: House, kind: str) -> None:
    house.web.answer = FetchError("No answer.", kind=kind)
    for _ in range(3):
        with pytest.raises(FetchError) as caught:
            await house.rules.check(NEWS, house.web.fetch)
        assert caught.value.kind == kind
    assert len(house.web.asked) == 1
    house.now += timedelta(minutes=11)
    house.web.says("")
    assert await house.may(NEWS)


async def test_an_older_copy_holds_while_the_file_cannot_be_had(house: House) -> None:
    house.web.says("User-agent: *\nDisallow: /intern\n")
    await house.may(NEWS)
    house.now += timedelta(hours=25)
    house.web.says("", 500)
    for _ in range(3):
        assert await house.may(NEWS)
        assert not await house.may("https://a.example/intern")
    assert len(house.web.asked) == 2


async def test_the_address_guard_s_refusal_stays_a_refusal(house: House) -> None:
    house.web.answer = RefusedError("Not fetched: private.", kind="refused", remedy="Allow it.")
    for _ in range(2):
        with pytest.raises(RefusedError, match="private") as caught:
            await house.rules.check(NEWS, house.web.fetch)
        assert (caught.value.kind, caught.value.remedy) == ("refused", "Allow it.")


async def test_endless_redirects_count_as_no_file(house: House) -> None:
    house.web.answer = FetchError("The server redirects without end.", kind="redirect")
    assert await house.may(NEWS)


async def test_stopping_is_no_word_about_the_site(house: House) -> None:
    house.web.answer = FetchError("Fetching was stopped.", kind="stopped")
    with pytest.raises(FetchError, match="stopped"):
        await house.rules.check(NEWS, house.web.fetch)
    house.web.says("")
    assert await house.may(NEWS)


async def test_the_file_is_kept_for_a_day_by_every_process(house: House) -> None:
    house.web.says("User-agent: *\nDisallow: /b\n")
    await house.may(NEWS)
    house.rules = house.process()
    house.now += timedelta(hours=23)
    assert not await house.may("https://a.example/b")
    assert len(house.web.asked) == 1
    house.now += timedelta(hours=2)
    house.web.says("")
    assert await house.may("https://a.example/b")
    assert len(house.web.asked) == 2


async def test_crawl_delay_reaches_the_gate_and_leaves_it(house: House) -> None:
    house.web.says("User-agent: *\nCrawl-delay: 7\n")
    await house.may(NEWS)
    assert house.gate._hosts["a.example"].delay == 7
    house.gate._hosts.clear()  # as the gate forgets hosts that were idle
    await house.may(NEWS)
    assert house.gate._hosts["a.example"].delay == 7
    house.now += timedelta(hours=25)
    house.web.says("")
    await house.may(NEWS)
    assert house.gate._hosts["a.example"].delay == 0


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "x", "1e999", ""])
async def test_odd_crawl_delays_are_none(house: House, value: str) -> None:
    house.web.says(f"User-agent: *\nCrawl-delay: {value}\n")
    assert await house.may(NEWS)
    assert "a.example" not in house.gate._hosts


async def test_hostile_files_cost_little(house: House) -> None:
    rubbish = "\x00\ufffe" + "<html>" * 1000 + "\nUser-agent: *\nDisallow: /" + "*a" * 2000 + "b\n"
    house.web.says(rubbish)
    assert await house.may("https://a.example/" + "a" * 3000)
    assert "\x00" not in house.memory.kept["https://a.example:443"].body


async def test_memory_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.fetch.robots.KEPT_ORIGINS", 5)
    for number in range(30):
        await house.may(f"https://h{number}.example/")
    assert len(house.rules._kept) <= 5
    assert len(house.rules._locks) <= 6
