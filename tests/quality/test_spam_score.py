"""What SpamAssassin says of our mails, with Debian's own rules and without network.

Its time is fixed to the mails' own, so that no score depends on the day of the test.
"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from alerts.digests.email import render_email
from alerts.digests.messages import render_message
from tests.fixtures.digest_makers import NOW, digest_of, item, selected

SPAMASSASSIN = shutil.which("spamassassin")
pytestmark = pytest.mark.skipif(
    not SPAMASSASSIN, reason="needs SpamAssassin (Debian: apt install spamassassin)"
)
MOST = 0.5
SENDER = "Cluster news <news@example.org>"
LEAVE = "https://news.example.org/leave/" + "t" * 90
MAILTO = "mailto:news@example.org?subject=leave%20" + "t" * 90
RECEIVED = (
    "Received: from mail.example.org (mail.example.org [5.9.5.9]) by mx.example.net with ESMTPS "
    "id 4Wx; {date}\r\n"
)


def digest(language: str, count: int = 7) -> bytes:
    stories = [
        selected(
            item(str(n), f"Regions {n} open their laboratories to small firms", source=source),
            learning="machine learning",
        )
        for n, source in zip(range(count), ("harbour", "valley", "forest") * 9, strict=False)
    ]
    return render_email(
        digest_of(stories, digest_language=language),
        sender=SENDER,
        recipient="Reader <reader@example.net>",
        delivery_id="1" * 32,
        unsubscribe_url=LEAVE,
        unsubscribe_mailto=MAILTO,
    )


def message(name: str, language: str) -> bytes:
    words: dict[str, object] = {"what": "AI, 3D printing; daily 08:00", "link": LEAVE}
    words |= {"mailto": MAILTO, "until": "28 November", "title": "Slack refuses our token"}
    return render_message(
        name, language, "reader@example.net", SENDER, now=NOW, delivery_id="2" * 32, **words
    )


def score(mail: bytes) -> tuple[float, str]:
    """The score and the rules that hit, as if a server had just received the mail."""
    date = re.search(rb"^Date: (.+?)\r?$", mail, re.MULTILINE)
    assert date is not None
    received = RECEIVED.format(date=date[1].decode()).encode()
    told = subprocess.run(
        [str(SPAMASSASSIN), "-L", "-t", "--cf=use_bayes 0", "--cf=use_auto_whitelist 0"],
        input=received + mail, capture_output=True, timeout=120, check=True,
    ).stdout.decode("utf-8", "replace")  # fmt: skip
    found = re.search(
        r"^X-Spam-Status: \w+, score=(-?[\d.]+)((?:.*\n[\t ])*.*)", told, re.MULTILINE
    )
    assert found is not None
    return float(found[1]), found[0]


@pytest.mark.parametrize("language", ["en", "de", "da"])
def test_a_digest_is_no_spam(language: str) -> None:
    points, why = score(digest(language))
    assert points <= MOST, why


@pytest.mark.parametrize("name", ["confirm", "welcome", "operator", "test"])
def test_our_other_mails_are_no_spam(name: str) -> None:
    points, why = score(message(name, "en"))
    assert points <= MOST, why


def test_the_measure_tells_spam() -> None:
    """The rules are there: a mail made to be caught is caught."""
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    assert (
        score(b"From: a@example.org\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\n" + gtube)[0]
        > 100
    )
