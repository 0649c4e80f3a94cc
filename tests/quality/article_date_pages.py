"""Heads and bylines of article pages in many forms, each with the day of publication it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from html import escape
from pathlib import Path

from tests.quality.article_pages import texts

GOLD = Path(__file__).parent / "gold"
TODAY = date(2026, 11, 21)
# Days on which the orders of day and month differ or agree, in old years and new.
DAYS = (date(2010, 5, 3), date(2016, 11, 24))
_OFFSETS = {"A": 0, "M": 9, "B": -40, "C": 75, "E": 31}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS_DE = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
_FORMS = {
    "iso": "{y}-{m:02}-{d:02}",
    "us": "{m:02}/{d:02}/{y}",
    "eu": "{d:02}/{m:02}/{y}",
    "dot": "{d:02}.{m:02}.{y}",
    "dot2": "{d:02}.{m:02}.{y2:02}",
    "dash": "{d:02}-{m:02}-{y}",
    "kodot": "{y}.{m:02}.{d:02}",
    "ko": "{y}년 {m}월 {d}일",
    "ja": "{y}年{m}月{d}日",
    "path": "{y}/{m:02}/{d:02}",
    "ym": "{y}/{m:02}",
    "compact": "{y}{m:02}{d:02}",
    "y": "{y}",
    "dayonly": "{d}.",
    "en": "{en} {d}, {y}",
    "gb": "{d} {en} {y}",
    "abbr": "{en:.3}. {d}, {y}",
    "monthday": "{en} {d}",
    "month": "{en}",
    "demonth": "{de}",
    "upper": "{upper}",
    "d": "{d}",
    "d2": "{d:02}",
    "mon3": "{en:.3}",
    "wd3": "{wd:.3}",
    "wd": "{wd}",
    "dewd": "{dewd}",
    "es": "{d} de {es} de {y}",
    "pt": "{d} de {pt} de {y}",
    "de": "{d}. {de} {y}",
    "da": "{d}. {da} {y}",
    "no": "{d}. {no} {y}",
    "cs": "{d}. {cs} {y}",
    "fi": "{d}. {fi} {y}",
}


@dataclass(frozen=True)
class DatedPage:
    """One page; ``day`` is None where it dates no article."""

    name: str
    family: str
    html: str
    url: str
    day: str | None


def dated_pages() -> list[DatedPage]:
    """Every form with each of DAYS."""
    lines = (GOLD / "article-dates.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    return [_page(number, row, day) for number, row in enumerate(rows) for day in DAYS]


def _page(number: int, row: str, day: date) -> DatedPage:
    filled = re.sub(r"\{([ABCEMT]):(\w+)\}", partial(_shown, day), row)
    family, language, address, head, body = (part.strip() for part in filled.split("||"))
    text = next((each for each in texts() if each.language == language), texts()[3])
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.lines[1:5])
    body = body.replace("TITLE", text.title).replace("TEXT", f"<div class='c'>{paragraphs}</div>")
    html = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{text.title}</title>{head.replace('TITLE', text.title)}</head>"
        f'<body><div class="menu"><a href="/">Home</a> <a href="/n">News</a></div>{body}'
        '<div class="bottom"><a href="/i">Imprint</a></div></body></html>'
    )
    return DatedPage(
        f"{family}:{address}:{day}",
        family.lstrip("!"),
        html,
        f"https://www.verbund.example{address}",
        None if family.startswith("!") else day.isoformat(),
    )


@cache
def _months() -> dict[str, str]:
    lines = (GOLD / "article-months.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("|", 1) for line in lines)


def _shown(day: date, match: re.Match[str]) -> str:
    kind, form = match[1], match[2]
    meant = TODAY if kind == "T" else day + timedelta(days=_OFFSETS[kind])
    names = {language: months.split()[meant.month - 1] for language, months in _months().items()}
    pattern = _FORMS.get(form, f"{{d}} {{{form}}} {{y}}")
    return pattern.format(
        y=meant.year,
        y2=meant.year % 100,
        m=meant.month,
        d=meant.day,
        upper=names["en"].upper(),
        wd=_DAYS[meant.weekday()],
        dewd=_DAYS_DE[meant.weekday()],
        **names,
    )
