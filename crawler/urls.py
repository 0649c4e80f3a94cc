"""One canonical address per page: what two addresses must share to be one item.

``canonical_url`` is shown and stored, ``url_key`` is compared. Whatever only says how a
reader came (tracking), who the reader is (sessions) or how the page is drawn (print, AMP,
mobile) is dropped; whatever selects content stays.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from crawler.errors import ExtractError
from crawler.tracking import is_noise

MAX_LENGTH = 4096  # characters; longer addresses are traps or payloads, never news

_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_USER_INFO = re.compile(r"//[^/?#]*@")
_ASCII_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"  # RFC 3986 pchar, escapes kept
_QUERY_SAFE = "/%:@!$'()*,;?-._~[]"  # brackets stay readable: tx_news_pi1[news]
_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|shtml|php[345]?|aspx?|jsp|cfm)$", re.I)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.I)
_COOKIELESS = re.compile(r"/\([A-Z]\([A-Za-z0-9_-]{10,}\)\)(?=/)")  # ASP.NET /(S(…))/
_VIEW_SUFFIX = re.compile(
    r"/(?:amp|print(?:[-_]?(?:page|view|version))?|druckversion|druckansicht|udskriv|imprimer|"
    r"stampa|drukuj)(?:\.html?)?/?$",
    re.I,
)
_VIEW_FOLDER = re.compile(r"^/(?:amp|print|printpdf|printmail)(?=/)", re.I)
_VIEW_FILE = re.compile(r"[._](?:print|druck|drucken|mobile)(?=\.html?$)", re.I)
_AMP_FILE = re.compile(r"\.amp(\.html?)?$", re.I)
_ARTICLE_SEGMENT = re.compile(r"\d{3}|-[^/-]+-|\.(?:html?|php|aspx?)$")
_LANGUAGE_ROOT = re.compile(r"/?(?:[a-z]{2}(?:[-_][A-Za-z]{2})?)?/?")

# An address that is canonical as it stands: nothing to fold, no port that may be a usual one, no
# other view of an article. Most are; the steps below cost twenty times this one.
_PLAIN = re.compile(
    r"https?://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*)"
    r"(?::(?!80/|443/)(?:[1-9][0-9]{1,3}|[1-5][0-9]{4}))?"
    r"(?:/(?!(?i:amp|print|druck|udskriv|imprimer|stampa|drukuj|index|default))[A-Za-z0-9~-]+)+"
    r"(?:\.html)?/?"
)


def canonical_url(url: str, *, base: str = "") -> str:
    """The one address of the page behind ``url`` (joined to ``base`` where relative).

    Idempotent. Syntax follows RFC 3986 section 6.2.2 and WHATWG's host rules: lower-case
    host in punycode, no default port, dot segments resolved, escapes in normal form. Query
    parameters are sorted by name (repeated ones keep their order). Scheme, ``www.`` and the
    trailing slash stay as given; ``url_key`` folds those.

    Raises ExtractError (also a ValueError) for other schemes than http and https, for
    user-info, control characters, impossible hosts and more than 4,096 characters.
    """
    plain = _PLAIN.fullmatch(url) if len(url) <= MAX_LENGTH else None
    if plain is not None and not base and _desktop_host(plain[1]) == plain[1]:
        return url
    return _canonical(url, base)


def _canonical(url: str, base: str) -> str:
    parts = _checked_parts(url, base)
    host = _host(parts, url)
    query = _query(parts.query)
    path = _path(parts.path, has_query=bool(query))
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    address = f"{parts.scheme}://{host}{path}"
    if query:
        address += "?" + query
    return address + ("#" + _normal_escapes(fragment, _QUERY_SAFE) if fragment else "")


def url_key(canonical: str) -> str:
    """32 hex digits of SHA-256 that twins share: http/https, ``www.``, trailing slash.

    Repeated slashes, TYPO3's ``cHash``, an index file before a query and the folder or file of
    another view fold here too: they are needed to fetch some sites, but never tell two pages
    apart.
    """
    if _PLAIN.fullmatch(canonical):
        host_and_path = canonical.partition("://")[2].removeprefix("www.").rstrip("/")
        return hashlib.sha256(f"{host_and_path}?#".encode()).hexdigest()[:32]
    return _key(canonical)


def _key(canonical: str) -> str:
    parts = urlsplit(canonical)
    host = parts.netloc.removeprefix("www.")
    path = re.sub(r"/{2,}", "/", _INDEX_FILE.sub("/", parts.path)).rstrip("/")
    path = _VIEW_FILE.sub("", path)
    if _ARTICLE_SEGMENT.search(path.rpartition("/")[2]):
        path = _VIEW_FOLDER.sub("", path)
    query = "&".join(p for p in parts.query.split("&") if p.partition("=")[0] != "cHash")
    folded = f"{host}{path}?{query}#{parts.fragment}"
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


def plausible_canonical(claimed: str, fetched: str) -> bool:
    """Whether a page's own ``rel=canonical`` may be believed.

    Sites point it at their home page, at the listing, or at the address without the
    parameter that selects the article; believing those would merge all their news.
    """
    try:
        ours, theirs = urlsplit(canonical_url(fetched)), urlsplit(canonical_url(claimed))
    except ExtractError:
        return False
    if url_key(ours.geturl()) == url_key(theirs.geturl()):
        return True
    if registrable_domain(ours.netloc) != registrable_domain(theirs.netloc):
        return False
    if _LANGUAGE_ROOT.fullmatch(theirs.path) and not theirs.query:
        return False
    return _keeps_selection(theirs, ours) and not _is_parent(theirs, ours)


def registrable_domain(host: str) -> str:
    """The domain its owner registered (``bosa.co.kr``); the host itself where there is none."""
    name = host.rsplit(":", 1)[0] if not host.startswith("[") else host
    return str(_suffixes()(name).top_domain_under_public_suffix) or name


def _checked_parts(url: str, base: str) -> SplitResult:
    text = url.strip()
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        _ = parts.port
    except ValueError as error:
        raise _refused("is not a valid address", url) from error
    if len(joined) > MAX_LENGTH:
        raise _refused(f"is longer than {MAX_LENGTH} characters", url)
    if parts.scheme.lower() not in ("http", "https"):
        raise _refused("is not an http or https address", url)
    if _CONTROL.search(text.replace(" ", "")):
        raise _refused("contains control characters", url)
    if "@" in parts.netloc or "\\" in parts.netloc:
        raise _refused("contains user information", url)
    return parts


class _AddressError(ExtractError, ValueError):
    """An address that is refused; a ValueError as well, for callers that parse lists."""


def _refused(reason: str, url: str) -> _AddressError:
    shown = _USER_INFO.sub("//…@", _CONTROL.sub("?", url.strip()))[:120]
    return _AddressError(f"address {reason}: {shown}", url=shown)


def _host(parts: SplitResult, url: str) -> str:
    name = (parts.hostname or "").rstrip(".")
    if ":" in name:
        name = f"[{name}]"
    ascii_name = _to_ascii(name)
    if not (_ASCII_HOST.fullmatch(ascii_name) or _IPV6.fullmatch(ascii_name)):
        raise _refused("has no valid host", url)
    ascii_name = _desktop_host(ascii_name)
    default = {"http": 80, "https": 443}[parts.scheme]
    return ascii_name if parts.port in (None, default) else f"{ascii_name}:{parts.port}"


@lru_cache(maxsize=4096)
def _to_ascii(name: str) -> str:
    """IDN to punycode (UTS 46); "" where the name is no host name."""
    if name.isascii():
        return name.lower()
    import idna

    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""


@lru_cache(maxsize=4096)
def _desktop_host(name: str) -> str:
    """``m.example.org`` and ``de.m.example.org`` without their mobile label."""
    if not any(label in ("m", "mobile", "mobil", "amp") for label in name.split(".")[:-1]):
        return name
    domain = registrable_domain(name)
    labels = name.removesuffix(domain).rstrip(".").split(".")
    kept = [label for label in labels if label not in ("m", "mobile", "mobil", "amp", "")]
    if len(kept) == len([label for label in labels if label]):
        return name
    return ".".join([*kept, domain]) if kept else f"www.{domain}"


def is_public_name(name: str) -> bool:
    """Whether a host name ends with a suffix under which names are registered."""
    return "." in name and bool(_suffixes()(name).suffix)


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    """The public suffix list that ships with tldextract: nothing is fetched or cached."""
    import tldextract

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)


def _path(path: str, *, has_query: bool) -> str:
    normal = _normal_escapes(path.replace("\\", "/"), _PATH_SAFE) or "/"
    normal = _PATH_SESSION.sub("", _COOKIELESS.sub("", normal))
    normal = _without_dots(normal)
    normal = _without_view(normal)
    return normal if has_query else _INDEX_FILE.sub("/", normal)


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4; a ``..`` above the root is dropped."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    result = "/".join(kept)
    return result if result.startswith("/") else "/" + result


def _without_view(path: str) -> str:
    """``…/slug/amp/`` and ``…/slug.amp.html`` name the article in another view.

    Only behind what looks like one article: ``/topics/print`` is a page of its own.
    """
    path = _AMP_FILE.sub(lambda match: match[1] or "", path)
    match = _VIEW_SUFFIX.search(path)
    while match and _ARTICLE_SEGMENT.search(path[: match.start()].rpartition("/")[2]):
        path = path[: match.start()] + ("/" if path.endswith("/") else "")
        match = _VIEW_SUFFIX.search(path)
    return path


def _normal_escapes(text: str, safe: str) -> str:
    """Percent-encoding in normal form: unreserved characters bare, hex digits upper case."""
    tidy = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    quoted = quote(tidy, safe=safe)

    def fold(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(fold, quoted)


def _query(query: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    kept = [
        (_normal_escapes(name.replace("+", "%20"), _QUERY_SAFE), equals, value)
        for name, equals, value in pairs
        if name and not is_noise(name, value)
    ]
    if all(name == "cHash" for name, _, _ in kept):  # a checksum of what is gone
        kept = []
    kept.sort(key=lambda pair: pair[0])
    return "&".join(
        name + equals + _normal_escapes(value.replace("+", "%20"), _QUERY_SAFE + "=")
        for name, equals, value in kept
    )


def _is_parent(claimed: SplitResult, fetched: SplitResult) -> bool:
    """Whether the claim is only a folder above the page: a listing for a deep article.

    Of ``/news/hall/amp`` the page itself may say that it is ``/news/hall`` in another view.
    """
    parent = _INDEX_FILE.sub("/", claimed.path).rstrip("/")
    below = fetched.path.rstrip("/").removeprefix(parent)
    if claimed.query or not below.startswith("/") or parent + below != fetched.path.rstrip("/"):
        return False
    return not (parent and _VIEW_SUFFIX.fullmatch(below))


def _keeps_selection(claimed: SplitResult, fetched: SplitResult) -> bool:
    """Whether every content parameter of the page survives in the claim.

    A claim without them is believed where its path speaks instead: ``?p=123`` may be
    ``/2024/05/a-long-headline/``, never ``/news``.
    """
    ours, theirs = _parameters(fetched.query), _parameters(claimed.query)
    if any(name in theirs and theirs[name] != value for name, value in ours.items()):
        return False
    lost = {name: value for name, value in ours.items() if name not in theirs}
    if not lost or (claimed.path == fetched.path and lost.keys() <= _NAVIGATION):
        return True
    last = claimed.path.rstrip("/").rpartition("/")[2]
    names_article = any(value and value in last for value in lost.values())
    return claimed.path != fetched.path and (names_article or last.count("-") >= 2)


# Where the reader stood in the site's menu: Government Site Builder, Joomla, TYPO3. They are
# dropped only where the page itself says that it is the same without them.
_NAVIGATION = frozenset({"nn", "Itemid", "MP"})


def _parameters(query: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {name: value for name, _, value in pairs if name != "cHash"}
