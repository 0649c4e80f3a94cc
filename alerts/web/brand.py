"""The installation's own looks: its accent colour as a style sheet, its logo as a file."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from alerts.web.site import site_of

PUBLIC = {"Cache-Control": "public, max-age=3600"}
_PICTURES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg",
             ".jpeg": "image/jpeg", ".webp": "image/webp"}  # fmt: skip

# The papers of site.css that links stand on, the nearest to ink of each kind.
LIGHT, DARK = "#f4f6f8", "#1d2126"


def routes() -> list[Route]:
    """``/brand.css`` and ``/logo``."""
    return [Route("/brand.css", style), Route("/logo", logo)]


def style(request: Request) -> Response:
    """The accent colour, checked by the configuration: # and six digits."""
    accent = site_of(request).settings.web.accent
    sheet = sheet_of(accent) if accent else ""
    return Response(sheet, media_type="text/css", headers=PUBLIC)


def sheet_of(accent: str) -> str:
    """The accent's variables, shifted no more than reading asks for.

    Links stand out by 4.5:1 (WCAG 2.2, 1.4.3) on the papers of ``site.css``: darkened on the
    light ones, lightened on the dark ones. Buttons keep the accent, since their words tell them
    apart, but none sinks into the dark.
    """
    link, bright = _shifted(accent, LIGHT, "#000000", 4.6), _shifted(accent, DARK, "#ffffff", 4.6)
    light, dark = _variables(accent, link), _variables(_shifted(accent, DARK, "#ffffff", 3), bright)
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def logo(request: Request) -> Response:
    """The logo's file; SVG comes with a policy of its own, so that no script in it runs."""
    settings = site_of(request).settings
    file: Path = settings.folder / settings.web.logo
    kind = _PICTURES.get(file.suffix.lower())
    if not settings.web.logo or kind is None or not file.is_file():
        raise HTTPException(404)
    headers = {
        **PUBLIC,
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return FileResponse(file, media_type=kind, headers=headers)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _variables(accent: str, link: str) -> str:
    return f"--accent: {accent}; --on-accent: {_on(accent)}; --link: {link};"


def _shifted(colour: str, paper: str, away: str, ratio: float) -> str:
    """The colour nearest to ``colour`` on the way to ``away`` that reaches ``ratio`` on paper."""
    steps = (_mixed(colour, away, part / 20) for part in range(21))
    return next(one for one in steps if contrast(one, paper) >= ratio)


def _mixed(one: str, other: str, part: float) -> str:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _on(accent: str) -> str:
    """Black or white, whichever stands out more on ``accent``."""
    return max("#ffffff", "#000000", key=lambda one: contrast(one, accent))


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
