"""What a web scanner tries, at every address there is: headers, hosts, methods, paths, forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from email import message_from_string, policy
from typing import Any

import pytest
from httpx2 import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send

from alerts.web.app import _routes
from alerts.web.security import BodyLimit, RefusedBody
from crawler.model.subscription import Subscription
from crawler.storage.tables import metadata
from tests.integration.web.conftest import ENVIRONMENT, MakeWeb, Web
from tests.integration.web.stock import KOREA, put
from tests.integration.web.test_admin import log_in

EVIL = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "127.0.0.1", "X-Original-URL": "/admin", "X-Rewrite-URL": "/admin",
        "X-Clusterwatch-Admin": "yes", "Forwarded": "host=evil.example"}  # fmt: skip
HEADERS = ("content-security-policy", "x-content-type-options", "x-frame-options",
           "referrer-policy", "permissions-policy", "cross-origin-opener-policy",
           "cross-origin-resource-policy", "strict-transport-security",
           "cache-control")  # fmt: skip
FILLED = re.compile(r"\{\w+(?::\w+)?\}")
SHARED = ("/static/", "/brand.css", "/logo")  # what proxies may keep
ONE_CLICK = "/leave/x"  # RFC 8058: mail services send no form of ours


def addresses(routes: list[BaseRoute], below: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    for one in routes:
        path = below + getattr(one, "path", "")
        if isinstance(one, Route):
            yield FILLED.sub("x", path), frozenset(one.methods or ())
        else:
            yield from addresses(list(getattr(one, "routes", None) or ()), path)


ADDRESSES = sorted(set(addresses(_routes())), key=lambda one: one[0])
READ = sorted({path for path, methods in ADDRESSES if "GET" in methods})
POSTED = sorted({path for path, methods in ADDRESSES if "POST" in methods})
ODD = ("/nothing", "/static/site.css", "/static/nothing", "/static", "/archive/", "/admin/?x=1",
       "/api/v1", "/api/v1/", "/api/v1/nothing")  # fmt: skip


def test_the_table_holds_the_addresses() -> None:
    assert len(READ) > 35
    assert len(POSTED) > 15


@pytest.mark.parametrize("path", [*READ, *ODD])
def test_every_answer_protects_and_names_no_foreign_host(web: Web, path: str) -> None:
    for headers in ({}, EVIL):
        answer = web.client.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code < 500, path
        assert [name for name in HEADERS if name not in answer.headers] == []
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "evil.example" not in answer.text + str(answer.headers)
        assert "server" not in answer.headers
        location = answer.headers.get("location", "/")
        assert re.match(r"/(?![/\\])", location), location
        kept = answer.headers["cache-control"]
        public = path.startswith(SHARED) and answer.status_code == 200
        assert kept.startswith("public" if public else "private"), (path, kept)
        for cookie in answer.headers.get_list("set-cookie"):
            flags = cookie.lower()
            assert all(one in flags for one in ("httponly", "secure", "samesite=lax")), cookie


@pytest.mark.parametrize("path", READ)
def test_a_head_is_a_get_without_its_body(web: Web, path: str) -> None:
    got = web.client.get(path, follow_redirects=False)
    answer = web.client.head(path, follow_redirects=False)
    assert (answer.status_code, answer.content) == (got.status_code, b"")


@pytest.mark.parametrize("path", sorted({*READ, *POSTED}))
def test_other_methods_are_refused_with_those_that_are_allowed(web: Web, path: str) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO"):
        answer = web.client.request(method, path, headers={"X-HTTP-Method-Override": "POST"})
        assert answer.status_code == 405, method
        assert set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("path", POSTED)
def test_no_form_counts_without_our_word_in_it(web: Web, path: str) -> None:
    log_in(web)
    before = stored(web)
    kinds: tuple[dict[str, Any], ...] = (
        {"data": {"do": "remove", "address": "eve@example.org", "csrf": ""}},
        {"data": {"csrf": "x" * 43}},
        {"content": b'{"csrf": null}', "headers": {"Content-Type": "application/json"}},
        {"content": b"\xff" * 100, "headers": {"Content-Type": "multipart/form-data"}},
    )
    for sent in kinds:
        answer = web.client.post(path, **sent, follow_redirects=False)
        expected = {401, 404} if path.startswith(("/slack", "/api")) else {400, 403}
        assert answer.status_code in (expected | {404} if path == ONE_CLICK else expected), path
    assert stored(web) == before


def test_a_word_of_another_visit_does_not_count(web: Web) -> None:
    first = web.client.get("/resend")
    csrf = re.search(r'name="csrf" value="([^"]*)"', first.text)
    assert csrf is not None
    web.client.cookies.clear()
    web.client.get("/resend")
    answer = web.client.post("/resend", data={"csrf": csrf[1], "address": "a@example.org"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/..%5capp.py",
     "/static//etc/passwd", "/static/%00", "/static/site.css%00.html",
     "/static/./site.js/../../app.py", "/logo/../app.py", "/static/%252e%252e/app.py",
     "/static/templates/base.html"],
)  # fmt: skip
def test_no_file_outside_the_folder_is_served(web: Web, path: str) -> None:
    answer = web.client.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize(
    ("path", "leads"),
    [("/archive/", "/archive"), ("/archive/?topic=ai", "/archive?topic=ai"),
     ("/%5cevil.example/", "/%5Cevil.example"), ("//evil.example/", "/evil.example"),
     ("/http:%2f%2fevil.example/", "/http%3A//evil.example")],
)  # fmt: skip
def test_a_slash_too_many_leads_to_our_own_page(web: Web, path: str, leads: str) -> None:
    url = f"https://news.example.org{path}"
    answer = web.client.get(url, headers={"Host": "evil.example"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, leads)


def test_pages_without_a_form_set_no_cookie(web: Web) -> None:
    for path in ("/nothing", "/status", "/static/site.css", "/healthz", "/archive.atom"):
        assert "set-cookie" not in web.client.get(path).headers, path
    assert "cw_visit=" in web.client.get("/resend").headers["set-cookie"]


def test_what_holds_data_of_people_is_never_kept(web: Web) -> None:
    put(web, 1, "Sachsen und Südkorea bauen aus", KOREA, language="de")
    log_in(web)
    token = {"Authorization": f"Bearer {ENVIRONMENT['CLUSTERWATCH_ADMIN_TOKEN']}"}
    for path in ("/admin", "/admin/subscriptions", "/archive", "/status", "/metrics",
                 "/api/v1/subscriptions", "/archive.atom", "/calendar.ics"):  # fmt: skip
        answer = web.client.get(path, headers=token)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] in ("private, no-store", "private, no-cache"), path


# -- what stands in mails -------------------------------------------------------------------------


def stored(web: Web) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the database holds, but how often somebody asked."""
    with web.parts.crawler.database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name != "allowances"
        }


