"""Lists of sources that people have: OPML, TOML, CSV as spreadsheets write it, bare addresses."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from bisect import bisect
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from itertools import count
from urllib.parse import urlsplit

from crawler.errors import SourceError
from crawler.model.source import Source
from crawler.sources.catalogue import listed_values
from crawler.sources.opml import read_opml

MAX_BYTES = 5_000_000
MAX_LINES = 20_000
_SCHEME = re.compile(r"[a-z][a-z\d+.-]*://", re.I)
_HOST = re.compile(r"(?:[^\s/.:]+(?:\.[^\s/.:]+)+|localhost)(?=[:/?#]|$)", re.I)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s;\"]+", re.I)
_HEADS = {
    "url": ("url", "address", "adresse", "link", "feed", "website", "webseite", "hjemmeside"),
    "name": ("name", "title", "titel", "organisation", "organization", "navn"),
    "id": ("id", "kürzel", "key"),
    "tags": ("tags", "tag", "schlagworte", "category", "kategorie"),
    "kind": ("kind", "type", "art"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a source, or what is wrong with it."""

    number: int
    source: Source | None = None
    error: str = ""
    file: str = ""  # name of the file, of a folder's lists
    country: str = ""  # ISO 3166-1 alpha-2, where a catalogue says it
    languages: tuple[str, ...] = ()  # of the site, likewise


def read_folder(folder: Traversable, taken: Collection[str] = ()) -> list[Line]:
    """Every entry of every TOML file of a folder, such as the shipped catalogue's.

    A file that cannot be read is one line with what is wrong.
    """
    used = set(taken)
    lines: list[Line] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            found = read_list(file.read_bytes(), file.name, used)
        except (SourceError, OSError) as error:
            found = [Line(1, error=str(error).removeprefix(f"{file.name}: "))]
        used |= {line.source.id for line in found if line.source}
        lines += [replace(line, file=file.name) for line in found]
    return lines


def read_list(body: bytes, name: str, taken: Collection[str] = ()) -> list[Line]:
    """Every entry of a list in any of the four forms; ``taken`` are ids in use.

    Raises SourceError where the whole file cannot be read.
    """
    if len(body) > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES} bytes.")
    used = set(taken)
    lower = name.lower()
    entries: list[tuple[int, dict[str, object]]]
    if lower.endswith((".opml", ".xml")) or body.lstrip()[:200].lower().find(b"<opml") >= 0:
        entries = list(enumerate(read_opml(body), 1))
    elif lower.endswith(".toml"):
        entries = _toml(body, name)
    else:
        entries = _table(_decode(body), name)
    if len(entries) > MAX_LINES:
        raise SourceError(f"{name}: more than {MAX_LINES} entries.")
    return [_line(number, values, used) for number, values in entries]


def new_id(name: str, url: str, used: Collection[str]) -> str:
    """A short id from the name or the host, free among ``used``."""
    try:
        host = (urlsplit(url).hostname or "source").removeprefix("www.")
    except ValueError:  # no address at all, as the check that follows will say
        host = "source"
    whole = _plain(host.replace(".", "")).isdigit()  # no name, but numbers: an IP address
    base = _plain(name) or _plain(host if whole else host.rsplit(".", 1)[0]) or "source"
    if base not in used:
        return base
    beyond = next(2**n for n in count(1) if f"{base}-{2**n}" not in used)
    numbers = range(beyond)  # sought by halves: a file may hold one name thousands of times
    return f"{base}-{bisect(numbers, 0, beyond // 2 + 1, key=lambda n: f'{base}-{n}' not in used)}"


