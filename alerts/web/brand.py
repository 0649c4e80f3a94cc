"""The installation's own looks: its accent colour as a style sheet, its logo as a file."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from alerts.digests.colours import on, shifted
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
    link, bright = shifted(accent, LIGHT, "#000000", 4.6), shifted(accent, DARK, "#ffffff", 4.6)
    light, dark = _variables(accent, link), _variables(shifted(accent, DARK, "#ffffff", 3), bright)
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


def _variables(accent: str, link: str) -> str:
    return f"--accent: {accent}; --on-accent: {on(accent)}; --link: {link};"
