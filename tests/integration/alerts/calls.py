"""Commands in this process: a folder with a configuration, and how to call and fill it."""

from __future__ import annotations

from pathlib import Path

from crawler.storage.database import Database, utc_now
from tests.integration.alerts.house import Clock, House

CONFIGURATION = """
[clusterwatch]
name = "main"
timezone = "Europe/Berlin"
[[sources]]
id = "a"
url = "https://a.example.org/news"
[[subscriptions]]
id = "team"
to = "file:digests/"
topics = ["ai"]
"""


# Commands that send decide stored items anew where the topics changed: it has to be true.
ABOUT_AI = "A neural network reads images. Machine learning and artificial intelligence at work."


def publish(home: Path, *identities: str, text: str = ABOUT_AI) -> None:
    database = Database(f"sqlite:///{home / 'clusterwatch.db'}")
    house = House(database, Clock(utc_now()))
    for identity in identities:
        house.publish(identity, text=text)
    database.close()