def _plain(text: str) -> str:
    """ASCII letters and digits, parted by dashes; "" where a text has none."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode().lower())
    return plain.strip("-")[:40].strip("-")


def write_toml(sources: Iterable[Source]) -> str:
    """``[[sources]]`` tables that a configuration file takes as they are."""
    import tomlkit

    document = tomlkit.document()
    tables = tomlkit.aot()
    for source in sources:
        table = tomlkit.table()
        for key, value in declared_values(source).items():
            table.add(key, value)
        tables.append(table)
    document.add("sources", tables)
    return tomlkit.dumps(document)


def declared_values(source: Source) -> dict[str, object]:
    """What a declaration has to say: the values that differ from their defaults."""
    from crawler.config import duration_text

    plain = Source(id=source.id, name=source.id, url=source.url)
    values: dict[str, object] = {"id": source.id}
    for key in ("name", "url", "kind", "language", "render", "tags", "enabled", "only_links",
                "skip_links", "selector", "excerpt", "headers_file", "senders"):  # fmt: skip
        value = getattr(source, key)
        if key == "url" or value != getattr(plain, key):
            values[key] = list(value) if isinstance(value, tuple) else value
    if source.every is not None:
        values["every"] = duration_text(source.every)
    return values


def _decode(body: bytes) -> str:
    for charset in ("utf-8-sig", "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def _toml(body: bytes, name: str) -> list[tuple[int, dict[str, object]]]:
    try:
        document = tomllib.loads(body.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"{name}: not valid TOML: {error}.") from error
    tables = document.get("sources", [document] if "url" in document else [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise SourceError(f"{name}: [[sources]] tables are needed.")
    return [(number, dict(table)) for number, table in enumerate(tables, 1)]


def _table(text: str, name: str) -> list[tuple[int, dict[str, object]]]:
    """CSV with or without a head row, or one address a line."""
    if not text.strip():
        return []
    lines = [(number, one.strip()) for number, one in enumerate(text.splitlines(), 1)]
    lines = [(number, one) for number, one in lines if _means(one)]
    if _are_addresses([one for _, one in lines]):
        return [(number, {"url": one}) for number, one in lines]
    text, delimiter = _delimited(text)
    found: list[tuple[int, dict[str, object]]] = []
    head: dict[str, int] | None = None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not cells or not _means("".join(cells)):
                continue
            if head is None:
                head = _head(cells)
                if head:
                    continue
            found.append((rows.line_num, _cells(cells, head)))
    except csv.Error as error:
        raise SourceError(f"{name}: line {rows.line_num}: {error}.") from error
    return found


def _means(line: str) -> bool:
    """Neither empty nor a comment."""
    return bool(line) and not line.startswith("#")


def _are_addresses(lines: Sequence[str]) -> bool:
    """Whether each line is one address. Addresses may hold commas; as many in every line part
    columns."""
    commas = {line.count(",") for line in lines}
    return (len(commas) > 1 or commas == {0}) and all(_ADDRESS.fullmatch(one) for one in lines)


def _delimited(text: str) -> tuple[str, str]:
    """(the text, what parts its columns); a spreadsheet's own first line "sep=;" says it, and
    is emptied so that line numbers stay."""
    first = next((line for line in text.splitlines() if _means(line.strip())), "")
    if found := re.fullmatch(r"\s*\"?sep=([;,\t|])\"?\s*", first):
        return text.replace(first, "", 1), found[1]
    return text, max(";\t,", key=first.count)


def _head(cells: Sequence[str]) -> dict[str, int]:
    names = [cell.lower() for cell in cells]
    head = {
        key: names.index(known)
        for key, all_known in _HEADS.items()
        for known in all_known[::-1]
        if known in names
    }
    return head if "url" in head else {}


def _cells(cells: Sequence[str], head: dict[str, int]) -> dict[str, object]:
    if head:
        values: dict[str, object] = {
            key: cells[place] for key, place in head.items() if place < len(cells) and cells[place]
        }
    else:
        url = next((one for one in cells if one.lower().startswith(("http", "www."))), cells[0])
        values = {"url": url, "name": next((one for one in cells if one and one != url), "")}
    tags = values.get("tags")
    if isinstance(tags, str):
        values["tags"] = [one.strip() for one in re.split(r"[,|]", tags) if one.strip()]
    return values


def _line(number: int, values: dict[str, object], used: set[str]) -> Line:
    from pydantic import ValidationError

    from crawler.config.reading import explained
    from crawler.config.tables import SourceTable

    values, country, languages = listed_values(values)
    url = str(values.get("url", ""))
    if url and not _SCHEME.match(url):
        if not _HOST.match(url):
            return Line(number, error=f'url: "{url[:80]}" is no web address')
        values["url"] = url = "https://" + url
    if not values.get("id"):
        values["id"] = new_id(str(values.get("name", "")), url, used)
    ready = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if value != ""
    }
    try:
        source = SourceTable.model_validate(ready).source("")
    except ValidationError as error:
        return Line(number, error=explained(error, SourceTable).rstrip("."))
    if source.id in used:
        return Line(number, error=f'id: "{source.id}" is in use')
    used.add(source.id)
    return Line(number, replace(source, declared_by=""), country=country, languages=languages)
