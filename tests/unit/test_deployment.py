"""The files to deploy with: hardened, without capabilities, and naming commands that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from crawler.__main__ import application
from crawler.cli.reference import reference

DEPLOY = Path(__file__).parents[2] / "docs/deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
MOST_EXPOSED = 2.0  # of ten, as systemd-analyze counts


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.stem))
def test_a_unit_is_hardly_exposed(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (Debian: apt install systemd)")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"exposure level for \S+: ([\d.]+)", said.stdout)
    assert found, said.stdout + said.stderr
    assert float(found[1]) <= MOST_EXPOSED


def commands() -> set[str]:
    return set(re.findall(r"^## `clusterwatch (\w+)", reference(application()), re.M))


def test_units_start_commands_that_exist() -> None:
    for unit in UNITS:
        found = re.search(r"^ExecStart=\S+/clusterwatch (\w+)", unit.read_text("utf-8"), re.M)
        assert found, unit
        assert found[1] in commands()


def test_a_unit_comes_back_however_long_the_database_is_away() -> None:
    """systemd gives up on what fails five times within ten seconds, as it does by itself."""
    for unit in UNITS:
        pause = re.search(r"^RestartSec=(\d+)", unit.read_text("utf-8"), re.M)
        assert pause, unit
        assert 5 * int(pause[1]) > 10


def test_containers_without_pages_are_not_asked_for_them() -> None:
    """The image's own health check asks the pages."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert services["setup"]["healthcheck"] == {"disable": True}
    listen = services["worker"]["command"][-1]
    assert f"127.0.0.1:{listen.rpartition(':')[2]}/" in str(services["worker"]["healthcheck"])


def test_containers_have_no_rights_and_start_commands_that_exist() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    own = {name: one for name, one in services.items() if name != "db"}
    for one in own.values():
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
    for name in ("run", "worker"):
        assert own[name]["command"][1] in commands()


def test_the_image_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    assert "USER 10001" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
