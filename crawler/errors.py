"""Our exceptions, one family for each way a caller reacts.

ClusterwatchError
  ConfigError         wrong configuration or usage: exit code 2
  SourceError         a source cannot be declared, found or watched
  FetchError          an address could not be fetched
    RefusedError      refused by us on purpose: robots, address guard, size
  ExtractError        a document could not be read
  StorageError        the database refuses, is locked or of another version
  SubscriptionError   a subscription cannot be made or changed
  DeliveryError       a message could not be delivered
    TemporaryDeliveryError   try again later
    AmbiguousDeliveryError   may or may not have arrived: look up, never just repeat
    PermanentDeliveryError   stop and tell the operator
"""

from __future__ import annotations


class ClusterwatchError(Exception):
    """Base of all errors we raise on purpose.

    ``remedy`` is one sentence that tells the user what to do next.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def line(self) -> str:
        """The error as one line for a terminal: what is wrong, then the remedy."""
        text = " ".join(self.message.split())
        if not self.remedy:
            return text
        stop = "" if text.endswith((".", "!", "?", ":", ";")) else "."
        return f"{text}{stop} {self.remedy}".strip()


class ConfigError(ClusterwatchError):
    """Configuration or usage is wrong; names file, key and what is allowed."""


class SourceError(ClusterwatchError):
    """A source cannot be declared, found or watched."""

    def __init__(self, message: str, *, source: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.source = source


class FetchError(ClusterwatchError):
    """An address could not be fetched.

    ``kind`` is one word that polling weighs and ``status`` shows: ``dns``, ``connect``,
    ``tls``, ``timeout``, ``http``, ``size``, ``body``, ``redirect``, ``other``.
    ``status`` is the HTTP status where there was an answer; ``retry_after_seconds`` what
    the server asked for.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str = "",
        kind: str = "other",
        status: int | None = None,
        retry_after_seconds: float | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.url = url
        self.kind = kind
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class RefusedError(FetchError):
    """We refused to fetch: robots.txt, an address outside the allowed networks, a size limit."""


class ExtractError(ClusterwatchError):
    """A document could not be read as what it claims to be."""

    def __init__(self, message: str, *, url: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.url = url


class StorageError(ClusterwatchError):
    """The database refuses, is locked, or has another schema version."""


class SubscriptionError(ClusterwatchError):
    """A subscription cannot be made or changed."""


class DeliveryError(ClusterwatchError):
    """A message could not be delivered. Raise one of the three kinds below."""

    def __init__(
        self,
        message: str,
        *,
        delivery_id: str = "",
        reason: str = "",
        retry_after_seconds: float | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.delivery_id = delivery_id
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class TemporaryDeliveryError(DeliveryError):
    """Surely not delivered; worth another try."""


class AmbiguousDeliveryError(DeliveryError):
    """May have been delivered: the connection was lost after the message was handed over."""


class PermanentDeliveryError(DeliveryError):
    """Will never be delivered like this: archived channel, revoked token, unknown address."""


class UsageError(ClusterwatchError):
    """Asked for something that does not exist or cannot be meant: exit code 2."""