def links(payload: str) -> set[str]:
    """Every address of ours in a mail: of both its bodies and its headers."""
    mail = message_from_string(payload, policy=policy.default)
    texts = [str(mail["List-Unsubscribe"] or "")]
    texts += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    found = re.findall(r"https://news\.example\.org(/[^\s\"'<>)]*)", "\n".join(texts))
    return {one.replace("&amp;", "&") for one in found}


def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(make_web: MakeWeb) -> None:
    from tests.integration.web.test_subscribing import sign_up

    web = make_web(web='archive = "subscribers"')
    sign_up(web)
    put(web, 1, "Sachsen und Südkorea bauen aus", KOREA, language="de")
    ben = Subscription("ben", "email:ben@example.org", topics=("korea-cooperation",), since="3d")
    web.parts.subscriptions.enter(ben, now=web.now, by="operator")
    web.parts.dispatcher.close_window("ben", web.now, extra=True)
    web.client.cookies.clear()
    found = {one for mail in web.parts.deliveries.find() for one in links(mail.payload)}
    assert {one.split("/")[1] for one in found} >= {"confirm", "manage", "leave", "rate"}
    before = stored(web)
    for path in sorted(found):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = web.client.request(method, path)
            assert answer.status_code in (200, 405), (method, path)
        web.client.cookies.clear()
    assert stored(web) == before


# -- bodies ---------------------------------------------------------------------------------------


async def sent(limit: BodyLimit, messages: list[Message | None]) -> None:
    """Read a request whose body comes as ``messages``; None: nothing comes any more."""
    waiting = asyncio.Event()

    async def receive() -> Message:
        message = messages.pop(0)
        if message is None:
            await waiting.wait()
            raise AssertionError("waited for")
        return message

    async def send(message: Message) -> None:
        raise AssertionError("nothing is sent")

    await limit({"type": "http"}, receive, send)


async def swallow(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_that_does_not_end_in_time_is_refused() -> None:
    limit = BodyLimit(swallow, seconds=0.0)
    with pytest.raises(RefusedBody) as refused:
        await sent(limit, [None])
    assert refused.value.status == 408


async def test_a_body_in_small_parts_is_counted_whole() -> None:
    parts: list[Message | None] = [part(b"x" * 1_000, more=True) for _ in range(300)]
    with pytest.raises(RefusedBody) as refused:
        await sent(BodyLimit(swallow), parts)
    assert refused.value.status == 413
    await sent(BodyLimit(swallow), [part(b"x" * 1_000, more=True), part(b"", more=False)])


@pytest.mark.parametrize("path", POSTED)
def test_a_body_that_is_too_large_is_refused_at_every_door(web: Web, path: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer: Response = web.client.post(path, content=b"a=" + b"x" * 300_000, headers=form)
    assert answer.status_code in (401, 403, 404, 413), path
