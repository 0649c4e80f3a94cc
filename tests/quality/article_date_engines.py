"""Article pages as the engines of two decades write them, each with its day of publication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

GOLD = Path(__file__).parent / "gold"
_HEAD = ("<meta ", "<link ", '<script type="application/ld+json"')
_PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">
<title>{title} - Blatt</title>
{head}</head><body><div class="menu"><a href="/">Start</a> <a href="/news">News</a></div>
{body}
<div id="footer"><p>&copy; 2003-2019 Blatt</p><a href="/imprint">Imprint</a></div></body></html>"""


@dataclass(frozen=True)
class EnginePage:
    """One page; ``day`` is None where it gives no day of publication."""

    name: str
    family: str
    url: str
    html: str
    day: str | None


@cache
def engine_pages(form_file: str = "article-dates-engines.txt") -> tuple[EnginePage, ...]:
    """The pages of a file of forms: a heading line ``## name | family | lang | url | day``,
    then lines of the head and of the body, or a whole page."""
    sections = (GOLD / form_file).read_text(encoding="utf-8").split("\n## ")
    return tuple(_page(section.removeprefix("## ")) for section in sections if section.strip())


def _page(section: str) -> EnginePage:
    heading, *lines = section.strip().split("\n")
    name, family, lang, url, day = heading.split(" | ")
    title, first, second = _texts()[lang[:2]]
    head = "\n".join(line for line in lines if line.startswith(_HEAD))
    body = "\n".join(line for line in lines if not line.startswith(_HEAD))
    body = body.replace("{T}", title).replace("{P}", f"<p>{first}</p><p>{second}</p>")
    is_whole = body.startswith(("<html", "<!DOCTYPE"))
    html = body if is_whole else _PAGE.format(lang=lang, title=title, head=head, body=body)
    return EnginePage(name, family, url, html, None if day == "-" else day)


@cache
def _texts() -> dict[str, tuple[str, str, str]]:
    rows = (GOLD / "article-dates-texts.txt").read_text(encoding="utf-8").strip().split("\n")
    cells = [row.split(" | ") for row in rows]
    return {lang: (title, first, second) for lang, title, first, second in cells}
