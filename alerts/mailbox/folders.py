"""Where mails come from: an IMAP folder, or files on disk (.eml, one mail a file, or an mbox)."""

from __future__ import annotations

import contextlib
import imaplib
import mailbox
import ssl
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from alerts.channels.loopback import on_loopback
from alerts.mailbox.sorting import MAX_BYTES
from crawler.errors import ConfigError, DeliveryError, TemporaryDeliveryError, UsageError

TIMEOUT_SECONDS = 30.0
MOST_MAILS = 500  # a look; the rest is read at the next


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail, and the mark that says everything up to it was handled."""

    raw: bytes
    mark: str
    name: str = ""  # how people find it again: a file's name, "mail 12"


class MailFolder(Protocol):
    """What the daemon reads every few minutes."""

    name: str  # tells its mark from another folder's

    def since(self, mark: str) -> Iterator[Fetched]:
        """Mails that came after ``mark``, oldest first. Raises TemporaryDeliveryError."""
        ...

    def check(self) -> tuple[str, ...]:
        """What keeps it from being read; for ``doctor``."""
        ...


class EmlFolder:
    """A folder of files that something else fills (a delivery agent, a sync). Nothing in it is
    changed; every file is looked at each time, and those handled before are passed over."""

    def __init__(self, path: Path) -> None:
        self.name = f"files:{path}"
        self._path = path

    def since(self, mark: str) -> Iterator[Fetched]:
        """Every mail in it: files have no order that could be trusted."""
        if not self._path.is_dir():
            raise TemporaryDeliveryError(
                f"The mailbox's folder {self._path} is not there.",
                reason="mailbox",
                remedy="Make it, or correct [mailbox] folder.",
            )
        try:
            yield from mails_in(self._path)
        except OSError as error:
            raise self._unreadable() from error

    def check(self) -> tuple[str, ...]:
        """Whether the folder and its first file can be read."""
        try:
            _look(self.since(""))
        except DeliveryError as error:
            return (f"Mailbox: {error.line()}",)
        return ()

    def _unreadable(self) -> TemporaryDeliveryError:
        return TemporaryDeliveryError(
            f"The mailbox's folder {self._path} cannot be read.",
            reason="mailbox",
            remedy="Let the user that runs Clusterwatch read its files.",
        )


class ImapFolder:
    """Reads what is newer than a mark, without changing anything on the server."""

    def __init__(
        self, url: str, user: str, password: str, folder: str, *, tls: ssl.SSLContext | None = None
    ) -> None:
        """``tls`` replaces the system's authorities. Raises ConfigError for a wrong ``url``."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname:
            raise ConfigError(
                "[mailbox] imap is no address of a mail server.",
                remedy='Write it as "imaps://imap.example.org".',
            )
        self.name = f"{parts.hostname}/{user}/{folder}"
        self._host, self._port = parts.hostname, parts.port
        self._encrypted = parts.scheme == "imaps"
        self._loopback = on_loopback(url)
        self._login, self._folder, self._tls = (user, password), folder, tls

    def since(self, mark: str) -> Iterator[Fetched]:
        """Mails that came after ``mark``, oldest first.

        Raises TemporaryDeliveryError where the server cannot be read now.
        """
        try:
            client = self._connected()
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unreachable(error) from error
        try:
            self._open(client)
            yield from self._newer(client, mark)
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unreachable(error) from error
        finally:
            _leave(client)

    def check(self) -> tuple[str, ...]:
        """Whether the mailbox can be opened; for ``doctor``."""
        try:
            _look(self.since("999999999:4294967295"))
        except DeliveryError as error:
            return (f"Mailbox: {error.line()}",)
        return ()

    def _connected(self) -> imaplib.IMAP4:
        tls = self._tls or ssl.create_default_context()
        if self._encrypted:
            return imaplib.IMAP4_SSL(
                self._host, self._port or 993, ssl_context=tls, timeout=TIMEOUT_SECONDS
            )
        client = imaplib.IMAP4(self._host, self._port or 143, timeout=TIMEOUT_SECONDS)
        if "STARTTLS" in client.capabilities:
            try:
                client.starttls(tls)
            except BaseException:
                client.shutdown()
                raise
        elif not self._loopback:
            _leave(client)
            raise OSError("the server offers no encryption; we do not log in without")
        return client

    def _open(self, client: imaplib.IMAP4) -> None:
        client.login(*self._login)
        quoted = '"' + self._folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        answer, _ = client.select(quoted, readonly=True)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {self._folder!r}")

    def _newer(self, client: imaplib.IMAP4, mark: str) -> Iterator[Fetched]:
        """RFC 9051, 2.3.1.1: uids grow, until UIDVALIDITY says that they mean others."""
        validity = _validity(client)
        before, _, last = mark.partition(":")
        first = int(last) + 1 if before == validity and last.isdigit() else 1
        _, found = client.uid("SEARCH", f"UID {first}:*")
        uids = sorted(int(one) for one in (found[0] or b"").split() if int(one) >= first)
        for uid in uids[:MOST_MAILS]:
            _, answer = client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_BYTES + 1}>)")
            body = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if isinstance(body, bytes):
                yield Fetched(body, f"{validity}:{uid}", f"mail {uid}")

    def _unreachable(self, error: Exception) -> TemporaryDeliveryError:
        refused = isinstance(error, imaplib.IMAP4.error)
        return TemporaryDeliveryError(
            "The mailbox cannot be opened." if refused else "The mailbox cannot be reached.",
            reason="imap",
            remedy="Check [mailbox] user, folder and CLUSTERWATCH_IMAP_PASSWORD."
            if refused
            else "Check [mailbox] imap and the network.",
        )

    def __repr__(self) -> str:
        return f"ImapFolder({self.name})"


def mails_in(path: Path) -> Iterator[Fetched]:
    """The mails of a file or folder. Raises UsageError for what is not there."""
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] != ".")
        for file in files:
            yield from mails_in(file)
    elif not path.is_file():
        raise UsageError(f"{path}: no such file or folder.")
    elif _is_mbox(path):
        with contextlib.closing(mailbox.mbox(path, create=False)) as box:
            for number, message in enumerate(box, 1):
                yield Fetched(message.as_bytes(), "", f"{path.name}, mail {number}")
    elif path.stat().st_size <= MAX_BYTES:
        yield Fetched(path.read_bytes(), "", path.name)


def _look(mails: Iterator[Fetched]) -> None:
    """Read the first mail, if there is one, and end the reading: its file or connection is closed
    here and not when rubbish is collected."""
    try:
        next(mails, None)
    finally:
        if isinstance(mails, Generator):
            mails.close()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _validity(client: imaplib.IMAP4) -> str:
    _, values = client.response("UIDVALIDITY")
    value = values[0] if values else None
    return value.decode("ascii", "replace") if isinstance(value, bytes) else "0"


def _leave(client: imaplib.IMAP4) -> None:
    try:
        client.logout()
    except (OSError, imaplib.IMAP4.error):
        client.shutdown()
