"""What is published is whole: wheel and sdist, installed in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="what belongs to the packages is known in a checkout alone"
)
PACKAGES = ("crawler/", "spiders/", "alerts/", "seeds/", "scheduler.py")


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, check=False, text=True, capture_output=True,
        env=_outside() | environment, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _outside() -> dict[str, str]:
    """The environment without what leads back to the checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def files(*which: str) -> list[str]:
    return run("git", "ls-files", *which).splitlines()


def of_the_packages() -> set[str]:
    return {one for one in files() if one.startswith(PACKAGES)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was made of it."""
    place = tmp_path_factory.mktemp("dist")
    source = place / "source"
    run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(source))
    for name in files("--modified", "--others", "--exclude-standard"):  # not committed yet
        if (ROOT / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    run(sys.executable, "-m", "build", "--outdir", str(place), str(source))
    return place


def test_every_file_of_the_packages_is_in_both(built: Path) -> None:
    wheel = set(zipfile.ZipFile(next(built.glob("*.whl"))).namelist())
    assert of_the_packages() - wheel == set()
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert of_the_packages() - names == set()


def test_the_wheel_works_without_the_checkout(built: Path, tmp_path: Path) -> None:
    """The libraries are those of this environment; the program is the wheel's alone."""
    venv, home = tmp_path / "venv", tmp_path / "home"
    home.mkdir()
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    pip = (sys.executable, "-m", "pip", "--python", str(venv / "bin/python"), "install", "--quiet")
    run(*pip, "--no-deps", "--no-index", str(next(built.glob("*.whl"))))
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_paths()["purelib"], "utf-8")
    command = venv / "bin/clusterwatch"
    where = run(venv / "bin/python", "-c", "import crawler; print(crawler.__file__)", cwd=home)
    assert where.startswith(str(site))
    assert run(command, "--version", cwd=home).strip()
    run(command, "init", cwd=home)
    assert (home / "clusterwatch.toml").exists()
    assert '"ai"' in run(command, "topics", "list", "--json", cwd=home)
    found = run(command, "topics", "test", "A neural network reads images", "--json", cwd=home)
    assert '"topic": "ai"' in found
    run(command, "db", "upgrade", cwd=home)
    run(command, "demo", "--help", cwd=home)
