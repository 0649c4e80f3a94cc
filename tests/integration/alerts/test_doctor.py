"""The doctor finds broken set-ups and names the remedy."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.doctor import Finding, examine
from crawler.config import load

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
MAIL = '[[subscriptions]]\nid = "s"\nto = "email:a@b.org"\n'
SOURCE = '[[sources]]\nid = "a"\nurl = "https://www.example.org/news"\n'


def findings(folder: Path, text: str, environment: dict[str, str] | None = None) -> list[Finding]:
    file = folder / "clusterwatch.toml"
    file.write_text(text, "utf-8")
    return examine(load(file, environment=environment or {}), NOW)


def problem(found: list[Finding], check: str) -> Finding:
    return next(one for one in found if one.check == check and not one.ok)


def test_a_sound_installation_has_no_serious_finding(tmp_path: Path) -> None:
    text = SOURCE + '[[subscriptions]]\nid = "s"\nto = "file:digests/"\n'
    assert all(one.ok or not one.serious for one in findings(tmp_path, text))


def test_a_source_that_needs_a_browser_has_one_or_is_told_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTERWATCH_CHROMIUM", "/nowhere")
    assert not [one for one in findings(tmp_path, SOURCE) if one.check == "browser"]
    found = problem(findings(tmp_path, SOURCE + 'render = "browser"\n'), "browser")
    assert "apt install chromium" in found.remedy or "pip install" in found.remedy


@pytest.mark.parametrize(
    ("text", "check", "remedy"),
    [
        ("", "sources", "sources add"),
        (SOURCE, "contact", "[crawl] contact"),
        (SOURCE, "subscriptions", "subscriptions add"),
        (SOURCE + "[crawl]\nobey_robots = false\n", "robots", "obey_robots = true"),
        (SOURCE + '[[subscriptions]]\nid = "s"\nto = "slack:#x"\n', "slack", "SLACK_BOT_TOKEN"),
        (SOURCE + MAIL, "email", "[email] smtp"),
        (
            SOURCE + MAIL,
            "public_url",
            "public_url",
        ),
        (
            SOURCE + MAIL,
            "secret",
            "CLUSTERWATCH_SECRET",
        ),
        (SOURCE + '[[subscriptions]]\nid = "s"\nto = "file:d/"\n', "operator", "operator"),
        (
            SOURCE + '[email]\nsmtp = "smtp://127.0.0.1:9"\nsender = "C <c@b.org>"\n'
            '[[subscriptions]]\nid = "s"\nto = "email:a@b.org"\n',
            "email",
            "[email]",
        ),
        (
            '[clusterwatch]\noperator = "email:a@b.org"\n' + SOURCE,
            "operator",
            "a@b.org, slack:#ops",
        ),
        ('[clusterwatch]\noperator = "slack:#o, email:a@b.org"\n' + SOURCE, "slack", "SLACK_BOT"),
        (SOURCE + MAIL, "mailbox", "[mailbox] imap"),
        (SOURCE + '[mailbox]\nimap = "imap://127.0.0.1:9"\nuser = "u"\n', "mailbox", "imap"),
        (SOURCE + '[email]\ndkim_key_file = "none.pem"\n', "dkim", "dkim_selector"),
        (
            SOURCE + '[email]\nsender = "C <c@b.org>"\ndkim_selector = "news"\n'
            'dkim_key_file = "none.pem"\n',
            "dkim",
            "cannot be read",
        ),
        (
            SOURCE + '[[subscriptions]]\nid = "s"\nto = "webhook:https://b.org/x"\n',
            "webhook",
            "CLUSTERWATCH_WEBHOOK_SECRET",
        ),
    ],
)
def test_each_problem_names_its_remedy(tmp_path: Path, text: str, check: str, remedy: str) -> None:
    found = problem(findings(tmp_path, text), check)
    assert remedy in f"{found.message} {found.remedy}"


def test_two_ways_to_the_operator_are_enough(tmp_path: Path) -> None:
    found = findings(tmp_path, '[clusterwatch]\noperator = "slack:#o, email:a@b.org"\n' + SOURCE)
    assert [one.ok for one in found if one.check == "operator"] == [True]


def test_a_key_that_signs_says_how_to_look_at_dns(tmp_path: Path) -> None:
    key = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    key.chmod(0o644)
    text = (
        SOURCE + '[email]\nsender = "C <c@b.org>"\ndkim_selector = "news"\n'
        'dkim_key_file = "dkim.pem"\n'
    )
    found = findings(tmp_path, text)
    [said] = [one for one in found if one.check == "dkim"]
    assert said.ok
    assert "dig +short TXT news._domainkey.b.org" in said.message
    assert "dkim.pem" in problem(found, "secrets").remedy


def test_secrets_that_others_can_read_are_found(tmp_path: Path) -> None:
    env = tmp_path / "clusterwatch.env"
    env.write_text("CLUSTERWATCH_SECRET=" + "s" * 32, "utf-8")
    env.chmod(0o644)
    assert "chmod 600" in problem(findings(tmp_path, SOURCE), "secrets").remedy
    env.chmod(0o600)
    assert not any(one.check == "secrets" and not one.ok for one in findings(tmp_path, SOURCE))


def test_a_database_that_everybody_can_read_is_found(tmp_path: Path) -> None:
    findings(tmp_path, SOURCE)
    file = tmp_path / "clusterwatch.db"
    assert file.stat().st_mode & 0o777 == 0o600  # as it was made
    file.chmod(0o644)
    found = problem(findings(tmp_path, SOURCE), "secrets")
    assert found.remedy == f"chmod o-rwx {file}*"
    subprocess.run(found.remedy, shell=True, check=True)
    assert not any(one.check == "secrets" and not one.ok for one in findings(tmp_path, SOURCE))


def test_a_clock_before_this_program_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text(SOURCE, "utf-8")
    found = examine(load(file, environment={}), datetime(1970, 1, 2, tzinfo=UTC))
    assert "timedatectl" in problem(found, "clock").remedy


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "place").write_text("a file where a folder is needed", "utf-8")
    text = SOURCE + '[clusterwatch]\ndatabase = "sqlite:///place/clusterwatch.db"\n'
    found = problem(findings(tmp_path, text), "database")
    assert found.remedy


def test_rows_that_disagree_are_mended_on_request_and_a_copy_is_kept(tmp_path: Path) -> None:
    findings(tmp_path, SOURCE)
    settings = load(tmp_path / "clusterwatch.toml", environment={})
    assert [one.ok for one in examine(settings, NOW, deep=True) if one.check == "rows"] == [True]
    with closing(sqlite3.connect(tmp_path / "clusterwatch.db")) as database:
        database.execute("UPDATE sources SET next_due = '2046-01-01 00:00:00.000000'")
        database.commit()
    assert not [one for one in examine(settings, NOW) if one.check == "polls"]
    assert "--repair" in problem(examine(settings, NOW, deep=True), "polls").remedy
    [mended] = [one for one in examine(settings, NOW, repair=True) if one.check == "polls"]
    assert mended.ok
    assert ".bak" in mended.message
    assert len(list(tmp_path.glob("clusterwatch.db.repair.*.bak"))) == 1
    assert "polls" not in {one.check for one in examine(settings, NOW, deep=True)}


def test_paused_sources_a_missing_logo_and_a_broken_key_hide_nothing(tmp_path: Path) -> None:
    text = (
        SOURCE + 'enabled = false\n[web]\nlogo = "no.svg"\n[email]\nsmtp = "smtp://127.0.0.1:9"\n'
        'sender = "N <n@b.org>"\ndkim_key_file = "none.pem"\n' + MAIL
    )
    found = findings(tmp_path, text)
    assert problem(found, "sources").message.startswith("Nothing is watched: ")
    assert "no.svg" in problem(found, "logo").message
    assert [one.check for one in found].count("dkim") == 1
    assert "email" in [one.check for one in found]


def test_an_unknown_topic_is_the_files_fault_and_hides_nothing_else(tmp_path: Path) -> None:
    text = SOURCE + '[[subscriptions]]\nid = "t"\nto = "slack:#x"\ntopics = ["quantum"]\n'
    found = findings(tmp_path, text)
    wrong = problem(found, "configuration")
    assert found[0] is wrong
    assert 'there is no "quantum"' in wrong.message
    assert "Write one of these" in wrong.remedy
    assert not [one for one in found if one.check == "configuration" and one.ok]
    checks = {one.check for one in found}
    assert {"database", "sources", "operator"} <= checks
    assert "subscriptions" not in checks
    assert not [one for one in found if one.check == "database" and not one.ok]
