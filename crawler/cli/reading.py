"""``clusterwatch detect`` and ``extract``: how a page would be watched, what an article says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from crawler.cli.app import Door, JsonOption, command
from crawler.cli.json_lines import numbered_objects
from crawler.cli.letters import letter_to, say_letter
from crawler.errors import ClusterwatchError, UsageError
from crawler.typed_addresses import at_address, is_address, with_scheme

if TYPE_CHECKING:
    from crawler.extract.detection import Detection
    from crawler.model.item import Article

MAX_BATCH_LINES = 100_000
_NOWHERE = "https://page.invalid/"
BaseOption = Annotated[
    str, typer.Option("--base-url", help="Address the file was saved from.", metavar="URL")
]
BatchOption = Annotated[
    Path | None,
    typer.Option("--batch", help='Many files: {"file","url"} a line; gives an array.'),
]
RenderOption = Annotated[
    str, typer.Option("--render", help='"browser": the page is empty without its scripts.')
]
TargetArgument = Annotated[str | None, typer.Argument(metavar="URL|FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    command(app, "detect")(detect)
    command(app, "extract")(extract)


def detect(
    door: Door,
    target: TargetArgument = None,
    base_url: BaseOption = "",
    batch: BatchOption = None,
    render: RenderOption = "",
    as_letter: Annotated[
        bool,
        typer.Option("--letter", help="If the site turns us away: a ready letter to its owner."),
    ] = False,
    language: Annotated[
        str, typer.Option("--language", help="The letter's: en (default), de or da.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """How a page would be watched and the items seen on it now; stores nothing.

    Example: clusterwatch detect https://www.example.org/news
    """
    if batch is not None:
        _batch(door, batch, partial(_batch_detection, door))
        return
    place = _wanted(target)
    if as_letter:
        if not is_address(place):
            raise UsageError(f"--letter is for an address: {place} is a file.")
        text = letter_to(door, place, lambda: _detect_address(door, place, render), language)
        say_letter(door, text, as_json)
        return
    if is_address(place):
        url, found = _detect_address(door, place, render)
    else:
        url = saved_from(base_url)
        found = _detect_file(door, _body(Path(place)), url or _file_url(place))
        url = url or "URL"
    if as_json:
        door.json(detection_json(found))
    else:
        print_detection(door, found, url)
        _say_remedy(door, found, url)


def extract(
    door: Door,
    target: TargetArgument = None,
    base_url: BaseOption = "",
    batch: BatchOption = None,
    as_json: JsonOption = False,
) -> None:
    """One article page: title, dates, language, author, image, text.

    Example: clusterwatch extract article.html --base-url https://www.example.org/news/1
    """
    import asyncio

    read: Callable[[bytes, str], dict[str, Any]] = lambda body, url: article_json(  # noqa: E731
        _extract_file(door, body, url)
    )
    if batch is not None:
        _batch(door, batch, read)
        return
    place = _wanted(target)
    article = (
        at_address(place, lambda url: asyncio.run(_extract_url(door, url)), door.warn)
        if is_address(place)
        else _extract_file(door, _body(Path(place)), saved_from(base_url) or _file_url(place))
    )
    if as_json:
        door.json(article_json(article))
        return
    door.say(article.title)
    door.say(
        f"{article.published.isoformat() if article.published else 'no date'} · "
        f"{article.language or 'language unknown'} · {article.url}"
    )
    door.say("")
    door.say(article.text)


def detection_json(found: Detection) -> dict[str, Any]:
    """The contract's document of ``detect``."""
    return {
        "kind": found.kind,
        "feed_url": found.feed_url or None,
        "title": found.title,
        "language": found.language,
        "confidence": round(found.confidence, 3),
        "items": [
            {
                "url": item.url or None,  # a feed's entry may lead nowhere
                "title": item.title,
                "published": item.published.isoformat() if item.published else None,
                "summary": item.summary,
            }
            for item in found.items
        ],
    }


