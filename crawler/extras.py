"""The optional extras: the command that adds one to this installation, however it was made.

Clusterwatch is on no package index, so ``pip install 'clusterwatch[dkim]'`` helps nobody: a
checkout installs its own folder, pipx injects packages, any other environment gets the extra's
packages themselves.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

NAME = "clusterwatch"


@dataclass(frozen=True, slots=True)
class Installation:
    """How this program got here."""

    prefix: Path  # of its environment
    python: Path
    checkout: Path | None = None  # the folder it was installed from, where it still lies there
    editable: bool = False
    requirements: tuple[str, ...] = ()  # as its metadata writes them, extras' included
    pip: bool = True  # whether the environment has pip


def how_to_install(extra: str) -> str:
    """The command for a shell that adds the extra to this installation."""
    return command_for(extra, this_installation())


def command_for(extra: str, here: Installation) -> str:
    """The same for any installation (pure but for asking which files lie there)."""
    packages = shlex.join(_packages(extra, here.requirements)) or f"'{NAME}[{extra}]'"
    if (here.prefix / "pipx_metadata.json").is_file():
        return f"pipx inject {here.prefix.name} {packages}"
    pip = f"{_shown(here.python, here.checkout)} -m pip install"
    if not here.pip:
        pip = f"uv pip install --python {_shown(here.python, here.checkout)}"
    if here.checkout is None:
        return f"{pip} {packages}"
    pinned = " -c constraints.txt" if (here.checkout / "constraints.txt").is_file() else ""
    edit = " -e" if here.editable else ""
    folder = shlex.quote(str(here.checkout))
    return f"cd {folder} && {pip}{pinned}{edit} '.[{extra}]'"


def this_installation() -> Installation:
    """How the running program got here."""
    try:
        found: Distribution | None = distribution(NAME)
    except PackageNotFoundError:
        found = None
    checkout, editable = _checkout(found)
    return Installation(
        prefix=Path(sys.prefix),
        python=Path(sys.executable),
        checkout=checkout,
        editable=editable,
        requirements=tuple((found.requires if found else None) or ()),
        pip=find_spec("pip") is not None,
    )


def _checkout(found: Distribution | None) -> tuple[Path | None, bool]:
    """(the folder with our pyproject.toml, whether it is used where it lies)."""
    beside = Path(__file__).resolve().parents[1]
    if (beside / "pyproject.toml").is_file():
        return beside, True
    told = json.loads((found.read_text("direct_url.json") if found else None) or "{}")
    address = urlsplit(str(told.get("url", "")))
    folder = Path(url2pathname(address.path))
    lies_there = "dir_info" in told and (folder / "pyproject.toml").is_file()
    return (folder, False) if lies_there else (None, False)


def _packages(extra: str, requirements: Sequence[str]) -> list[str]:
    """What the extra asks for, without the markers: ["dkimpy<2,>=1.1"]."""
    pairs = [one.partition(";") for one in requirements]
    return [
        name.strip()
        for name, _, marker in pairs
        if f'extra == "{extra}"' in marker.replace("'", '"')
    ]


def _shown(python: Path, checkout: Path | None) -> str:
    """The interpreter, as short as it can be called from the checkout's folder."""
    if checkout is not None and python.is_relative_to(checkout):
        python = python.relative_to(checkout)
    return shlex.quote(str(python))
