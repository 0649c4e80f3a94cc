"""Walls are told from news by several independent signs, never by one word."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.extract.walls import Answer, names_itself_missing, wall_of
from crawler.extract.walls_page import glance, title_segments

PAGES = Path(__file__).parents[3] / "fixtures" / "walls"
ASKED = "https://www.cluster.example/news"
WALLS = sorted((PAGES / "walls").glob("*.html"))
NEWS = sorted((PAGES / "news").glob("*.html"))


def answer(body: bytes, status: int = 200, url: str = ASKED, **headers: str) -> Answer:
    return Answer(body, url, ASKED, status, "text/html; charset=utf-8", headers)


def page(title: str, text: str, more: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p>{more}</body>"
    ).encode()


@pytest.mark.parametrize("file", WALLS, ids=lambda file: file.stem)
def test_saved_walls_are_told_by_two_signs_at_least(file: Path) -> None:
    status = 403 if file.stem.endswith("403") else 200
    wall = wall_of(answer(file.read_bytes(), status))
    assert wall is not None
    assert wall.kind == file.stem.partition("-")[0]
    assert len(wall.signs) >= 2


@pytest.mark.parametrize("file", NEWS, ids=lambda file: file.stem)
def test_news_about_walls_are_none(file: Path) -> None:
    assert wall_of(answer(file.read_bytes())) is None


@pytest.mark.parametrize("file", WALLS, ids=lambda file: file.stem)
def test_the_site_s_furniture_around_a_wall_does_not_hide_it(file: Path) -> None:
    menu = "".join(f"<li><a href='/m{n}'>Menu {n}</a></li>" for n in range(400)).encode()
    style = b"<style>" + b"a{color:red}" * 4000 + b"</style>"
    around = file.read_bytes().replace(b"</head>", style + b"</head>")
    around = around.replace(b"</body>", b"<nav><ul>" + menu + b"</ul></nav></body>")
    around = around.replace(b"</BODY>", b"<nav><ul>" + menu + b"</ul></nav></BODY>")
    wall = wall_of(answer(around, 403 if file.stem.endswith("403") else 200))
    assert wall is not None
    assert wall.kind == file.stem.partition("-")[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (page("Just a moment", "Our new hall opens."), 200),  # a title alone
        (page("Open day", "Please verify you are human."), 200),  # words alone
        (page("Open day", "Come in.", "<div class='g-recaptcha'></div>"), 200),  # markup alone
        (page("Open day", "", "<form><input type='password'></form>"), 200),  # a field alone
        (page("Page not found", "Our column on lost inventions."), 200),  # a heading alone
        (page("Cookies", "A bakery tells how it bakes them.", "<button>Accept</button>"), 200),
        (page("403 Forbidden", "nginx"), 403),  # a plain refusal is no check for robots
        (page("502 Bad Gateway", "nginx"), 502),
    ],
)
def test_one_sign_is_not_enough(body: bytes, status: int) -> None:
    assert wall_of(answer(body, status)) is None


@pytest.mark.parametrize("header", ["cf-mitigated", "x-amzn-waf-action", "x-vercel-mitigated"])
def test_a_service_that_says_so_itself_is_believed(header: str) -> None:
    asked = Answer(b"", ASKED, ASKED, 403, "", {header: "challenge"})
    assert wall_of(asked) is not None


def test_a_redirect_to_a_login_counts_as_a_sign() -> None:
    body = page("Valley Cluster", "Welcome.", "<input type='password'>")
    assert wall_of(answer(body)) is None
    led = wall_of(answer(body, url="https://www.cluster.example/user/login?back=/news"))
    assert led is not None
    assert (led.kind, set(led.signs)) == ("login", {"field", "address"})


def test_a_redirect_to_a_consent_host_counts_as_a_sign() -> None:
    body = page("Valley", "We use cookies for statistics.", "<button>I agree</button>")
    assert wall_of(answer(body)) is None
    led = wall_of(answer(body, url="https://consent.cluster.example/?continue=news"))
    assert led is not None
    assert led.kind == "consent"


@pytest.mark.parametrize("kind", ["application/rss+xml", "application/json", "application/pdf"])
def test_only_web_pages_are_looked_at(kind: str) -> None:
    body = (PAGES / "walls" / "bot-en-cloudflare.html").read_bytes()
    assert wall_of(Answer(body, ASKED, ASKED, 200, kind)) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00" * 1000, b"<" * 300_000, b"<title>" * 40_000, b"<a " * 90_000, b"<!--" * 70_000,
     b"<script>" * 40_000, b"<p class='" * 30_000, "ß‱".encode("utf-16") * 5000],
)  # fmt: skip
def test_hostile_pages_are_looked_at_in_bounded_time(body: bytes) -> None:
    assert wall_of(answer(body, 403)) is None


def test_what_nobody_sees_is_not_read() -> None:
    seen = glance(
        "<title>A | B</title><script>if (a < b) alert('verify')</script><!-- <p>no</p> -->"
        "<p>Yes <b>indeed</b></p><select><option>none</option></select><a href=x>Go</a>"
    )
    assert (seen.title, seen.text, seen.controls) == (("a", "b", "a b"), "yes indeed", ("go",))


def test_titles_fall_into_their_segments() -> None:
    assert title_segments("Not found – Cluster")[:2] == ("not found", "cluster")
    assert "page introuvable" in title_segments("Erreur 404 : page introuvable")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Siden finnes ikke", "Siden du leter etter er flyttet."),
        ("Página não encontrada", "A página que procura saiu daqui."),
        ("Stránka nebyla nalezena", "Požadovaná stránka na serveru není."),
        ("Stran ne obstaja", "Stran, ki jo iščete, smo umaknili."),
        ("Az oldal nem található", "A keresett oldal elköltözött."),
        ("Pagina nu a fost găsită", "Pagina pe care o căutați s-a mutat."),
        ("Сторінку не знайдено", "Сторінка, яку ви шукаєте, переїхала."),
        ("Sayfa bulunamadı", "Aradığınız sayfa taşındı."),
        ("Sivua ei löytynyt", "Etsimääsi sivua ei enää ole."),
        ("Lehekülge ei leitud", "Siin otsitud lehte enam pole."),
        ("페이지를 찾을 수 없습니다", "요청하신 페이지가 옮겨졌습니다."),
        ("This page does not exist", "The page you are looking for has moved."),
    ],
)
def test_a_page_that_is_not_there_says_so_in_its_language(title: str, text: str) -> None:
    wall = wall_of(answer(page(f"{title} | Klaster", text)))
    assert wall is not None
    assert wall.kind == "missing"


@pytest.mark.parametrize(
    "title", ["ページが見つかりません", "页面不存在", "존재하지 않는 페이지입니다."]
)
def test_a_title_without_spaces_says_that_the_page_is_missing(title: str) -> None:
    assert names_itself_missing(page(f"{title} - Klaster", "Klaster"))
    assert not names_itself_missing(page("Klaster", "Klaster"))


BESIDE = "".join(
    f"<a href='/n{n}'>A headline of the sidebar as long as news, {n}</a>" for n in range(6)
)
DEMANDED = (
    "<p>This article of our association is reserved for members of the cluster and partners.</p>"
    "<p>Please log in to read the whole text, or ask our office for an account of your own.</p>"
    "<form><input type='password'><button>Log in</button></form>"
)
BEGUN = (
    "<p>A new hall for printing in metal opens on the harbour's northern quay in the spring.</p>"
    "<p>Four firms and the college share the twelve machines, and all three shifts of them.</p>"
    "<p>The city pays a third of what the hall costs, and the rest comes from its tenants.</p>"
)


def item_page(text: str, beside: str = "") -> bytes:
    return page("A new hall opens in spring", "10 November 2026", f"{text}{beside}")


@pytest.mark.parametrize(
    "beside",
    [
        f"<aside>{BESIDE}</aside>",
        f"<div class='col sidebar'><div><div></div>{BESIDE}</div></div>",
        f"<footer>{BESIDE}</footer>",
        f"<div role='complementary'>{BESIDE}</div>",
    ],
)
def test_headlines_beside_a_demanded_login_do_not_hide_it(beside: str) -> None:
    wall = wall_of(answer(item_page(DEMANDED, beside)))
    assert wall is not None
    assert wall.kind == "login"


def test_headlines_of_the_page_itself_are_news_whatever_box_was_closed_before() -> None:
    assert wall_of(answer(item_page(DEMANDED, f"<aside><div></div></aside>{BESIDE}"))) is None


def test_an_article_that_breaks_off_at_a_login_stays_one() -> None:
    assert wall_of(answer(item_page(BEGUN + DEMANDED.partition("</p>")[2]))) is None


BOX = "<p>Please log in</p><input type='password'><button>Sign in</button>"
ROBOT = "<div class='g-recaptcha'>Please confirm that you are not a robot.</div>"
NOTE = "<p>A new hall for printing in metal opens on the harbour's northern quay in the spring.</p>"


def short_note(before: str, after: str) -> bytes:
    title = "A new hall opens in spring"
    return (
        f"<html><head><title>{title} | Valley</title></head><body>{before}<h1>{title}</h1>"
        f"{NOTE}{after}<aside>{BESIDE}</aside></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<header>{BOX}</header>", ""),
        (f"<nav>{BOX}</nav>", ""),
        ("", f"<div>{BOX}</div>"),
        ("", ROBOT),
        ("", f"<footer>{ROBOT}</footer>"),
    ],
)
def test_a_short_note_under_its_title_is_none_whatever_box_it_has(before: str, after: str) -> None:
    assert wall_of(answer(short_note(before, after))) is None


def test_a_note_may_be_titled_by_a_heading_below_the_site_s() -> None:
    body = short_note("<h1>Valley news</h1>", BOX).replace(b"<h1>A new", b"<h2>A new")
    assert wall_of(answer(body.replace(b"spring</h1>", b"spring</h2>"))) is None


@pytest.mark.parametrize("text", [DEMANDED, "<p>Please confirm that you are not a robot.</p>"])
def test_what_a_site_says_below_each_page_is_no_note(text: str) -> None:
    foot = f"<footer>{NOTE}</footer><div class='sidebar'>{NOTE}</div>"
    check = "<div class='h-captcha'></div>" if text != DEMANDED else ""
    assert wall_of(answer(item_page(text, check + foot))) is not None


@pytest.mark.parametrize("asked", ["", " to see what our members alone may read here."])
def test_an_address_below_what_a_page_asks_for_is_no_note(asked: str) -> None:
    place = (
        "<div>Valley Cluster, 4 Harbour Street, Northhaven, second floor on the left, open on all "
        "weekdays from nine to half past five"
    )
    box = BOX.replace("log in", f"log in{asked}")
    body = f"<title>Internal | Valley</title><body><h1>Internal</h1>{box}{place}</div></body>"
    wall = wall_of(answer(body.encode()))
    assert wall is not None
    assert wall.kind == "login"


@pytest.mark.parametrize(
    "whole",
    [
        "<div class='page sidebar-right'>{}{}</div>",
        "<div id='sidebar-wrap'>{}{}</div>",
        "<div class='navigation-wrapper'>{}{}</div>",
        "<div class='sidebar'><h1>News</h1>{}{}</div>",
        "<div class='sidebar'>{}{}</div>",
        "<nav><a href='/'>Home</a><h1>News</h1>{}{}",
        "<div><nav><a href='/'>Home</a></div>{}{}",
        "<table><tr><td class='sidebar'><a href='/'>Home</a><td>{}{}</table>",
    ],
)
def test_a_box_around_the_page_or_without_an_end_is_none_beside_it(whole: str) -> None:
    body = whole.format(f"<div>{BESIDE}</div>", f"<form>{BOX}</form>")
    assert wall_of(answer(f"<title>News</title><body>{body}</body>".encode())) is None
