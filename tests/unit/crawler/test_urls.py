"""Canonical addresses: what folds, what stays, what is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import urls
from crawler.errors import ExtractError
from crawler.urls import canonical_url, plausible_canonical, registrable_domain, url_key

CONTENT = ["NewsId", "id", "p", "page_id", "Action", "idxno", "article", "lang", "PID", "nr", "q"]
TRACKING = ["utm_source", "utm_campaign", "fbclid", "gclid", "mtm_campaign", "mc_cid", "_ga"]


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTPS://Example.ORG:443/a", "https://example.org/a"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/../../a", "https://example.org/a"),
        ("https://example.org/a#top", "https://example.org/a"),
        ("https://example.org/#!/news/3", "https://example.org/#!/news/3"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://example.org/%7euser/%c3%bc", "https://example.org/~user/%C3%BC"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("  https://example.org/a  ", "https://example.org/a"),
        ("https://example.org/news/index.html", "https://example.org/news/"),
        ("https://example.org/index.php?id=3", "https://example.org/index.php?id=3"),
        ("https://example.org/?b=2&a=1&b=1", "https://example.org/?a=1&b=2&b=1"),
        ("https://example.org/a?utm_source=x&id=3&fbclid=y", "https://example.org/a?id=3"),
        ("https://example.org/a?ref=rss&id=3", "https://example.org/a?id=3"),
        ("https://example.org/a?ref=main", "https://example.org/a?ref=main"),
        ("https://example.org/a;jsessionid=0A1B?x=1", "https://example.org/a?x=1"),
        ("https://example.org/a?PHPSESSID=77aa01", "https://example.org/a"),
        ("https://example.org/(S(abcdefghij0123456789))/a.aspx", "https://example.org/a.aspx"),
        ("https://example.org/a-long-headline/amp/", "https://example.org/a-long-headline/"),
        ("https://example.org/a-long-headline.amp.html", "https://example.org/a-long-headline.html"),
        ("https://example.org/news/12345/print", "https://example.org/news/12345"),
        ("https://example.org/news/12345/PrintPage", "https://example.org/news/12345"),
        ("https://example.org/news/12345/print-version/", "https://example.org/news/12345/"),
        ("https://example.org/news/12345/udskriv", "https://example.org/news/12345"),
        ("https://example.org/topics/print", "https://example.org/topics/print"),
        ("https://example.org/a?amp=1", "https://example.org/a"),
        ("https://example.org/a?layout=print", "https://example.org/a"),
        ("https://example.org/a?type=98&cHash=8f2e", "https://example.org/a"),
        ("https://example.org/?tx_news[news]=3&cHash=8f", "https://example.org/?cHash=8f&tx_news[news]=3"),
        ("https://m.example.co.kr/a?idxno=7", "https://www.example.co.kr/a?idxno=7"),
        ("https://de.m.example.org/a", "https://de.example.org/a"),
        ("https://m.org/a", "https://m.org/a"),
        (
            "http://clusterexcellencedenmark.dk/da-DK/Nyhed.aspx?Action=1&NewsId=796&M=NewsV2&PID=19",
            "http://clusterexcellencedenmark.dk/da-DK/Nyhed.aspx?Action=1&M=NewsV2&NewsId=796&PID=19",
        ),
    ],
)  # fmt: skip
def test_addresses_take_one_form(given_url: str, expected: str) -> None:
    assert canonical_url(given_url) == expected


@pytest.mark.parametrize(
    "bad",
    [
        "ftp://example.org/",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "//example.org/a",
        "a/b",
        "",
        "http://user:secret@example.org/",
        "http://example.org/a\x00b",
        "http://exam\nple.org/",
        "http://example.org:99999/",
        "http:///a",
        "http://[::1/",
        "http://a..b/",
        "http://example.org/\u2028a",
        "http://" + "a" * 5000 + ".org/",
    ],
)
def test_what_is_no_page_is_refused(bad: str) -> None:
    with pytest.raises(ExtractError) as refused:
        canonical_url(bad)
    assert isinstance(refused.value, ValueError)
    assert "secret" not in refused.value.message


def test_relative_addresses_are_joined_to_their_base() -> None:
    assert (
        canonical_url("../b?id=1", base="https://example.org/a/c/d")
        == "https://example.org/a/b?id=1"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a", "https://www.example.org/a/"),
        ("https://example.org/index.php?id=1", "https://example.org/?id=1"),
        ("https://example.org//a", "https://example.org/a"),
        ("https://example.org/a?x=1&cHash=ab", "https://example.org/a?x=1&cHash=cd"),
        (
            "https://example.org/amp/news/a-long-headline",
            "https://example.org/news/a-long-headline",
        ),
        ("https://example.org/print/news/12345", "https://example.org/news/12345/print"),
        ("https://example.org/news/a_print.html", "https://example.org/news/a.html"),
        ("https://example.org/n.php?action=print&id=3", "https://example.org/n.php?id=3"),
    ],
)
def test_twins_share_a_key(one: str, other: str) -> None:
    assert url_key(canonical_url(one)) == url_key(canonical_url(other))
    assert len(url_key(canonical_url(one))) == 32


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/print/services", "https://example.org/services"),
        ("https://example.org/amp/", "https://example.org/"),
        ("https://example.org/n.php?action=show&id=3", "https://example.org/n.php?id=3"),
        ("https://example.org/Nyhed.aspx?M=NewsV2", "https://example.org/Nyhed.aspx"),
    ],
)
def test_pages_that_only_look_like_views_keep_their_keys(one: str, other: str) -> None:
    assert url_key(canonical_url(one)) != url_key(canonical_url(other))


def test_pages_that_differ_in_a_content_parameter_have_different_keys() -> None:
    keys = {url_key(canonical_url(f"https://example.org/n.aspx?NewsId={n}")) for n in range(50)}
    assert len(keys) == 50


@pytest.mark.parametrize(
    ("claimed", "fetched", "believed"),
    [
        ("https://example.org/a", "https://www.example.org/a/", True),
        ("https://example.org/news/a-b-c", "https://example.org/?p=123", True),
        ("https://example.org/news/123-title", "https://example.org/n.php?id=123", True),
        ("https://example.org/", "https://example.org/news/a", False),
        ("https://example.org/de/", "https://example.org/de/news/a", False),
        ("https://example.org/news/", "https://example.org/news/a", False),
        ("https://example.org/n.aspx", "https://example.org/n.aspx?NewsId=7", False),
        ("https://example.org/n.aspx?NewsId=8", "https://example.org/n.aspx?NewsId=7", False),
        ("https://other.org/news/a-b-c", "https://example.org/news/a", False),
        ("https://evil.co.uk/a", "https://good.co.uk/a", False),
        ("https://news.example.org/a-b", "https://www.example.org/a-b", True),
        ("https://example.org/news/hall", "https://example.org/news/hall/amp", True),
        ("https://example.org/news/hall/", "https://example.org/news/hall/print/", True),
        ("https://example.org/news/12", "https://example.org/news/print/12", True),
        ("https://example.org/news/", "https://example.org/news/hall/amp", False),
        ("https://example.org/", "https://example.org/amp/", False),
        ("not an address", "https://example.org/a", False),
    ],
)
def test_a_claimed_address_is_believed_only_when_plausible(
    claimed: str, fetched: str, believed: bool
) -> None:
    assert plausible_canonical(claimed, fetched) is believed


def test_registrable_domains_come_from_the_bundled_list() -> None:
    assert registrable_domain("www.bosa.co.kr") == "bosa.co.kr"
    assert registrable_domain("localhost") == "localhost"
    assert registrable_domain("127.0.0.1:8080") == "127.0.0.1"


_path_characters = st.characters(
    codec="utf-8", exclude_characters="/?#\\", exclude_categories=("Cc", "Zl", "Zp", "Cs")
)
_segment = st.text(_path_characters, max_size=12)
_value = st.text(st.sampled_from("abcXYZ0123456789-_.~%ü한&="), max_size=8)


@st.composite
def _addresses(draw: st.DrawFn) -> str:
    host = draw(
        st.sampled_from(["example.org", "WWW.Example.org", "m.example.co.kr", "bücher.example"])
    )
    path = "/".join(draw(st.lists(_segment, max_size=4)))
    names = draw(
        st.lists(st.sampled_from(CONTENT + TRACKING + ["amp", "print", "m", "sid"]), max_size=5)
    )
    query = "&".join(f"{name}={draw(_value)}" for name in names)
    fragment = draw(st.sampled_from(["", "#a", "#!b", "#"]))
    return f"{draw(st.sampled_from(['http', 'https']))}://{host}/{path}?{query}{fragment}"


@given(_addresses())
def test_the_form_is_stable(address: str) -> None:
    once = canonical_url(address)
    assert canonical_url(once) == once
    assert url_key(canonical_url(once)) == url_key(once)


@given(st.dictionaries(st.sampled_from(CONTENT), st.integers(0, 10**6), min_size=1))
def test_content_parameters_are_never_dropped(parameters: dict[str, int]) -> None:
    query = "&".join(["utm_source=x", *(f"{k}={v}" for k, v in parameters.items()), "gclid=y"])
    kept = dict(parse_qsl(urlsplit(canonical_url(f"https://example.org/page?{query}")).query))
    assert kept == {name: str(value) for name, value in parameters.items()}


def test_a_menu_position_is_dropped_where_the_page_itself_drops_it() -> None:
    page = "https://www.example.org/DE/Artikel/79_projekt.html?nn=40218"
    assert plausible_canonical("https://www.example.org/DE/Artikel/79_projekt.html", page)
    other = "https://www.example.org/show.html?id=5"
    assert not plausible_canonical("https://www.example.org/show.html", other)


_HOSTS = st.sampled_from(["example.org", "www.example.org", "m.example.org", "10.0.0.1", "a-b.de"])
_PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":40001", ":65536", ":080"])
_SEGMENTS = st.one_of(
    st.sampled_from(
        ["index", "default", "print", "amp", "news", "a-long-slug", "druck", ".", ".."]
    ),
    st.text("aZ0-~_.%;(", max_size=8),
)
_ENDS = st.sampled_from(["", "/", ".html", ".htm", ".amp.html", "_print.html", "/index.html"])


@given(st.sampled_from(["http", "https"]), _HOSTS, _PORTS, st.lists(_SEGMENTS, max_size=4), _ENDS)
def test_plain_addresses_come_out_as_the_whole_way_gives_them(
    scheme: str, host: str, port: str, segments: list[str], end: str
) -> None:
    url = f"{scheme}://{host}{port}/" + "/".join(segments) + end
    try:
        expected = urls._canonical(url, "")
    except ExtractError:
        with pytest.raises(ExtractError):
            canonical_url(url)
        return
    assert canonical_url(url) == expected
    assert url_key(expected) == urls._key(expected)
