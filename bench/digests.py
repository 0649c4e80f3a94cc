"""(e) Digests by mail: many subscribers, few distinct selections of ten stories.

    python bench/digests.py [--subscribers 10000] [--selections 50]

CPU milliseconds a mail from the selection to the bytes that are queued: composed, rendered,
encoded, personal links in it. Beside it, what Python's e-mail package alone takes for a message
with the same two bodies. No DKIM, no sending.
"""

from __future__ import annotations

import argparse
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts.digests.email import render_email
from bench.measure import measured, print_rows, versions
from tests.fixtures.digest_makers import digest_of, many

STORIES = 10
SENDER = "Clusterwatch <news@example.org>"


def rendered(subscribers: int, selections: int) -> list[bytes]:
    """The mails, the last of each selection kept."""
    chosen = [many(STORIES, start=n * STORIES) for n in range(selections)]
    kept: dict[int, bytes] = {}
    for number in range(subscribers):
        token = f"{number:08d}.kq3vXz0pGqTgB1nqk7c1mA"
        links = {
            name: f"https://news.example.org/{name}/{token}" for name in ("manage", "leave")
        } | {"status": "https://news.example.org/status"}
        recipient = f"reader{number}@example.org"
        shown = chosen[number % selections]
        digest = digest_of(shown, links=links, id=f"s{number}", to=f"email:{recipient}")
        kept[number % selections] = render_email(
            digest,
            sender=SENDER,
            recipient=recipient,
            delivery_id=f"{number:032d}",
            unsubscribe_url=links["leave"],
        )
    return list(kept.values())


def encoded_alone(mails: list[bytes], count: int) -> None:
    """The same bodies through Python's e-mail package, base64."""
    bodies = []
    for raw in mails:
        parts = message_from_bytes(raw, policy=default).iter_parts()
        bodies.append([part.get_content() for part in parts])
    for number in range(count):
        text, html = bodies[number % len(bodies)]
        message = EmailMessage(policy=default)
        message["To"] = f"reader{number}@example.org"
        message.set_content(text, cte="base64")
        message.add_alternative(html, subtype="html", cte="base64")
        message.as_bytes()


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--subscribers", type=int, default=10_000)
    options.add_argument("--selections", type=int, default=50)
    chosen = options.parse_args()
    print(versions())
    mails = rendered(chosen.selections, chosen.selections)  # templates are compiled once
    with measured() as ours:
        rendered(chosen.subscribers, chosen.selections)
    with measured() as theirs:
        encoded_alone(mails, chosen.subscribers)
    rows: list[dict[str, object]] = [
        {"who": who, "ms_a_mail": 1000 * cost.cpu_seconds / chosen.subscribers, **vars(cost)}
        for who, cost in (("clusterwatch", ours), ("EmailMessage alone", theirs))
    ]
    rows[0]["bytes"] = sum(map(len, mails)) // len(mails)
    print_rows(f"digests for {chosen.subscribers} subscribers", rows)


if __name__ == "__main__":
    main()
