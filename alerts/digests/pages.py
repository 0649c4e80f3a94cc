"""How a template becomes a page or a text: Jinja2, and the CSS written into the elements.

The style sheet is inlined because mail programs drop it; what must stay a rule (dark mode)
stays in the head.
"""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from alerts.digests.colours import on, shifted

if TYPE_CHECKING:
    from jinja2 import Environment

_GLUE = "\x1f"  # a space at which no line ends
# "€ 12", "12 000 euros", "1.5 million euros", "»12 Mio. Euro", "KRW 3–4 billion": a currency (its
# sign, code or short name), up to four groups of digits, a word of size and the unit.
_CURRENCY = r"(?:[A-Z]{0,3}[€$£¥₩₹]|(?-i:[A-Z]{3})|kr\.?|fr\.?)"
_NUMBER = r"\d[\d.,–-]*(?: \d{3}\b){0,3}"
_SIZE = r"(?:thousand|tausend|tusind|mill?i(?:on|ard)\w*|billion\w*|m(?:io|ia|rd|ld|ln)\.?)"
_AMOUNT = re.compile(
    rf"(?<![^\s(\[„“”\"‚‘’'«»‹›])(?:{_CURRENCY} )?{_NUMBER}(?: {_SIZE})?"
    r"(?: (?:[€$£¥₩₹%]|[^\W\d_]))?",
    re.IGNORECASE,
)
_TEXT_COLUMNS = 72
LIGHT, DARK = "#ffffff", "#16191d"  # the papers of inline.css and dark.css


def page(template: str, **values: object) -> str:
    """The HTML page ``template`` (below ``alerts/templates``) with its CSS inlined.

    ``values`` hold at least ``language`` and ``title``; ``accent`` ("#7a1fa2") colours links and
    buttons.
    """
    import css_inline

    accent, accent_dark = _accented(str(values.get("accent", "")))

    html = (
        _environment()
        .get_template(template)
        .render(
            inline_css=_style("inline.css") + accent,
            dark_css=_style("dark.css") + accent_dark,
            **values,
        )
    )
    return css_inline.inline(html, load_remote_stylesheets=False)


def text(template: str, **values: object) -> str:
    """The plain text ``template``, its blank lines folded, ended by a line break."""
    rendered = (
        _environment()
        .get_template(template)
        .render(wrapped=wrapped, underlined=underlined, **values)
    )
    lines = [line.rstrip() if line != "-- " else line for line in rendered.splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip() + "\n"


def wrapped(line: str) -> str:
    """``line`` broken at 72 columns between words; addresses stay whole, numbers stay with what
    they count."""
    glued = _AMOUNT.sub(lambda found: found[0].replace(" ", _GLUE), line.replace(_GLUE, " "))
    broken = textwrap.fill(glued, _TEXT_COLUMNS, break_long_words=False, break_on_hyphens=False)
    return broken.replace(_GLUE, " ")


def underlined(heading: str) -> str:
    """``heading`` as plain text shows one: with a rule below."""
    return f"{heading}\n{'-' * min(len(heading), _TEXT_COLUMNS)}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=PackageLoader("alerts", "templates"),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=4)
def _accented(accent: str) -> tuple[str, str]:
    """The accent's rules for light and for dark mode, moved no more than reading asks for; as on
    the pages, buttons keep it. Empty for what is no colour."""
    from markupsafe import Markup

    if not re.fullmatch("#[0-9a-fA-F]{6}", accent):
        return "", ""
    link, bright = shifted(accent, LIGHT, "#000000", 4.6), shifted(accent, DARK, "#ffffff", 4.6)
    button = shifted(accent, DARK, "#ffffff", 3)
    light = (
        f"a, h3 a, li a {{ color: {link}; }}\n"
        f".button {{ background: {accent}; color: {on(accent)}; }}\n"
    )
    dark = (
        "@media (prefers-color-scheme: dark) {\n"
        f"a, h3 a, li a {{ color: {bright} !important; }}\n"
        f".button {{ background: {button} !important; color: {on(button)} !important; }}\n}}\n"
    )
    return Markup(light), Markup(dark)  # noqa: S704  colours alone


@lru_cache(maxsize=4)
def _style(name: str) -> str:
    from markupsafe import Markup

    sheet = (files("alerts") / "templates" / "shared" / name).read_text("utf-8")
    return Markup(sheet)  # noqa: S704  our own file
