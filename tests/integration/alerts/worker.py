"""A process that dispatches and delivers, to be killed: real channels, real rows.

It imports once and then forks a child for every order that comes on stdin (one JSON object a
line), so that hundreds of real processes can be killed in a test. It answers with the child's
exit status (negative: the signal that ended it), at once for an order with ``"wait": false``.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.channels.base import Channel
from alerts.channels.slack import SlackChannel
from alerts.channels.smtp import SmtpChannel
from alerts.outbox import Outbox
from crawler import failpoints
from crawler.storage.channel_ids import ChannelMemory
from crawler.storage.database import Database
from tests.integration.alerts.house import House

OPERATORS = ("slack:C0GONE0002", "email:ops@example.org")  # the first cannot be reached


def deliver(order: dict[str, Any]) -> None:
    """Close what is due and send what is ready, as one tick of the daemon does."""
    clock_file = Path(order["clock"])

    def clock() -> datetime:
        return datetime.fromisoformat(clock_file.read_text())

    database = Database(order["database"])
    house = House(database, operators=OPERATORS)
    memory = ChannelMemory(database, clock)
    channels: dict[str, Channel] = {
        "slack": SlackChannel(
            order["token"], memory, base_url=order["slack"], sleep=lambda seconds: None
        ),
        "email": SmtpChannel(order["smtp"]),
    }
    outbox = Outbox(
        house.claims, channels, house.incidents, clock=clock, settling=timedelta(seconds=1)
    )
    for _ in range(2):  # the second look finds what was posted, and corrects it
        house.dispatcher.dispatch_due(clock())
        while outbox.deliver_due().sent:
            pass
    database.close()


def child(order: dict[str, Any]) -> int:
    """Fork, do as ordered there; the child's process id."""
    process = os.fork()
    if process:
        return process
    os.environ[failpoints.VARIABLE] = order["failpoint"]
    failpoints.rearm()
    try:
        deliver(order)
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(3)
    os._exit(0)


def warm_up() -> None:
    """Do once what children would otherwise each do first: load libraries and templates."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/warm.db")
        database.ensure()
        house = House(database)
        for identity, to in (("a", "slack:C0000001"), ("b", "email:b@example.org")):
            house.subscribe(identity, to=to)
        house.publish("1")
        house.dispatcher.dispatch_due(house.morning())
        house.payloads.note("email:c@example.org", "w", "t", ("l",), "r", house.clock.now)
        database.close()
    for name in ("slack_sdk.web.client", "psycopg", "sqlalchemy.dialects.postgresql.psycopg"):
        importlib.import_module(name)


def main() -> None:
    """Answer orders until stdin ends."""
    warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        if "join" in order:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["join"], 0)[1])
        elif order.get("wait", True):
            answer = os.waitstatus_to_exitcode(os.waitpid(child(order), 0)[1])
        else:
            answer = child(order)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
