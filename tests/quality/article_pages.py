"""Article pages made of our own texts and templates, each with what a person would read on it.

Every template imitates the markup of one family of sites with its furniture; texts and the
words of the furniture are our own, in seven languages. A quarter of the templates is held back
from fitting (``held_back``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

GOLD = Path(__file__).parent / "gold"
TEMPLATES = GOLD / "article-templates"
PAGES_PER_TEMPLATE = 4
_SHOWN = {
    "de": "{d}.{m:02}.{y}",
    "en": "{month} {d}, {y}",
    "da": "{d}.{m}.{y}",
    "fr": "{d:02}/{m:02}/{y}",
    "pl": "{d:02}.{m:02}.{y}",
    "ko": "{y}.{m:02}.{d:02}",
    "ja": "{y}年{m}月{d}日",
}
_MONTHS = "January February March April May June July August September October November December"
_MARKS = {"## ": "h", "- ": "ul", "> ": "q", "| ": "table"}
Group = tuple[str, list[Any]]


@dataclass(frozen=True)
class Text:
    """One article: its lead and its body as runs of one kind (p h ul q table)."""

    language: str
    day: str
    author: str
    title: str
    lead: str
    groups: list[Group]

    @property
    def shown(self) -> str:
        """The day as sites of the language print it."""
        y, m, d = map(int, self.day.split("-"))
        return _SHOWN[self.language].format(y=y, m=m, d=d, month=_MONTHS.split()[m - 1])

    @property
    def lines(self) -> list[str]:
        """Lead and body, a paragraph, list item or table row each."""
        return [self.lead, *_lines(self.groups)]

    @property
    def plain(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class MadePage:
    """One page and the text on it."""

    name: str
    template: str
    html: str
    title: str
    text: str
    url: str
    day: str


def pages() -> list[MadePage]:
    """Every template with texts of several languages, always the same."""
    made = []
    for number, template in enumerate(template_names()):
        for turn in range(PAGES_PER_TEMPLATE):
            place = (number * 3 + turn * 5) % len(texts())
            made.append(_page(template, texts()[place]))
    return made


def pages_of(template: str) -> list[MadePage]:
    """One template with every text, those of one language after each other."""
    ordered = sorted(texts(), key=lambda text: (text.language, text.day))
    return [_page(template, text) for text in ordered]


def held_back(template: str) -> bool:
    """Whether a template is kept from fitting and from looking at its errors."""
    return int(sha1(template.encode()).hexdigest(), 16) % 4 == 0


@cache
def template_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in TEMPLATES.glob("[a-z]*.html")))


@cache
def texts() -> tuple[Text, ...]:
    written = (GOLD / "article-texts.txt").read_text(encoding="utf-8")
    return tuple(_text(part) for part in re.split(r"^=== ", written, flags=re.MULTILINE)[1:])


def _text(part: str) -> Text:
    head, lead, *body = part.strip().split("\n")
    language, day, author, title = head.split(" | ")
    return Text(language, day, author, title, lead, list(_groups(body)))


def _groups(lines: list[str]) -> Iterator[Group]:
    run: Group | None = None
    for line in lines:
        mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
        kind = _MARKS.get(mark, "p")
        value: Any = line[len(mark) :]
        value = [cell.strip() for cell in value.split("|")] if kind == "table" else value
        if run and run[0] == kind and kind in {"ul", "table"}:
            run[1].append(value)
            continue
        if run:
            yield run
        run = (kind, [value])
    if run:
        yield run


def _lines(groups: list[Group]) -> list[str]:
    return [
        " ".join(value) if isinstance(value, list) else value
        for _, values in groups
        for value in values
    ]


def _page(template: str, text: Text) -> MadePage:
    others = [each for each in texts() if each.language == text.language and each is not text]
    others += [each for each in texts() if each.language != text.language]
    words = _words()[text.language] | {"site": "Verbund Beispiel"}
    source = (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")
    html = _environment().get_template(f"{template}.html").render(a=text, w=words, rel=others[:3])
    shown = re.match(r"\{# show=(\d+) #\}", source)
    groups = text.groups[: int(shown[1]) - 1] if shown else text.groups
    return MadePage(
        name=f"{template}-{text.language}-{text.day}",
        template=template,
        html=html,
        title=text.title,
        text="\n\n".join([text.lead, *_lines(groups)]),
        url=f"https://www.verbund.example/{template}/{text.day[:4]}/item.html",
        day=text.day,
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    rows = (GOLD / "article-words.txt").read_text(encoding="utf-8").strip().split("\n")
    languages = rows[0].split("|")[1:]
    table = [row.split("|") for row in rows[1:]]
    return {
        language: {row[0]: row[at + 1] for row in table} for at, language in enumerate(languages)
    }


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
