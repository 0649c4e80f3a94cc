"""The archive's pages: what they show, in which order, and what they never show."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import update

from crawler.model.source import Source
from crawler.storage.erasure import ErasureStore
from crawler.storage.tables import items, sources
from tests.integration.web.conftest import NOW, MakeWeb, Web
from tests.integration.web.stock import KOREA, put, told, words

OPEN = 'archive = "public"'
TITLE = re.compile(r"<h3[^>]*>(?:<a [^>]*>)?([^<]*)")


@pytest.fixture
def web(make_web: MakeWeb) -> Web:
    return make_web(web=OPEN)


def titles(web: Web, query: str = "") -> list[str]:
    answer = web.client.get(f"/archive{query}")
    assert answer.status_code == 200, answer.text
    return [unescape(one) for one in TITLE.findall(answer.text)]


def walked_pages(web: Web, query: str = "") -> list[str]:
    """The titles of all pages, as somebody finds them who follows the links."""
    seen, address = [], f"/archive{query}"
    while address:
        page = web.client.get(address).text
        seen += [unescape(one) for one in TITLE.findall(page)]
        found = re.search(r'<a rel="next" href="([^"]*)"', page)
        address = unescape(found[1]) if found else ""
    return seen


def test_an_empty_archive_says_what_will_fill_it(web: Web) -> None:
    page = web.client.get("/archive").text
    assert "The archive is still empty" in page
    assert 'href="/status"' in page


def test_stories_stand_by_when_they_were_told_not_by_when_they_were_found(either: Web) -> None:
    put(either, 1, "Told last", words(1), published=told(1))
    put(either, 2, "Found last, told long ago", words(2), published=told(300))
    put(either, 3, "Told in between", words(3), published=told(20))
    put(either, 4, "Said to be told next year", words(4), published=told(-400), seen=told(10))
    shown = ["Told last", "Said to be told next year", "Told in between",
             "Found last, told long ago"]  # fmt: skip
    assert titles(either) == shown
    assert titles(either, "?since=30d") == shown[:3]
    assert titles(either, "?since=7d") == shown[:1]


def test_every_filter_holds_alone_and_together(either: Web) -> None:
    put(either, 1, "Sachsen und Südkorea kooperieren", KOREA, language="de", published=told(1))
    put(either, 2, "Another matter", words(2), published=told(2))
    put(either, 3, "Noch etwas anderes", words(3), language="de", source="beta", published=told(3))
    assert titles(either, "?topic=korea-cooperation") == ["Sachsen und Südkorea kooperieren"]
    assert titles(either, "?source=beta") == ["Noch etwas anderes"]
    german = ["Sachsen und Südkorea kooperieren", "Noch etwas anderes"]
    assert titles(either, "?language=de") == german
    assert titles(either, "?language=de&source=alpha") == german[:1]
    assert titles(either, "?topic=korea-cooperation&source=beta") == []
    assert titles(either, "?q=anderes&language=de&source=beta") == german[1:]
    assert titles(either, "?q=anderes&language=en") == []


def test_words_of_every_script_are_found_and_parts_of_compounds(either: Web) -> None:
    put(either, 1, "한국은 협력을 강화한다", "한국과의 협력이 시작되었다.", language="ko")
    put(either, 2, "中德合作项目启动", "合作项目今天启动。", language="zh")
    put(either, 3, "Forschungskooperation beginnt", words(3), language="de")
    assert titles(either, "?q=한국") == ["한국은 협력을 강화한다"]
    assert titles(either, "?q=협력") == ["한국은 협력을 강화한다"]
    assert titles(either, "?q=合作") == ["中德合作项目启动"]
    assert titles(either, "?q=kooperation") == ["Forschungskooperation beginnt"]
    assert titles(either, "?q=nirgends") == []


def test_pages_follow_each_other_without_gap_or_repetition(either: Web) -> None:
    for number in range(60):
        put(either, number, f"Story {number:02}", words(number), published=told(number // 4))
    expected = {f"Story {number:02}" for number in range(60)}
    for query in ("", "?source=alpha", "?q=story"):
        seen = walked_pages(either, query)
        assert len(seen) == 60, query
        assert set(seen) == expected, query
        days = [int(title.split()[1]) // 4 for title in seen]
        assert days == sorted(days), query


def test_a_story_stands_once_at_its_newest_telling_that_fits(either: Web) -> None:
    text = f"{KOREA} {words(7)}"
    first = put(either, 1, "Sachsen und Südkorea bauen aus", text, language="de",
                published=told(3))  # fmt: skip
    second = put(either, 2, "Sachsen und Südkorea bauen aus", text, source="beta", language="de",
                 published=told(1))  # fmt: skip
    put(either, 3, "In between", words(3), published=told(2))
    assert first.story == second.story
    assert titles(either) == ["Sachsen und Südkorea bauen aus", "In between"]
    assert titles(either, "?source=alpha") == ["In between", "Sachsen und Südkorea bauen aus"]
    assert titles(either, "?q=Absichtserklärung") == ["Sachsen und Südkorea bauen aus"]
    page = either.client.get("/archive").text
    assert "also in: Cluster Alpha (de)" in page
    assert "2 tellings" in page


def test_many_hits_of_a_search_are_paged_by_when_they_were_found(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.storage.archive.FEW", 10)
    for number in range(30):
        put(web, number, f"Laser {number:02}", words(number), published=told(number))
    repeated = f"Laser again. {KOREA} {words(99)}"
    put(web, 40, "Laser told twice", repeated, published=told(1))
    put(web, 41, "Laser told twice", repeated, source="beta", published=told(9))
    seen = walked_pages(web, "?q=laser")
    assert sorted(seen) == [*(f"Laser {number:02}" for number in range(30)), "Laser told twice"]
    assert seen[:2] == ["Laser told twice", "Laser 29"]


@pytest.mark.parametrize(("rare", "walked", "many"), [(0, 3, 100), (0, 3, 0), (100, 3, 100)])
def test_every_way_to_read_a_page_gives_the_same(
    web: Web, monkeypatch: pytest.MonkeyPatch, rare: int, walked: int, many: int
) -> None:
    """Looked up at once, walked to, or looked up after a short walk found too little."""
    for name, value in (("RARE", rare), ("WALKED", walked), ("MANY", many)):
        monkeypatch.setattr(f"crawler.storage.archive.{name}", value)
    for number in range(32):
        source = "beta" if number >= 4 else "alpha"
        put(web, number, f"Story {number:02}", words(number), published=told(number), source=source)
    for source, wanted in (("alpha", range(4)), ("beta", range(4, 32))):
        expected = [f"Story {number:02}" for number in wanted]
        assert walked_pages(web, f"?source={source}") == expected


def test_erased_items_never_appear(either: Web) -> None:
    item = put(either, 1, "Doctor Zuckermandel resigns", words(1))
    ErasureStore(either.parts.crawler.database).erase([item.id])
    for query in ("", "?source=alpha", "?q=zuckermandel"):
        assert titles(either, query) == []
    assert either.client.get(f"/stories/{item.story}").status_code == 404


def test_what_is_chosen_stays_chosen_and_topics_are_links(web: Web) -> None:
    put(web, 1, "Sachsen und Südkorea kooperieren", KOREA, language="de")
    page = web.client.get("/archive?q=Südkorea&language=de&since=90d").text
    assert 'value="Südkorea"' in page
    assert '<option value="de" selected>German</option>' in page
    assert '<option value="90d" selected>' in page
    assert "<details open>" in page
    link = "/archive?q=S%C3%BCdkorea&amp;topic=korea-cooperation&amp;language=de&amp;since=90d"
    assert f'href="{link}"' in page
    assert "<mark>Südkorea</mark>" in page


def test_nothing_found_says_what_to_do(web: Web) -> None:
    for query, advice in (
        ("?q=nothing", "Try fewer words"),
        ("?q=nothing&topic=ai", "Search everywhere"),
        ("?topic=ai&since=7d", "Look at all the time"),
        ("?topic=ai", "Nothing fits these filters"),
    ):
        assert advice in web.client.get(f"/archive{query}").text, query


def test_strange_filters_find_nothing_and_break_nothing(either: Web) -> None:
    put(either, 1, "A story", words(1))
    for query in (
        "?q=%00", "?q=" + "x" * 5000, "?q=%22%20OR%20grams%20:%20%22x",
        "?q=%25_", "?q=%ed%a0%80", "?q=%3Cscript%3Ealert(1)%3C/script%3E",
    ):  # fmt: skip
        answer = either.client.get(f"/archive{query}")
        assert answer.status_code == 200, query
        assert "<script>alert" not in answer.text, query


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("topic=gone", "There is no topic “gone” here."),
        ("source='%20OR%201=1--", "There is no source “&#39; OR 1=1--” here."),
        ("language=xx", "There is no language “xx”."),
        ("topic=%3Cscript%3Ealert(1)%3C/script%3E", "“&lt;script&gt;alert(1)&lt;/script&gt;”"),
        ("topic=%00%ff", "There is no topic “"),
        ("source=%ed%a0%80", "There is no source “"),
        ("language=%F0%9F", "There is no language “"),
    ],
)
def test_a_filter_that_names_nothing_is_told_and_the_others_stay(
    either: Web, query: str, said: str
) -> None:
    put(either, 1, "A story", words(1))
    answer = either.client.get(f"/archive?{query}&q=story")
    assert answer.status_code == 404
    assert said in answer.text
    assert 'href="/archive?q=story"' in answer.text
    assert "A story" not in answer.text


def test_items_of_a_source_that_was_removed_are_still_found(web: Web) -> None:
    put(web, 1, "A story", words(1))
    web.parts.crawler.sources.set_status("alpha", "removed")
    answer = web.client.get("/archive?source=alpha")
    assert "A story" in answer.text
    assert web.client.get("/archive.atom?source=alpha").status_code == 200


@pytest.mark.parametrize("since", ["bad", "-1d", "8d", "1000000y", "%00"])
def test_a_wrong_period_is_refused_in_a_sentence(web: Web, since: str) -> None:
    put(web, 1, "A story", words(1))
    page = web.client.get(f"/archive?since={since}&q=story")
    assert page.status_code == 400
    assert "There is no period “" in page.text
    assert "Possible are 7d, 30d, 90d." in page.text
    assert 'href="/archive?q=story">Look without it' in page.text
    for form in ("atom", "json"):
        answer = web.client.get(f"/archive.{form}?since={since}")
        assert answer.status_code == 400
        assert "Give one of 7d, 30d, 90d." in answer.json()["error"]
    assert web.client.get("/archive?since=").status_code == 200


def test_a_wrong_cursor_is_told_with_the_way_back(web: Web) -> None:
    put(web, 1, "A story", words(1))
    page = web.client.get("/archive?after=zz&q=story").text
    assert "This address of older stories is incomplete" in page
    assert 'href="/archive?q=story">To the newest' in page
    for address in ("/archive.json?after=zz", "/archive.atom?cursor=zz"):
        assert "cursor is none of ours" in web.client.get(address).json()["error"]
        assert web.client.delete(address).json() == {"error": "This cannot be done here."}


def test_cursors_that_are_not_ours_are_refused(web: Web) -> None:
    strange = (
        "x",
        "zzz",
        "bjA",
        "bjk5OTk5OTk5OTk5OTk5OTk5OTk5OQ",
        "%00",
        "bi0x",
        "MjAyNi0xMS0yMSB4",
        "ü",
    )
    for after in strange:
        for form in ("/archive", "/archive.atom", "/archive.json"):
            for name in ("after", "cursor"):
                answer = web.client.get(f"{form}?{name}={after}")
                assert answer.status_code == 400, (form, name, after)


def test_hostile_titles_stay_text(web: Web) -> None:
    item = put(web, 1, '<script>alert(1)</script> "\u202egnp.exe" \u2066x', words(1))
    for address in ("/archive", f"/stories/{item.story}"):
        page = web.client.get(address).text
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "\u2066" not in page


def test_a_story_page_tells_all_tellings_and_why_it_matched(web: Web) -> None:
    text = f"{KOREA} {words(7)}"
    item = put(web, 1, "Sachsen und Südkorea bauen aus", text, language="de", published=told(3))
    put(web, 2, "Sachsen und Südkorea bauen aus", text, source="beta", language="de")
    page = web.client.get(f"/stories/{item.story}").text
    assert page.count("<h3") == 2
    for said in ("Cluster Alpha", "Beta Netzwerk", "Why it matched", "Cooperation with South Korea",
                 "Korean institution", ">KIAT</q>", "<mark>"):  # fmt: skip
        assert said in page, said
    assert "amber259" not in page  # the end of the text: never the full text


def test_words_that_count_in_company_alone_are_no_reason(web: Web) -> None:
    text = (
        "국내 로봇 기업들은 독일 작센 클러스터와 업무협약을 체결했다."
        " 공동 연구를 시작한다고 한국로봇산업진흥원이 밝혔다."
    )
    item = put(web, 1, "한국과 독일 작센, 로봇 공동 연구 협약 체결", text, language="ko")
    assert "korea-cooperation" in {match.topic for match in item.topics}
    page = web.client.get(f"/stories/{item.story}").text
    assert "Why it matched" in page
    assert "korean-side" not in page


def test_an_excerpt_of_0_shows_title_and_link_alone(web: Web) -> None:
    with web.parts.crawler.database.write() as connection:
        connection.execute(update(sources).where(sources.c.id == "alpha").values(excerpt=0))
    item = put(web, 1, "Sachsen und Südkorea bauen aus", KOREA, language="de")
    for address in ("/archive", f"/stories/{item.story}", "/archive.atom", "/archive.json"):
        page = web.client.get(address).text
        assert "unterzeichneten" not in page, address
        assert "KIAT" not in page, address
        assert "bauen aus" in re.sub("</?mark>", "", page), address


def test_what_changed_since_it_was_told_stands_with_its_telling(web: Web) -> None:
    item = put(web, 1, "A forum in spring", words(1))
    addresses = ("/archive?lang=de", f"/stories/{item.story}?lang=de")
    for address in addresses:
        assert "Seither" not in web.client.get(address).text
    with web.parts.crawler.database.write() as connection:
        connection.execute(update(items).values(change="04-14 → 05-31"))
    for address in addresses:
        assert "Seither aktualisiert: 14. Apr. → 31. Mai" in web.client.get(address).text
    with web.parts.crawler.database.write() as connection:
        connection.execute(update(sources).values(excerpt=0))
    for address in addresses:
        page = web.client.get(address).text
        assert "Seither aktualisiert" in page, address
        assert "Apr" not in page, address


def test_a_merged_story_leads_to_the_one_it_went_into(web: Web) -> None:
    one = put(web, 1, "A matter of lasers", words(1))
    other = put(web, 2, "Something else altogether", words(2))
    into = web.parts.crawler.stories.join([one.id, other.id], NOW + timedelta(minutes=1))
    gone = other.story if into == one.story else one.story
    answer = web.client.get(f"/stories/{gone}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, f"/stories/{into}")


def test_an_unknown_story_is_not_found(either: Web) -> None:
    for story in ("snothing", "%00", "a" * 500, "..%2f..", "s%27--"):
        assert either.client.get(f"/stories/{story}").status_code == 404, story


def test_pages_below_a_path_link_below_it(make_web: MakeWeb) -> None:
    web = make_web(web=OPEN, public_url="https://campus.example/news")
    item = put(web, 1, "A story", words(1))
    page = web.client.get("/news/archive").text
    assert f'href="/news/stories/{item.story}"' in page
    assert 'href="/news/archive.atom"' in page
    assert 'action="/news/archive"' in page


def test_only_sources_that_brought_something_are_offered(either: Web) -> None:
    put(either, 1, "A story", words(1))
    either.parts.crawler.sources.add(
        Source("late", "Never looked at", "https://late.example/news"), NOW
    )
    page = either.client.get("/archive").text
    assert '<option value="alpha"' in page
    assert "Never looked at" not in page
    assert '<option value="late" selected' in either.client.get("/archive?source=late").text
