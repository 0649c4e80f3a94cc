"""What the command line loads before it knows what is asked for."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("asyncio", "pydantic", "scrapy", "sqlalchemy", "rich", "aiohttp", "trafilatura", "jinja2")


def test_help_loads_nothing_that_only_commands_need() -> None:
    program = (
        "import sys; from crawler.__main__ import application\n"
        "application()(args=['--help'], standalone_mode=False)\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert "Usage:" in done.stdout
    assert done.stderr.split() == []
