"""The command that adds an optional extra works for the way Clusterwatch was installed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from crawler.extras import Installation, command_for, how_to_install

REQUIRED = (
    "aiohttp<4,>=3.14",
    'dkimpy<2,>=1.1; extra == "dkim"',
    'psycopg[binary]<4,>=3.3; extra == "postgresql"',
    'dkimpy<2,>=1.1; extra == "test"',
)


def installed(folder: Path) -> Installation:
    return Installation(folder, folder / "bin/python", requirements=REQUIRED)


def test_a_checkout_installs_its_own_folder_with_the_pinned_versions(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").touch()
    here = replace(installed(tmp_path / ".venv"), checkout=tmp_path)
    assert command_for("dkim", here) == (
        f"cd {tmp_path} && .venv/bin/python -m pip install -c constraints.txt '.[dkim]'"
    )
    assert command_for("dkim", replace(here, editable=True)).endswith(
        "constraints.txt -e '.[dkim]'"
    )


def test_pipx_injects_the_packages_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "clusterwatch"
    folder.mkdir()
    (folder / "pipx_metadata.json").touch()
    assert command_for("dkim", installed(folder)) == "pipx inject clusterwatch 'dkimpy<2,>=1.1'"


def test_a_wheel_in_an_environment_of_its_own_gets_the_packages_by_that_environment_s_pip(
    tmp_path: Path,
) -> None:
    assert command_for("postgresql", installed(tmp_path)) == (
        f"{tmp_path}/bin/python -m pip install 'psycopg[binary]<4,>=3.3'"
    )


def test_an_environment_without_pip_is_told_of_uv(tmp_path: Path) -> None:
    here = replace(installed(tmp_path), pip=False)
    assert command_for("dkim", here) == (
        f"uv pip install --python {tmp_path}/bin/python 'dkimpy<2,>=1.1'"
    )


def test_the_command_for_this_very_installation_is_one_that_pip_understands() -> None:
    command = how_to_install("dkim").replace("pip install", "pip install --help", 1)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, "Usage:" in done.stdout) == (0, True), done.stderr
    assert str(Path(sys.prefix).name) in command
