"""A digest as an HTML file in a folder: the same delivery always is the same file."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection
from pathlib import Path

from crawler.errors import PermanentDeliveryError, TemporaryDeliveryError
from crawler.model.delivery import Delivery

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_PERMANENT = (PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)


class FileChannel:
    """Writes deliveries whose payload is an HTML page into the folder named in ``to``."""

    can_look_up = True

    def __init__(self, base: Path) -> None:
        """Relative folders count from ``base``, the configuration file's folder."""
        self._base = base

    def send(self, delivery: Delivery) -> str:
        """Write it whole or not at all; the file's path."""
        target = self._path(delivery)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_atomically(target, delivery.payload)
        except _PERMANENT as error:
            raise PermanentDeliveryError(
                f"The digest cannot be written to {target.parent}.",
                delivery_id=delivery.id,
                reason="not_writable",
                remedy="Make the folder writable, or correct `to` in the subscription.",
            ) from error
        except OSError as error:
            raise TemporaryDeliveryError(
                f"The digest cannot be written to {target.parent}: {error.strerror}.",
                delivery_id=delivery.id,
                reason="write_failed",
            ) from error
        return str(target)

    def find(self, delivery: Delivery) -> str | None:
        """The file's path if it is there with this content."""
        target = self._path(delivery)
        try:
            written = target.read_text("utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TemporaryDeliveryError(
                f"{target.parent} cannot be read.", delivery_id=delivery.id, reason="read_failed"
            ) from error
        return str(target) if written == delivery.payload else None

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Whether there is a folder to start from."""
        if self._base.is_dir():
            return ()
        return (f"Files: {self._base} is no folder. Create it.",)

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, delivery: Delivery) -> Path:
        """``2026-11-21-team.html`` in the folder; later parts are numbered."""
        folder = self._base / Path(delivery.to.partition(":")[2]).expanduser()
        part = f"-{delivery.part}" if delivery.part else ""
        return folder / f"{_name(delivery.window)}-{_name(delivery.subscription)}{part}.html"


def _name(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text).strip("-.") or "digest"


def _write_atomically(target: Path, text: str) -> None:
    """A reader sees the old file or the whole new one, also after a power cut."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
