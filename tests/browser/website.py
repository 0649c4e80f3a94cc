"""A whole installation for the browser: web server, mail server, news site, a filled archive."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep

from alerts.demo.mail_sink import MailSink
from alerts.outbox import Outbox
from alerts.web.app import create_app
from alerts.web.serving import server_of
from alerts.wiring import AlertParts, open_alerts
from crawler.config import load
from crawler.storage.claims import ClaimStore
from tests.integration.fetch.pages import article, listing, path_of, some
from tests.integration.fetch.server import Server
from tests.integration.web.conftest import NOW, Web
from tests.integration.web.stock import KOREA, put, told, words

ADMIN_TOKEN = "an admin token for tests"
CONFIGURATION = """
[clusterwatch]
name = "test"
timezone = "Europe/Berlin"
public_url = "{base}"
operator = "email:ops@example.org"

[crawl]
contact = "mailto:ops@example.org"
allow_networks = ["127.0.0.0/8"]
delay_per_host = "0s"

[email]
smtp = "{smtp}"
sender = "Clusterwatch <news@example.org>"

[web]
archive = "public"
name = "Netzwerk Werkstoffe"
accent = "#7a1fa2"
imprint_url = "https://cluster.example/imprint"

[[sources]]
id = "alpha"
name = "Cluster Alpha"
url = "https://alpha.example/news"

[[sources]]
id = "beta"
name = "Beta Netzwerk für Medizintechnikunternehmen Mitteldeutschland"
url = "https://beta.example/CLUSTER/Navigation/DE/NeuesAusClustern/ClusterErfolge/cluster-erfolge.html"
"""
KOREAN = "한국은 유럽과 협력을 강화하고 공동 연구를 시작했다. 협약은 서울에서 체결되었다."
LASER = (
    "Das Forschungszentrum eröffnet ein Labor für Laserstrahlschmelzen. Die additive Fertigung "
    "von Implantaten wird dort mit Medizintechnikunternehmen erprobt."
)


@dataclass
class Website:
    """The running installation; ``now`` is what its clock says."""

    parts: AlertParts
    base: str  # "http://127.0.0.1:PORT"
    sink: MailSink
    news: Server
    now: datetime = NOW
    read: dict[str, int] = field(default_factory=dict)  # mails that were looked at, by address
    stock: Web = field(init=False)

    def __post_init__(self) -> None:
        self.stock = Web(self.parts, None)  # type: ignore[arg-type]  # stock asks for parts alone

    def url(self, path: str) -> str:
        return self.base + path

    def deliver(self) -> None:
        """Send what waits."""
        database = self.parts.crawler.database
        outbox = Outbox(
            ClaimStore(database), self.parts.channels, self.parts.incidents, clock=lambda: self.now
        )
        outbox.deliver_due(self.now)

    def mail_to(self, address: str) -> EmailMessage:
        """The next mail to an address, sent from here as soon as it waits.

        Sign-ups queue theirs after they have answered, so that it may take a moment.
        """
        deadline = monotonic() + 20
        while monotonic() < deadline:
            self.deliver()
            mine = [one for one in self.sink.messages if address in one.recipients]
            read = self.read.get(address, 0)
            if len(mine) > read:
                self.read[address] = read + 1
                return mine[read].message
            sleep(0.05)
        raise AssertionError("no mail came")

    def next_morning(self) -> None:
        """Let it be five past eight in Berlin on the next day, and send what is due then."""
        tomorrow = self.now.date() + timedelta(days=1)
        self.now = datetime.combine(tomorrow, time(7, 5), UTC)
        self.parts.dispatcher.dispatch_due(self.now)
        self.deliver()

    def publish(self, number: str, title: str, text: str, language: str = "de") -> None:
        """One more item, found now."""
        put(
            self.stock, number, title, text, language=language,
            published=self.now - timedelta(hours=1), seen=self.now,
        )  # fmt: skip

    def link(self, mail: EmailMessage, word: str) -> str:
        """The address in a mail's text that begins with our own and ``/word/``."""
        body = mail.get_body(("plain",))
        assert body is not None
        found = re.search(rf"{re.escape(self.base)}/{word}/\S+", body.get_content())
        assert found, body.get_content()
        return found[0]


@contextmanager
def website(folder: Path) -> Iterator[Website]:
    """Serve an installation below ``folder`` until the block ends."""
    with MailSink() as sink, socket.create_server(("127.0.0.1", 0)) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        file = folder / "clusterwatch.toml"
        file.write_text(CONFIGURATION.format(base=base, smtp=sink.url), "utf-8")
        environment = {
            "CLUSTERWATCH_SECRET": "a secret for tests, long enough",
            "CLUSTERWATCH_ADMIN_TOKEN": ADMIN_TOKEN,
        }
        with open_alerts(load(file, environment=environment), sync=True) as parts:
            made = Website(parts, base, sink, Server())
            with _served(made, listening):
                yield made


@contextmanager
def _served(made: Website, listening: socket.socket) -> Iterator[None]:
    """The web server and the news site, in a thread and loop of their own."""
    server = server_of(create_app(made.parts, clock=lambda: made.now), "127.0.0.1:0")
    ready = threading.Event()

    async def serve() -> None:
        async with made.news:
            ready.set()
            await server.serve(sockets=[listening])

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def fill(made: Website) -> None:
    """Some weeks of news: German, English, Korean, and titles that pages find hard."""
    web = made.stock
    put(web, "korea", "Sachsen und Südkorea vertiefen ihre Zusammenarbeit", KOREA, language="de",
        published=told(0.3))  # fmt: skip
    put(web, "korea-en", "Saxony and South Korea deepen cooperation", source="beta",
        text="Saxony and the Korea Institute for Advancement of Technology KIAT signed a letter "
        "of intent in Seoul about joint research projects in medical technology.",
        published=told(0.2))  # fmt: skip
    put(web, "han", "한국과 유럽의 새로운 협력", KOREAN, language="ko", published=told(1))
    put(web, "laser", "Forschungszentrum eröffnet Labor für Laserstrahlschmelzen", LASER,
        language="de", published=told(2))  # fmt: skip
    put(web, "long", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller"
        "verbandsvorsitzendenwahlversammlung in Bitterfeld", words(50), language="de",
        source="beta", published=told(3))  # fmt: skip
    put(web, "markup", "<b>Bold</b> & \u202egnirts", words(51), published=told(4))
    for number in range(30):
        put(web, number, f"Quarterly meeting number {number}", words(number),
            source="beta" if number % 2 else "alpha", published=told(5 + number))  # fmt: skip


def open_news(made: Website) -> str:
    """A news page on loopback with five articles; its address."""
    news = some(made.news.url(), 5)
    made.news.put("/news", listing(news))
    for one in news:
        made.news.put(path_of(made.news, one), article(one.title))
    return made.news.url("/news")
