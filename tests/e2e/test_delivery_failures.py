"""A dead token, a refused login, a channel that is not set up: one clear line, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from alerts.demo.mail_sink import MailSink
from alerts.demo.sites import ReplaySites
from alerts.demo.slack_double import SlackDouble
from tests.e2e.loops import loop_thread
from tests.e2e.shell import Result, Shell, installation


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    double = SlackDouble()
    with loop_thread() as run:
        run(double.__aenter__())
        try:
            yield double
        finally:
            run(double.__aexit__(None, None, None))


def subscriptions(*recipients: str) -> str:
    return "".join(
        f'[[subscriptions]]\nid = "s{number}"\nto = "{to}"\ntopics = ["*"]\nsince = "1d"\n'
        for number, to in enumerate(recipients)
    )


def sent_now(shell: Shell, secrets: str = "") -> Result:
    env = shell.folder / "clusterwatch.env"
    env.write_text("CLUSTERWATCH_SECRET=" + "s" * 32 + "\n" + secrets, "utf-8")
    env.chmod(0o600)
    return shell.run("digest", "send", "--now", "--json")


def test_a_dead_slack_token_stops_that_delivery_alone(
    shell: Shell, sites: ReplaySites, slack: SlackDouble
) -> None:
    extra = f'[slack]\nbase_url = "{slack.base_url}"\n'
    extra += subscriptions("slack:#cluster-news", "file:digests/")
    shell.write(installation(sites, "ag-schie", extra=extra))
    assert shell.run("crawl").code == 0
    done = sent_now(shell, "SLACK_BOT_TOKEN=xoxb-revoked-0000\n")
    assert done.code == 1
    assert "invalid_auth" in done.err or "token" in done.err
    assert "xoxb-revoked-0000" not in done.out + done.err
    assert len(list((shell.folder / "digests").glob("*.html"))) == 1
    assert slack.posts == ()
    # Mended: what was not delivered goes out, what was delivered does not come again.
    doctor = shell.run("doctor", "--json")
    assert doctor.code == 1
    assert any(one["check"] == "slack" and not one["ok"] for one in doctor.json()["checks"])


def test_a_refused_smtp_login_stops_that_delivery_alone(shell: Shell, sites: ReplaySites) -> None:
    with MailSink(user="news@example.org", password="right", require_login=True) as sink:
        extra = (
            f'[email]\nsmtp = "{sink.url}"\nuser = "news@example.org"\n'
            'sender = "Clusterwatch <news@example.org>"\n'
        )
        extra += subscriptions("email:reader@example.org", "file:digests/")
        shell.write(installation(sites, "ag-schie", extra=extra))
        assert shell.run("crawl").code == 0
        done = sent_now(shell, "CLUSTERWATCH_SMTP_PASSWORD=wrong-password\n")
        assert done.code == 1
        assert "login" in done.err.lower()
        assert "wrong-password" not in done.out + done.err
        assert sink.messages == ()
        assert len(list((shell.folder / "digests").glob("*.html"))) == 1


def test_a_channel_that_is_not_set_up_is_named_with_its_remedy(
    shell: Shell, sites: ReplaySites
) -> None:
    shell.write(installation(sites, "ag-schie", extra=subscriptions("slack:#cluster-news")))
    assert shell.run("crawl").code == 0
    done = sent_now(shell)
    assert done.code == 1
    assert "SLACK_BOT_TOKEN" in done.err


def test_mail_and_slack_arrive_once(shell: Shell, sites: ReplaySites, slack: SlackDouble) -> None:
    with MailSink() as sink:
        extra = (
            f'[slack]\nbase_url = "{slack.base_url}"\n[email]\nsmtp = "{sink.url}"\n'
            'sender = "Clusterwatch <news@example.org>"\n'
        )
        extra += subscriptions("slack:#cluster-news", "email:reader@example.org")
        shell.write(installation(sites, "ag-schie", extra=extra))
        assert shell.run("crawl").code == 0
        token = f"SLACK_BOT_TOKEN={slack.token}\n"
        first = sent_now(shell, token)
        assert first.code == 0, first.err
        assert (len(slack.posts), len(sink.messages)) == (1, 1)
        again = sent_now(shell, token)
        assert again.code == 0, again.err
        assert (len(slack.posts), len(sink.messages)) == (1, 1)
