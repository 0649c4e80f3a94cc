"""Secrets planted wherever one can stand: no command, log, error, copy or page shows one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alerts.web.app import _routes, create_app
from alerts.wiring import open_alerts
from crawler.config import load
from tests.integration.alerts.calls import ABOUT_AI, publish
from tests.integration.commands import Command
from tests.integration.web.conftest import Web, log_in
from tests.integration.web.test_scanner import addresses

MARK = "PLANTED"  # begins every secret
ENVIRONMENT = {
    "SLACK_BOT_TOKEN": "xoxb-PLANTED-bot",
    "SLACK_SIGNING_SECRET": "PLANTED-signing",
    "SLACK_APP_TOKEN": "xapp-PLANTED-app",
    "SLACK_WEBHOOK_URL": "https://127.0.0.1:9/services/PLANTED-hook",
    "CLUSTERWATCH_WEBHOOK_SECRET": "whsec_UExBTlRFRCBhbmQgbG9uZyBlbm91Z2g=",
    "CLUSTERWATCH_APPRISE_OPS": "json://u:PLANTEDapprise@127.0.0.1:9/",
    "CLUSTERWATCH_SMTP_PASSWORD": "PLANTED-smtp",
    "CLUSTERWATCH_IMAP_PASSWORD": "PLANTED-imap",
    "CLUSTERWATCH_SECRET": "PLANTED-secret, and long enough for links",
    "CLUSTERWATCH_ADMIN_TOKEN": "PLANTED-admin, and long enough",
    "HTTPS_PROXY": "http://u:PLANTEDproxy@127.0.0.1:9",
}
SHOWN = re.compile(f"{MARK}|UExBTlRFRC")
CONFIGURATION = """
[clusterwatch]
name = "main"
operator = "apprise:OPS, email:ops@example.org"
public_url = "https://news.example.org"
[crawl]
allow_networks = ["127.0.0.0/8"]
[slack]
base_url = "http://127.0.0.1:9/api/"
[email]
smtp = "smtp://127.0.0.1:9"
user = "u"
sender = "News <news@example.org>"
[mailbox]
imap = "imap://127.0.0.1:9"
user = "u"
[[sources]]
id = "a"
url = "https://a.example.org/news"
headers_file = "headers.txt"
[[sources]]
id = "near"
url = "http://127.0.0.1:1024/news"
headers_file = "headers.txt"
"""
TO = ("slack:#news", "email:reader@example.org", "webhook:https://127.0.0.1:9/in", "apprise:OPS",
      "file:digests/")  # fmt: skip
COMMANDS = (
    "sources list --json", "sources show a --json", "sources check -v", "crawl -vv", "crawl --json",
    "sources export", "items list --json", "topics list", "digest send --now -vv",
    "digest send --now --json", "subscriptions list --json", "subscriptions test s0 -vv",
    "subscriptions test s1 -vv", "subscriptions test s3 -vv", "digest preview s0 --as slack",
    "digest preview s1 --as eml", "digest preview s1 --as html", "subscribers list --json",
    "subscribers export reader@example.org", "bounces -vv", "status --json", "status",
    "doctor --deep -vv", "doctor --json", "backup copy.db", "backup other.db --json",
    "restore copy.db --json", "doctor --repair",
    "detect https://a.example.org/ -vv", "explain https://a.example.org/x --live -vv",
    "serve --config nothing.toml", "init elsewhere", "--help",
)  # fmt: skip
HELD = ("clusterwatch.env", "headers.txt")  # where they are meant to stand


@pytest.fixture
def planted(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of which every secret is planted and every way leads to a closed port."""
    text = CONFIGURATION + "".join(
        f'[[subscriptions]]\nid = "s{number}"\nto = "{to}"\ntopics = ["*"]\n'
        for number, to in enumerate(TO)
    )
    (home / "clusterwatch.toml").write_text(text, "utf-8")
    lines = [f"{name}={value}\n" for name, value in ENVIRONMENT.items()]
    (home / "clusterwatch.env").write_text("".join(lines), "utf-8")
    (home / "headers.txt").write_text(
        "Authorization: Bearer PLANTED-header\nCookie: s=PLANTED-cookie\n", "utf-8"
    )
    for name in HELD:
        (home / name).chmod(0o644)  # the doctor names them
    return home


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise's
def test_no_command_log_or_copy_shows_one(command: Command, planted: Path) -> None:
    command("db", "sync")
    publish(planted, "1", "2", text=ABOUT_AI)
    codes = {}
    for line in COMMANDS:
        answer = command(*line.split())
        codes[line] = answer.code
        told = answer.out + answer.err
        assert not SHOWN.search(told), (line, told)
        assert "Traceback" not in told, line
    assert codes["digest send --now --json"] == 1  # every way was tried, and failed
    assert codes["backup copy.db"] == 0
    for file in planted.rglob("*"):
        if file.is_file() and file.name not in HELD:
            assert not SHOWN.search(file.read_bytes().decode("latin-1")), file


def test_no_page_shows_one(planted: Path, command: Command) -> None:
    command("db", "sync")
    publish(planted, "1", text=ABOUT_AI)
    command("digest", "send", "--now")
    with open_alerts(load(planted / "clusterwatch.toml", environment={}), sync=True) as parts:
        web = Web(parts, TestClient(create_app(parts), base_url="https://news.example.org"))
        log_in(web)
        token = {"Authorization": f"Bearer {ENVIRONMENT['CLUSTERWATCH_ADMIN_TOKEN']}"}
        pages = sorted({path for path, methods in addresses(_routes()) if "GET" in methods})
        for path in (*pages, "/admin/sources/a", "/admin/topics/ai", "/nothing"):
            for headers in ({}, token):
                answer = web.client.get(path, headers=headers)
                assert answer.status_code < 500, path
                assert not SHOWN.search(answer.text + str(answer.headers)), path


@pytest.mark.parametrize("line", ["status", "doctor", "crawl -vv", "db upgrade", "backup x.db"])
def test_the_password_of_a_database_that_is_away_is_not_shown(
    command: Command, home: Path, line: str
) -> None:
    url = "postgresql://u:PLANTEDpassword@127.0.0.1:9/news?password=PLANTEDtoo"
    (home / "clusterwatch.toml").write_text(f'[clusterwatch]\ndatabase = "{url}"\n', "utf-8")
    answer = command(*line.split())
    assert answer.code in (1, 2)
    assert not SHOWN.search(answer.out + answer.err)
    assert "Traceback" not in answer.err
