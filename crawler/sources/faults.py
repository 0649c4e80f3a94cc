"""What each way to fail means for a source: how fast polls back off, when it is certain, what
its owner can do (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crawler.commands import in_shell
from crawler.model.source import Source, SourceState
from crawler.sources.catalogue import SHIPPED

_ANY = "…"  # for a value that only its owner knows
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LOOK = (
    "Nothing to do for now: it is tried again. If it lasts, see whether {url} opens in a browser."
)
_NEW_ADDRESS = "Look for the page's new address on the site, then: {set url}"
_WAYS = (
    "We do not disguise ourselves. Ways left: a feed or sitemap of the site, its newsletter, or "
    "a letter to its owner: clusterwatch sources show {id} --letter"
)
_FOUND = "See what is found on it now: clusterwatch detect {url in shell} – "
# Another source may have what is found first there: only an item of today points at the right list.
_DETECT = _FOUND + (
    "if its news are there, point at one of them: clusterwatch sources set {id} --like URL"
)
_SELECT = "Write a selector that fits the page as it is now, or take it out: {set selector}"
_FIND_OUT = _FOUND + "if that is its news, let its kind be found out anew: {set kind}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. ``weight``: each failure in a row multiplies the pause by it."""

    weight: float
    longest: timedelta  # the pause grows no further; it is never given up
    certain_after: timedelta  # failing for so long …
    tries: int  # … and so many times in a row, it is an outage
    remedy: str
    network: bool = False  # our own network may be what is broken


# What may be a hiccup grows slowly, what the site decided on purpose faster.
_FAULTS = {
    "timeout": Fault(1.5, _DAY, _DAY, 4, _LOOK, network=True),
    "connect": Fault(1.5, _DAY, _DAY, 4, _LOOK, network=True),
    "dns": Fault(1.5, _DAY, _DAY, 4, "Look for a slip in the address {url}; if the site has moved: "
                 "{set url}", network=True),
    "body": Fault(1.5, _DAY, _DAY, 4, _LOOK),
    "http": Fault(2.0, _DAY, _DAY, 4, _LOOK),
    "other": Fault(2.0, _DAY, _DAY, 4, _LOOK),
    "busy": Fault(3.0, _DAY, _DAY, 4, "Nothing to do: it is asked less often from now on."),
    "tls": Fault(2.0, _DAY, 12 * _HOUR, 3, "It is not read without a valid certificate. Tell the "
                 "site's owner; it is tried again by itself. If it opens by http alone: "
                 "{set http}"),
    "extract": Fault(2.0, _DAY, 12 * _HOUR, 3, _DETECT),
    "empty": Fault(2.0, _DAY, _DAY, 4, _DETECT),
    "size": Fault(3.0, _DAY, 12 * _HOUR, 3, "Raise [crawl] max_page_bytes, or watch another page."),
    "redirect": Fault(3.0, _DAY, 12 * _HOUR, 3, _NEW_ADDRESS),
    "moved": Fault(3.0, _DAY, 12 * _HOUR, 3, _NEW_ADDRESS),
    "missing": Fault(4.0, _DAY, 12 * _HOUR, 3, _NEW_ADDRESS),
    "gone": Fault(4.0, 7 * _DAY, 12 * _HOUR, 2, _NEW_ADDRESS),
    "login": Fault(4.0, 3 * _DAY, 12 * _HOUR, 3, "If you have an account that may be used: a token "
                   "in headers_file. Else watch a public page or the newsletter, or write to its "
                   "owner: clusterwatch sources show {id} --letter"),
    "consent": Fault(4.0, 3 * _DAY, 12 * _HOUR, 3, _WAYS),
    "bot": Fault(4.0, 3 * _DAY, 12 * _HOUR, 3, _WAYS),
    "blocked": Fault(4.0, 3 * _DAY, 12 * _HOUR, 3, _WAYS),
    "robots": Fault(6.0, 3 * _DAY, 6 * _HOUR, 2, _WAYS),
    "refused": Fault(6.0, _DAY, 6 * _HOUR, 2, "Only public addresses such as "
                     "https://www.example.org/news are fetched. Another one: {set url}"),
}  # fmt: skip
_TRY = "See whether {url} opens in a browser, and try again later."
_ADDRESSES = {
    "dns": "Look for a slip in the address; if it is right, see whether this machine reaches other "
           "sites.",
    "missing": "Look for a slip in the address, or for the page's new one on the site.",
    "gone": "Look for the page's new address on the site.",
    "redirect": "Give the address that a browser shows in the end.",
    "size": "Raise [crawl] max_page_bytes, or give another page.",
    "login": "Give a public page of the site, its feed or its newsletter.",
    "tls": "It is not read without a valid certificate. Tell the site's owner. If it opens by http "
           "alone, give that address.",
    "busy": "Try again in an hour.",
    **dict.fromkeys(("consent", "bot", "blocked", "robots"), "We do not disguise ourselves. Give a "
                    "feed or sitemap of the site, or watch its newsletter."),
}  # fmt: skip
# What to do when it is not the sites.
OUR_NETWORK = "Check this machine's connection, its name server and [crawl] proxy."
_STATUSES = {
    401: "login", 403: "blocked", 404: "missing", 405: "blocked", 406: "blocked", 410: "gone",
    429: "busy", 451: "blocked",
}  # fmt: skip
# What came of asking, for people; the names of failures are for programs.
_TOLD = {
    "timeout": "no answer in time", "connect": "cannot be reached", "dns": "no such site",
    "body": "the answer breaks off", "http": "the site answers with an error",
    "busy": "asked too often", "tls": "no valid certificate", "extract": "cannot be read",
    "empty": "no news on it", "size": "too large", "redirect": "leads round in circles",
    "moved": "moved elsewhere", "missing": "no such page", "gone": "the page was removed",
    "login": "asks for a login", "consent": "shows a question about cookies",
    "bot": "lets no robots in", "blocked": "turns us away", "robots": "robots.txt forbids it",
    "refused": "no public address", "offline": "our own network is down",
}  # fmt: skip
_WALLED = ("bot", "blocked", "robots", "consent", "login")


