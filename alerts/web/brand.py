"""The installation's own looks: its accent colour as a style sheet, its logo as a file."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from alerts.web.site import site_of

_PUBLIC = {"Cache-Control": "public, max-age=3600"}
_PICTURES = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg",
             ".jpeg": "image/jpeg", ".webp": "image/webp"}  # fmt: skip


def routes() -> list[Route]:
    """``/brand.css`` and ``/logo``."""
    return [Route("/brand.css", style), Route("/logo", logo)]


def style(request: Request) -> Response:
    """The accent colour, checked by the configuration: # and six digits."""
    accent = site_of(request).settings.web.accent
    sheet = f":root {{ --accent: {accent}; --on-accent: {_on(accent)}; }}\n" if accent else ""
    return Response(sheet, media_type="text/css", headers=_PUBLIC)


def logo(request: Request) -> Response:
    """The logo's file; SVG comes with a policy of its own, so that no script in it runs."""
    settings = site_of(request).settings
    file: Path = settings.folder / settings.web.logo
    kind = _PICTURES.get(file.suffix.lower())
    if not settings.web.logo or kind is None or not file.is_file():
        raise HTTPException(404)
    headers = {
        **_PUBLIC,
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return FileResponse(file, media_type=kind, headers=headers)


def _on(accent: str) -> str:
    """Black or white, whichever stands out more on ``accent`` (WCAG 2.2 relative luminance)."""
    light = 1.05 / (_luminance(accent) + 0.05)
    dark = (_luminance(accent) + 0.05) / 0.05
    return "#ffffff" if light >= dark else "#000000"


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
