"""The other mails we send: confirmation, first mail, test line, a note to the operator.

Each is a folder of templates with ``subject.txt``, ``body.txt`` and ``body.html``; they say
their words through the catalogues (``say``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from alerts.digests import pages
from alerts.digests.envelope import Envelope, mail, message_id, unsubscribe_headers
from alerts.digests.plain import link_target, mail_link, one_line
from alerts.digests.words import words_for

_WORDS: dict[str, object] = {
    "link": "",  # https address: confirm, or leave
    "mailto": "",  # the same by mail
    "what": "",  # what the subscription brings, in one line
    "imprint": "",  # https addresses of the installation's notices
    "privacy": "",
    "accent": "",  # "#7a1fa2": of links and buttons
    "brand": "",  # the name that readers know the installation by
    "until": "",  # until when the confirm link is valid, localised
    "title": "",  # operator: the incident in one line
    "lines": (),  # operator: what is known, a line each
    "remedy": "",  # operator: what to do
}


def render_message(
    name: str,
    language: str,
    to: str,
    sender: str,
    *,
    now: datetime,
    delivery_id: str = "",
    **words: object,
) -> bytes:
    """The message ``name`` (confirm, welcome, operator, test) as RFC 5322 bytes.

    ``words`` may hold ``link`` and ``mailto`` (confirm: confirming, welcome: leaving),
    ``what``, ``until`` (text), and ``title``, ``lines``, ``remedy`` (operator). ``now`` is
    the Date; the Message-ID is made of ``delivery_id``, of the content where there is none.
    Raises TypeError for other words, ConfigError and SubscriptionError as ``envelope`` does.
    """
    values = _values(words)
    identity = delivery_id or _identity(name, to, now, words)
    said = words_for(language)
    common = {**values, "say": said.say, "language": said.language}
    subject = pages.text(f"{name}/subject.txt", **common)
    page_words = {**common, "headline": values["title"], "title": one_line(subject)}
    html = pages.page(f"{name}/body.html", **page_words)
    leaving = name == "welcome"
    envelope = Envelope(
        sender=sender,
        recipient=to,
        subject=subject,
        language=said.language,
        message_id=message_id(identity, sender),
        date=now,
        headers=unsubscribe_headers(str(values["link"]), str(values["mailto"])) if leaving else (),
    )
    text = pages.text(f"{name}/body.txt", **common)
    notices = pages.text("shared/notices.txt", **common).strip()
    return mail(envelope, f"{text}\n{notices}\n" if notices else text, html)


def _values(words: dict[str, object]) -> dict[str, object]:
    unknown = sorted(set(words) - set(_WORDS))
    if unknown:
        raise TypeError(f"no such word in our messages: {', '.join(unknown)}")
    given = {**_WORDS, **words}
    lines = cast(Sequence[object], given["lines"])
    return {
        **{key: one_line(str(value)) for key, value in given.items() if key != "lines"},
        "link": link_target(str(given["link"])),
        "mailto": link_target(mail_link(str(given["mailto"]))),
        "imprint": link_target(str(given["imprint"])),
        "privacy": link_target(str(given["privacy"])),
        "lines": [one_line(str(line)) for line in lines],
    }


def _identity(name: str, to: str, now: datetime, words: dict[str, object]) -> str:
    seed = repr((name, to, now.isoformat(), sorted(words.items())))
    return f"{name}-{hashlib.sha256(seed.encode()).hexdigest()[:24]}"