def kind_of(error_kind: str, status: int | None = None) -> str:
    """The name of a failure: what fetching called it, told apart by the HTTP status."""
    if error_kind == "http" and status is not None:
        return _STATUSES.get(status, "http")
    return error_kind if error_kind in _FAULTS else "other"


def told_as(error_kind: str, status: int | None = None) -> str:
    """The same in a few words for people."""
    kind = kind_of(error_kind, status) if error_kind == "http" else error_kind
    return _TOLD.get(kind, "does not work")


def fault_of(error_kind: str, status: int | None = None) -> Fault:
    """What such a failure means."""
    return _FAULTS[kind_of(error_kind, status)]


def is_walled(error_kind: str) -> bool:
    """Whether the site turns us away on purpose, so that a letter may help."""
    return error_kind in _WALLED


def remedy_for(error_kind: str, source: Source, tried: Sequence[str] = ()) -> str:
    """What to do about a source that fails like this, in whole sentences.

    ``tried`` names other addresses that were looked at in vain.
    """
    insecure = source.url.replace("https://", "http://", 1)
    said = _remedy(error_kind, source).replace("{set url}", how_to_set(source, "url"))
    said = said.replace("{set http}", how_to_set(source, "url", insecure))
    said = said.replace("{set kind}", how_to_set(source, "kind", "auto"))
    said = said.replace("{set selector}", how_to_set(source, "selector", ""))
    said = said.replace("{url in shell}", in_shell(source.url))
    said = said.replace("{id}", source.id).replace("{url}", source.url)
    return f"Also tried: {', '.join(tried)}. {said}" if tried else said


def _remedy(error_kind: str, source: Source) -> str:
    """The sentences, with names for what the source has; where its news are found no more, what
    was declared of it is in the way of another list."""
    said = fault_of(error_kind).remedy
    if said is not _DETECT:
        return said
    if source.selector:
        return _SELECT
    return _FIND_OUT if source.kind in ("feed", "sitemap") else _DETECT


def address_remedy(error_kind: str, status: int | None, url: str) -> str:
    """The same for an address that is no source, as ``detect`` and ``sources add`` look at it."""
    if error_kind not in _FAULTS:  # stopped, or our own network: not about the address
        return ""
    kind = kind_of(error_kind, status)
    if kind in _ADDRESSES:
        return _ADDRESSES[kind].replace("{url}", url)
    return _TRY.replace("{url}", url) if fault_of(kind).remedy is _LOOK else ""


def how_to_set(source: Source, key: str, value: str = _ANY) -> str:
    """How a key of a source is changed: by command, or in the file that declares it; an empty
    ``value`` takes the key out."""
    if not source.declared_by:
        option = key.replace("_", "-")
        given = value if value == _ANY else in_shell(value)
        return f"clusterwatch sources set {source.id} --{option} {given}"
    if source.declared_by == SHIPPED:
        return f"write a configuration file with clusterwatch init, and give {source.id} its {key}"
    where = f'in the configuration file, [[sources]] with id = "{source.id}":'
    return f'{where} {key} = "{value}"' if value else f"{where} take out {key}"


def nothing_reached(states: Sequence[SourceState]) -> bool:
    """Whether no source at all could be reached when it was last polled: then it is most likely
    our own network, whatever each failure says. Two hosts are the least that tell."""
    polled = [one for one in states if one.status == "active" and one.last_polled is not None]
    failing = [one for one in polled if one.failures and fault_of(one.error_kind).network]
    return len(polled) > 1 and len(failing) == len(polled)


def is_certain(
    error_kind: str, failures: int, failing_for: timedelta, interval: timedelta | None
) -> bool:
    """Whether a source that fails is out of order, and not just hiccuping.

    ``interval`` is how often it is polled, a quarter of its usual pause between news: nobody
    needs to know of an outage that is shorter than this pause, or at the latest after three
    days.
    """
    fault = fault_of(error_kind)
    usual_pause = min((interval or timedelta(0)) * 4, 3 * _DAY)
    return failures >= fault.tries and failing_for >= max(fault.certain_after, usual_pause)