def article_json(article: Article) -> dict[str, Any]:
    """The contract's document of ``extract``."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url or None,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "language": article.language,
        "author": article.author or None,
        "image": article.image or None,
        "text": article.text,
    }


def print_detection(door: Door, found: Detection, url: str = "URL") -> None:
    """A detection for people: what was chosen and why, the items, the other candidates."""
    door.say(f"{found.kind}: {found.why}")
    if found.feed_url:
        door.say(f"feed: {found.feed_url}")
    for item in found.items[:15]:
        day = item.published.day.isoformat() if item.published else "no date   "
        door.say(f"  {day}  {item.title[:80]}")
        door.say(f"              {item.url or 'leads nowhere: no poll takes it'}")
    if len(found.items) > 15:
        door.say(f"  … and {len(found.items) - 15} more")
    if found.needs_browser:
        from crawler.fetch.chromium import browser_remedy

        door.warn(f"The page fills its list by script. {browser_remedy('', url)}")
    if len(found.candidates) > 1:
        door.say("Also seen (choose with --pick N when adding it):")
        for number, candidate in enumerate(found.candidates, 1):
            door.say(f"  {number}  {candidate.kind}: {candidate.label}")


def _say_remedy(door: Door, found: Detection, url: str) -> None:
    """What to do about a page without items, as ``sources add`` says it."""
    from crawler.source_changes import empty_remedy

    if not (found.items or found.needs_browser):
        door.warn(empty_remedy(found, url))


def _detect_address(door: Door, typed: str, render: str) -> tuple[str, Detection]:
    """The address that was taken, and how it would be watched."""
    import asyncio

    return at_address(
        typed, lambda url: (url, asyncio.run(_detect_url(door, url, render))), door.warn
    )


async def _detect_url(door: Door, url: str, render: str) -> Detection:
    if render not in ("", "browser"):
        raise UsageError(f'--render {render}: only "browser" is known.')
    with door.open(looks=True) as parts:
        async with parts.crawl() as crawl:
            found: Detection = await crawl.detect(url, render=render)
            return found


async def _extract_url(door: Door, url: str) -> Article:
    from crawler.extract.document import read_document
    from crawler.storage.database import utc_now

    with door.open(looks=True) as parts:
        async with parts.crawl() as crawl:
            page = await crawl.get(url)
    return read_document(
        page.body, page.url, content_type=page.content_type, zone=door.settings.zone, now=utc_now()
    )


def _detect_file(door: Door, body: bytes, url: str) -> Detection:
    from crawler.extract.detect import detect as detect_page
    from crawler.storage.database import utc_now

    found = detect_page(body, url, zone=door.settings.zone, now=utc_now())
    # A saved feed's own address is unknown.
    return replace(found, feed_url="") if found.feed_url.startswith(_NOWHERE) else found


def _batch_detection(door: Door, body: bytes, url: str) -> dict[str, Any]:
    """A detection with the address of the page it answers for."""
    return {"url": url} | detection_json(_detect_file(door, body, url))


def _extract_file(door: Door, body: bytes, url: str) -> Article:
    from crawler.extract.document import read_document
    from crawler.storage.database import utc_now

    return read_document(body, url, zone=door.settings.zone, now=utc_now())


def _batch(door: Door, file: Path, read: Callable[[bytes, str], dict[str, Any]]) -> None:
    """An array in the order of the list; a page that fails gives ``{"url","error"}``."""
    documents: list[dict[str, Any]] = []
    # The whole list is read before the first page: a wrong last line throws no work away.
    for page, url in batch_pages(file):
        try:
            documents.append(read(_body(page), url))
        except ClusterwatchError as error:
            documents.append({"url": url, "error": error.line()})
            door.fail(f"{url}: {error.line()}")
        except Exception as error:  # one odd page must not stop the rest
            documents.append({"url": url, "error": f"{type(error).__name__}: {error}"})
            door.fail(f"{url}: {type(error).__name__}: {error}")
    door.json(documents)


def batch_pages(file: Path) -> list[tuple[Path, str]]:
    """Which saved pages a list names, and their addresses; a name counts from here, else from the
    list's folder. Raises UsageError."""
    return [
        _batch_page(file, number, row) for number, row in numbered_objects(file, MAX_BATCH_LINES)
    ]


def _batch_page(file: Path, number: int, row: dict[str, Any]) -> tuple[Path, str]:
    try:
        page, url = Path(str(row["file"])), str(row["url"])
    except KeyError as error:
        raise UsageError(
            f'{file.name}, line {number}: {{"file": …, "url": …}} is needed.'
        ) from error
    return (page if page.is_absolute() or page.exists() else file.parent / page), url


def _wanted(target: str | None) -> str:
    if not target:
        raise UsageError("An address, a file or --batch LIST.jsonl is needed.")
    return target


def saved_from(base_url: str) -> str:
    """The address a file was saved from, "" for none. Raises UsageError for what is no address."""
    url = with_scheme(base_url)
    if base_url and not (url.lower().startswith(("http://", "https://")) and _host_of(url)):
        raise UsageError(
            f'--base-url "{base_url}" is no web address.',
            remedy='Write it as "https://www.example.org/news".',
        )
    return url


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _file_url(place: str) -> str:
    # A saved page without its address: relative links stay recognisable, nothing is fetched.
    return f"{_NOWHERE}{Path(place).name}"


def _body(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file}: {error.strerror or 'cannot be read'}.",
            remedy="Give a web address (https://…) or a file.",
        ) from error
