"""Where Chromium is, and what is missing for ``render = "browser"``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from crawler.commands import in_shell
from crawler.errors import ConfigError
from crawler.extras import how_to_install

VARIABLE = "CLUSTERWATCH_CHROMIUM"  # path of the browser, where it is not found by name
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "XDG_RUNTIME_DIR")


@dataclass(frozen=True, slots=True)
class Chromium:
    """An installed browser, and how it is started."""

    path: str
    sandbox: bool  # Chromium refuses its own sandbox to root


def find_chromium(environment: Mapping[str, str] = os.environ) -> Chromium:
    """The browser to render with. Raises ConfigError that names what is missing."""
    if find_spec("playwright") is None:
        raise ConfigError(
            'render = "browser" needs the extra "browser".',
            remedy=f"Install it: {how_to_install('browser')}",
        )
    named = environment.get(VARIABLE, "")
    path = shutil.which(named) if named else _by_name()
    if path is None:
        what = f"{VARIABLE} names {named}, which is no program" if named else "there is no Chromium"
        raise ConfigError(
            f'render = "browser" needs Chromium: {what}.',
            remedy=f"Install it (Debian: apt install chromium) or set {VARIABLE} to its path.",
        )
    return Chromium(path, sandbox=not runs_as_root())


def browser_remedy(source: str, url: str) -> str:
    """What to do about a page that is empty without its scripts; "" for an unnamed source."""
    if source:
        return (
            f"Run its scripts: clusterwatch sources set {source} --render browser "
            '(in the configuration file: render = "browser").'
        )
    return f"Run its scripts: clusterwatch sources add {in_shell(url)} --render browser"


def runs_as_root() -> bool:
    """Whether this process may do everything, and a browser without a sandbox as well."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def browser_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What of the environment the browser sees: none of our tokens and passwords."""
    return {name: environment[name] for name in _PASSED_ON if name in environment}


def _by_name() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)
