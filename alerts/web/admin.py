"""The administration's door: logging in, what every page of it shares, and its first page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from alerts.health import watching
from alerts.undelivered import lost, undelivered
from alerts.web.allowing import PER_NETWORK, allowed, network
from alerts.web.rendering import render
from alerts.web.security import (
    ADMIN,
    ADMIN_LASTS,
    Endpoint,
    RefusedForm,
    admin_subject,
    admin_token_fits,
    drop_cookie,
    form_of,
    is_admin,
    posted,
    set_cookie,
)
from alerts.web.site import site_of
from alerts.web.window_words import window_said
from alerts.web.words import language_of, page_words
from crawler.errors import ClusterwatchError
from crawler.storage.heartbeats import is_running

HOME = "/admin"
_LONGEST_TOKEN = 500
_LONGEST_ID = 100
Shown = Callable[[Request], Response]
Changed = Callable[[Request, FormData], Response]


def routes() -> list[Route]:
    """``/admin``, ``/admin/login`` and ``/admin/logout``."""
    return [
        Route(HOME, by_admin(overview), methods=["GET"]),
        Route("/admin/login", login_page, methods=["GET"]),
        Route("/admin/login", posted(login), methods=["POST"]),
        Route("/admin/logout", posted(logout), methods=["POST"]),
    ]


# -- what the other rooms of the administration take ---------------------------------------------


def by_admin(page: Shown) -> Shown:
    """A page for admins alone; others are asked to log in."""

    def endpoint(request: Request) -> Response:
        if is_admin(request):
            return page(request)
        site = site_of(request)
        asked = urlencode({"next": request.url.path.removeprefix(site.path)})
        return RedirectResponse(f"{site.path}/admin/login?{asked}", status_code=303)

    return endpoint


def posted_by_admin(handler: Changed) -> Endpoint:
    """An endpoint that takes a form of ours from admins alone; 403 for others."""

    async def endpoint(request: Request) -> Response:
        refuse_others(request)
        return await run_in_threadpool(handler, request, await form_of(request))

    return endpoint


def refuse_others(request: Request) -> None:
    """Raises RefusedForm for who is no admin."""
    if not is_admin(request):
        raise RefusedForm("This is for those who run it.", remedy="Log in first.")


def admin_page(
    request: Request,
    template: str,
    *,
    problem: ClusterwatchError | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page of the administration; ``problem`` is told on top of it, as the CLI would."""
    status, site = 422 if problem else 200, site_of(request)
    done = request.query_params.get("done", "")[:20]
    words = page_words(language_of(request))
    return render(
        request, template, status=status, problem=problem, done=done,
        running=is_running(site.parts.crawler.database, site.clock()),
        window=lambda name: window_said(name, words, site.settings.zone), **values,
    )  # fmt: skip


def back_to(request: Request, path: str, done: str = "done") -> RedirectResponse:
    """After a change: the page that shows it."""
    return RedirectResponse(f"{site_of(request).path}{path}?{urlencode({'done': done})}", 303)


def named(request: Request, key: str) -> str:
    """The id that a path names; nothing is there for what no id can be."""
    given = str(request.path_params[key])
    if len(given) > _LONGEST_ID or not given.isprintable():
        raise HTTPException(404)
    return given


def text_of(form: FormData, name: str, longest: int = 300) -> str:
    """One field of a form, trimmed; PostgreSQL takes no NUL."""
    return str(form.get(name, ""))[:longest].replace("\0", "").strip()


def lines_of(form: FormData, name: str, most: int = 50, longest: int = 200) -> list[str]:
    """The lines of a field, without empty ones."""
    lines = [
        line.strip()[:longest] for line in str(form.get(name, "")).replace("\0", "").splitlines()
    ]
    return [line for line in lines if line][:most]


# -- its own pages -------------------------------------------------------------------------------


def login_page(request: Request) -> Response:
    """Where the token is asked for."""
    if is_admin(request):
        return RedirectResponse(f"{site_of(request).path}{HOME}", 303)
    return _login_form(request, str(request.query_params.get("next", "")))


def login(request: Request, form: FormData) -> Response:
    """Let in who knows the token; a network may try a few times a day."""
    site, wanted = site_of(request), str(form.get("next", ""))
    if not allowed(site, "login", network(site.client(request)), PER_NETWORK):
        return render(request, "later.html", status=429)
    if not admin_token_fits(site, str(form.get("token", ""))[:_LONGEST_TOKEN]):
        return _login_form(request, wanted, wrong=True)
    answer = RedirectResponse(f"{site.path}{_own(wanted)}", 303)
    subject = admin_subject(site)
    value = site.parts.signer.sign("admin", subject, now=site.clock(), lasts=ADMIN_LASTS)
    set_cookie(site, answer, ADMIN, value, ADMIN_LASTS)
    return answer


def logout(request: Request, form: FormData) -> Response:
    """Forget the login."""
    site = site_of(request)
    answer = RedirectResponse(f"{site.path}/", 303)
    drop_cookie(site, answer, ADMIN)
    return answer


def overview(request: Request) -> Response:
    """What needs a hand, and the ways to everything else."""
    site = site_of(request)
    parts, now = site.parts, site.clock()
    parts.crawler.refresh_topics()
    seen = watching(parts, now)
    subscriptions = parts.subscription_store.all()
    missed = undelivered(parts.deliveries, parts.subscription_store, now)
    return admin_page(
        request, "admin.html", coverage=seen["coverage"],
        failing=[one for one in seen["sources"] if one["health"] == "failing"],
        undelivered=missed, lost=len(lost(missed)),
        held=parts.deliveries.held(), topics=len(parts.crawler.topics),
        subscriptions=len(subscriptions),
        delivering=sum(row.delivering for row in subscriptions),
    )  # fmt: skip


def _login_form(request: Request, wanted: str, *, wrong: bool = False) -> Response:
    secret = site_of(request).settings.secrets.admin_token.get_secret_value()
    return render(
        request, "admin_login.html", status=403 if wrong else 200, wrong=wrong,
        wanted=_own(wanted), possible=len(secret) >= 16,
    )  # fmt: skip


def _own(path: str) -> str:
    """A path of the administration to go on to; its first page for anything else."""
    plain = path.isprintable() and "\\" not in path and ".." not in path
    return path if plain and path.startswith(f"{HOME}/") and "//" not in path else HOME
