"""Who may read an archive that is not public: subscribers, by a link that is mailed to them.

Whether an address is subscribed shows neither in the answer nor in its time: what depends on it
happens after the answer has gone out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.web.allowing import PER_ADDRESS, PER_DAY, PER_NETWORK, allowed, network
from alerts.web.choices import chosen
from alerts.web.rendering import render
from alerts.web.security import (
    READER,
    READER_LASTS,
    READS,
    is_reader,
    posted,
    reading,
    set_cookie,
)
from alerts.web.site import Site, site_of
from crawler.errors import SubscriptionError
from crawler.storage.subscriptions import SubscriptionRow

LINK_LASTS = timedelta(days=7)  # of a mailed link
KEY_LASTS = timedelta(days=730)  # of a feed's key; it ends with the subscription


def routes() -> list[Route]:
    """``/access`` and ``/access/TOKEN``."""
    return [
        Route("/access", page, methods=["GET"]),
        Route("/access", posted(ask), methods=["POST"]),
        Route("/access/{token}", enter, methods=["GET"]),
    ]


def page(request: Request) -> Response:
    """What the archive is, and where to ask for a link."""
    return _explained(request, status=200)


def refused(request: Request) -> Response:
    """The same where somebody came without a link."""
    return _explained(request, status=403)


def ask(request: Request, form: FormData) -> Response:
    """Mail a link, to an address that is subscribed alone; the answer is always the same."""
    site = site_of(request)
    choice = chosen(site, form)
    if "address" in choice.problems:
        return _explained(request, status=422, problem=choice.problems["address"])
    if not allowed(site, "network", network(site.client(request)), PER_NETWORK):
        return render(request, "later.html", status=429)
    answer = render(request, "access_sent.html", address=choice.address)
    answer.background = BackgroundTask(_mail_link, site, choice.address)
    return answer


def enter(request: Request) -> Response:
    """A mailed link: the browser is known as a reader's from now on. Nothing else changes."""
    site = site_of(request)
    token = str(request.path_params["token"])
    identity = site.parts.signer.read("archive", token, now=site.clock())
    row = site.parts.subscription_store.find(identity)
    if row is None or not _reads(row):
        raise SubscriptionError("This subscription has ended.", remedy="Subscribe again.")
    answer = RedirectResponse(f"{site.path}/archive", status_code=303)
    value = site.parts.signer.sign("archive", identity, now=site.clock(), lasts=READER_LASTS)
    set_cookie(site, answer, READER, value, READER_LASTS)
    return hidden(site, answer)


def feed_key(request: Request) -> str | None:
    """What a feed reader of this subscriber, which has no cookie, is known by; "" where feeds
    need none, None for an administrator, who has none. The same for a year, so that a feed keeps
    its address."""
    site = site_of(request)
    if site.settings.web.archive == "public":
        return ""
    identity = reading(request)
    year = datetime(site.clock().year, 1, 1, tzinfo=site.clock().tzinfo)
    signed = site.parts.signer.sign
    return signed("archive", identity, now=year, lasts=KEY_LASTS) if identity else None


def hidden(site: Site, answer: Response) -> Response:
    """``answer`` kept out of search engines where the archive is not public."""
    if site.settings.web.archive != "public":
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _explained(request: Request, *, status: int, problem: str = "") -> Response:
    site = site_of(request)
    answer = render(
        request, "access.html", status=status, problem=problem,
        mail=bool(site.settings.email.smtp and site.settings.email.sender),
        reader=is_reader(request),
    )  # fmt: skip
    return hidden(site, answer)


def _mail_link(site: Site, address: str) -> None:
    if not allowed(site, "address", address.casefold(), PER_ADDRESS):
        return
    hashes = site.parts.signer.address_hashes(address)
    rows = [row for row in site.parts.subscription_store.of_address(hashes) if _reads(row)]
    if rows and allowed(site, "all", "", PER_DAY):
        _queue_link(site, rows[0])


def _queue_link(site: Site, row: SubscriptionRow) -> None:
    one, now = row.subscription, site.clock()
    token = site.parts.signer.sign("archive", one.id, now=now, lasts=LINK_LASTS)
    message = site.parts.payloads.message(
        "archive_link", one.to, subscription=one.id, window=f"archive:{one.id}:{now.isoformat()}",
        language=one.digest_language, now=now, title="The archive",
        link=site.url(f"/access/{token}"),
    )  # fmt: skip
    site.parts.deliveries.queue(message)


def _reads(row: SubscriptionRow) -> bool:
    return row.subscription.status in READS and not row.undeclared
