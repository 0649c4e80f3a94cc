"""The alerts' commands, a file per group."""

from __future__ import annotations

from importlib import import_module

import typer

_MODULES = (
    "demo",
    "operations",
    "worker",
    "explain",
    "subscriptions",
    "subscribers",
    "digest",
    "bounces",
)


def register(app: typer.Typer) -> None:
    """Add every command of the alerts to the application."""
    for name in _MODULES:
        import_module(f"alerts.cli.{name}").register(app)
