"""The administration's door: only the token opens it, every page is behind it, forms are ours."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx2 import Response

from alerts.web.allowing import PER_NETWORK
from tests.integration.web.conftest import ENVIRONMENT, NOW, MakeWeb, Web
from tests.integration.web.test_subscribing import field, post

TOKEN = ENVIRONMENT["CLUSTERWATCH_ADMIN_TOKEN"]
PAGES = (
    "/admin",
    "/admin/sources",
    "/admin/sources/alpha",
    "/admin/add-source",
    "/admin/topics",
    "/admin/topics/ai",
    "/admin/add-topic",
    "/admin/subscriptions",
    "/admin/add-subscription",
    "/admin/feedback",
    "/admin/feedback/ai",
    "/admin/deliveries",
)
CHANGES = (
    "/admin/sources/alpha",
    "/admin/add-source",
    "/admin/topics/ai",
    "/admin/add-topic",
    "/admin/subscriptions/x",
    "/admin/add-subscription",
    "/admin/feedback/ai",
    "/admin/deliveries",
)


def log_in(web: Web, token: str = TOKEN, **values: str) -> Response:
    return post(web, "/admin/login", page="/admin/login", token=token, **values)


@pytest.fixture
def admin(web: Web) -> Web:
    assert log_in(web).status_code == 200
    return web


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_others_to_log_in_and_lead_back(web: Web, path: str) -> None:
    answer = web.client.get(path, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/admin/login?next=")
    assert log_in(web, next=path).url.path == path


@pytest.mark.parametrize("path", CHANGES)
def test_others_change_nothing(web: Web, path: str) -> None:
    csrf = field(web.client.get("/"), "csrf")
    assert web.client.post(path, data={"csrf": csrf, "do": "remove"}).status_code == 403


@pytest.mark.parametrize("path", CHANGES)
def test_forms_of_other_sites_change_nothing(admin: Web, path: str) -> None:
    for csrf in ("", "forged"):
        answer = admin.client.post(path, data={"csrf": csrf, "do": "pause"})
        assert answer.status_code == 403
    csrf = field(admin.client.get("/"), "csrf")
    cross = {"Sec-Fetch-Site": "cross-site"}
    answer = admin.client.post(path, data={"csrf": csrf, "do": "pause"}, headers=cross)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "de", "da"])
def test_every_page_opens_in_every_language_without_inline_code(
    admin: Web, path: str, language: str
) -> None:
    answer = admin.client.get(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert not re.search(r"<[^>]+ on\w+=", answer.text)
    assert answer.text.count("<h1>") == 1
    assert 'aria-current="page"' in answer.text


def test_a_wrong_token_opens_nothing(web: Web) -> None:
    answer = log_in(web, "not the admin token at all")
    assert answer.status_code == 403
    assert "That is not the token." in answer.text
    assert web.client.get("/admin", follow_redirects=False).status_code == 303


def test_a_network_may_try_only_so_often_a_day(web: Web) -> None:
    for _ in range(PER_NETWORK):
        log_in(web, "wrong")
    assert log_in(web).status_code == 429
    web.now = NOW + timedelta(days=1)
    assert log_in(web).status_code == 200


def test_without_a_token_nobody_logs_in_and_the_page_says_how(
    make_web: MakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENVIRONMENT, "CLUSTERWATCH_ADMIN_TOKEN", "")
    web = make_web()
    page = web.client.get("/admin/login")
    assert "CLUSTERWATCH_ADMIN_TOKEN=" in page.text
    csrf = field(web.client.get("/"), "csrf")
    answer = web.client.post("/admin/login", data={"csrf": csrf, "token": ""})
    assert answer.status_code == 403


def test_the_login_ends_after_twelve_hours_and_on_logging_out(admin: Web) -> None:
    assert admin.client.get("/admin").url.path == "/admin"
    post(admin, "/admin/logout", page="/admin")
    assert admin.client.get("/admin").url.path == "/admin/login"
    log_in(admin)
    admin.now = NOW + timedelta(hours=13)
    assert admin.client.get("/admin").url.path == "/admin/login"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/admin//evil", "/admin/../x", "/\\evil", "/", "x"],
)
def test_a_login_leads_only_to_our_own_pages(web: Web, wanted: str) -> None:
    csrf = field(web.client.get("/admin/login"), "csrf")
    data = {"csrf": csrf, "token": TOKEN, "next": wanted}
    answer = web.client.post("/admin/login", data=data, follow_redirects=False)
    assert answer.headers["location"] == "/admin"


def test_the_cookie_is_hidden_from_scripts_and_other_sites(web: Web) -> None:
    csrf = field(web.client.get("/admin/login"), "csrf")
    data = {"csrf": csrf, "token": TOKEN}
    answer = web.client.post("/admin/login", data=data, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "secure", "max-age=43200"))
    assert TOKEN not in cookie


def test_a_forged_cookie_opens_nothing(web: Web) -> None:
    for value in ("x", "WyJhZG1pbiIsMF0.AAAAAAAAAAAAAAAAAAAAAA", "a.b.c"):
        web.client.cookies.set("cw_admin", value)
        assert web.client.get("/admin", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("kind", ["sources", "topics", "subscriptions", "feedback"])
@pytest.mark.parametrize("name", ["nothing", "a/b", "%2e%2e%2fx", "x%00y", "x" * 500, "‮"])
def test_what_does_not_exist_is_not_found(admin: Web, kind: str, name: str) -> None:
    assert admin.client.get(f"/admin/{kind}/{name}").status_code == 404


def test_the_first_page_says_what_needs_a_hand(admin: Web) -> None:
    assert "Nothing: every source is read" in admin.client.get("/admin").text


def test_another_token_ends_every_login(make_web: MakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_web()
    log_in(before)
    monkeypatch.setitem(ENVIRONMENT, "CLUSTERWATCH_ADMIN_TOKEN", "another token for tests")
    after = make_web()
    after.client.cookies.set("cw_admin", before.client.cookies["cw_admin"])
    assert after.client.get("/admin", follow_redirects=False).status_code == 303
    assert before.client.get("/admin", follow_redirects=False).status_code == 200
