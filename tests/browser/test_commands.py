"""``sources add --render browser`` from the command line, and what is said without it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.browser.scripted import serve_scripted
from tests.integration.fetch.pages import some
from tests.integration.fetch.server import Server

pytestmark = pytest.mark.usefixtures("chromium")
CONFIGURATION = (
    '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndelay_per_host = "0s"\n'
    'contact = "mailto:ops@example.org"\n'
)


async def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """(exit code, what it printed, what it said beside)."""
    command = [sys.executable, "-m", "crawler", *arguments]
    config = ["--config", str(folder / "clusterwatch.toml")]
    process = await asyncio.create_subprocess_exec(
        *command, *config, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, beside = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), beside.decode()


async def test_a_scripted_page_is_added_as_the_refusal_says(tmp_path: Path, server: Server) -> None:
    (tmp_path / "clusterwatch.toml").write_text(CONFIGURATION, "utf-8")
    serve_scripted(server, some(server.url(), 5))
    url = server.url("/news")
    code, _, beside = await run(tmp_path, "sources", "add", url)
    assert code == 2
    assert f"clusterwatch sources add {url} --render browser" in beside
    code, out, beside = await run(
        tmp_path, "sources", "add", url, "--id", "js", "--render", "browser", "--json"
    )
    [source] = json.loads(out)
    assert (code, source["kind"], source["render"]) == (0, "listing", "browser"), beside
    code, out, _ = await run(tmp_path, "sources", "set", "js", "--render", "no", "--json")
    assert (code, json.loads(out)[0]["render"]) == (0, None)
