"""The application over a small installation, asked by Starlette's test client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alerts.web.app import create_app
from alerts.web.security import ADMIN, ADMIN_LASTS, admin_subject
from alerts.web.site import Site
from alerts.wiring import AlertParts, open_alerts
from crawler.config import load

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CONFIGURATION = """
[clusterwatch]
name = "test"
timezone = "Europe/Berlin"
public_url = "{public_url}"
operator = "email:ops@example.org"
database = "{database}"

[email]
smtp = "smtp://127.0.0.1:9"
sender = "Clusterwatch <news@example.org>"

[web]
{web}

[[sources]]
id = "alpha"
name = "Cluster Alpha"
url = "https://alpha.example/news"

[[sources]]
id = "beta"
name = "Beta Netzwerk"
url = "https://beta.example/aktuelles"
"""
ENVIRONMENT = {
    "CLUSTERWATCH_SECRET": "a secret for tests, long enough",
    "CLUSTERWATCH_ADMIN_TOKEN": "an admin token for tests",
}


@dataclass
class Web:
    """An open installation and a browser without scripts."""

    parts: AlertParts
    client: TestClient
    now: datetime = NOW


MakeWeb = Callable[..., Web]


def log_in(web: Web) -> None:
    """The browser is the administrator's from now on."""
    subject = admin_subject(Site(web.parts, lambda: NOW))
    token = web.parts.signer.sign("admin", subject, now=NOW, lasts=ADMIN_LASTS)
    web.client.cookies.set(ADMIN, token)


@pytest.fixture
def make_web(tmp_path: Path) -> Iterator[MakeWeb]:
    """Opens installations: ``make_web(web='archive = "public"')``."""
    opened = []

    def make(
        *,
        web: str = "",
        public_url: str = "https://news.example.org",
        database: str = "sqlite:///clusterwatch.db",
    ) -> Web:
        file = tmp_path / "clusterwatch.toml"
        text = CONFIGURATION.format(web=web, public_url=public_url, database=database)
        file.write_text(text, "utf-8")
        stack = open_alerts(load(file, environment=ENVIRONMENT), sync=True)
        parts = stack.__enter__()
        opened.append(stack)
        made = Web(parts, None)  # type: ignore[arg-type]
        app = create_app(parts, clock=lambda: made.now)
        made.client = TestClient(app, base_url="https://news.example.org")
        return made

    yield make
    for stack in opened:
        stack.__exit__(None, None, None)


@pytest.fixture
def web(make_web: MakeWeb) -> Web:
    return make_web()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, make_web: MakeWeb) -> Iterator[Web]:
    """An installation with a public archive, on each of the databases."""
    if request.param == "sqlite":
        yield make_web(web='archive = "public"')
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield make_web(web='archive = "public"', database=url)
    server.drop_database(url)
