"""One mail for many readers: rendered and encoded once, what is personal written into it.

Quoted-printable encodes every line by itself, so a line in which nothing is personal is the same
bytes in every reader's mail; the few others (links in the foot) are encoded anew for each. What
comes out is what ``render_email`` makes of the same digest, byte for byte; where that is not
certain (an address that folds, a link that needs escaping, a page near its limit), nothing is
shared and the mail is written whole.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from email.quoprimime import body_encode

from alerts.digests.email import MOST_BYTES, bodies_of, customer_of, envelope_of
from alerts.digests.envelope import COLUMNS, boundary_of, list_id, mail, message_id
from crawler.model.digest import Digest

PERSONAL = ("manage", "leave", "mailto", "rate")  # the links that name their reader
_ROOM = 4_000  # bytes of HTML that personal links may take
# What stands the same in a header, in text and in an attribute of HTML, and folds no header.
_PLAIN_LINK = re.compile(r"(?:https?://|mailto:)[A-Za-z0-9._~/:@%+?=-]{1,900}", re.ASCII)
_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_ADDRESS = 60


@dataclass(frozen=True, slots=True)
class Reader:
    """What is one reader's own in a mail."""

    recipient: str  # an address
    subscription: str  # id
    delivery_id: str
    links: Mapping[str, str]  # of PERSONAL, those that exist


@dataclass(frozen=True, slots=True)
class SharedMail:
    """The parts of a mail that are everybody's, in order, and lines with places in them."""

    sender: str
    kinds: Mapping[str, str]  # link → the scheme it was written for
    pieces: tuple[str | _Line, ...]
    marks: _Marks

    @classmethod
    def of(
        cls, compose: Callable[[Mapping[str, str]], Digest], sample: Reader, sender: str,
        public_url: str = "",
    ) -> SharedMail | None:  # fmt: skip
        """The mail of a digest that ``compose`` makes with whatever personal links it is given;
        ``sample`` tells which there are. None where it is too long to be shared."""
        kinds = _kinds(sample)
        marks = _Marks.new(kinds)
        digest = compose(marks.links)
        text, html, whole = bodies_of(digest)
        if not whole or len(html.encode()) > MOST_BYTES - _ROOM:
            return None
        envelope = envelope_of(
            digest, sender=sender, recipient=marks.recipient, delivery_id=marks.delivery,
            list_id=marks.list_name, unsubscribe_url=marks.links.get("leave", ""),
            unsubscribe_mailto=marks.links.get("mailto", ""), public_url=public_url,
        )  # fmt: skip
        skeleton = mail(envelope, f"{marks.text}\n", f"{marks.html}\n").decode("ascii")
        marks = marks.known(digest, sender)
        head, _, rest = skeleton.partition(f"{marks.text}\r\n")
        between, _, end = rest.partition(f"{marks.html}\r\n")
        known = marks.values(sample, sender)
        head_line, middle, foot = (_Line.of(part, known) for part in (head, between, end))
        pieces = (
            head_line, *_encoded(text, marks, known), middle, *_encoded(html, marks, known), foot,
        )  # fmt: skip
        return cls(sender, kinds, pieces, marks)

    def written_to(self, reader: Reader) -> str | None:
        """The whole mail for ``reader``; None where it has to be written by itself."""
        if not _fits(reader) or _kinds(reader) != self.kinds:
            return None
        values = self.marks.values(reader, self.sender)
        return "".join(
            piece if isinstance(piece, str) else piece.filled(values) for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """Text with marks in it: headers as they stand, or one line of a body before its encoding."""

    text: str
    marks: tuple[str, ...]  # those that stand in it
    encode: bool = False

    @classmethod
    def of(cls, text: str, marks: Collection[str], *, encode: bool = False) -> _Line:
        return cls(text, tuple(mark for mark in marks if mark in text), encode)

    def filled(self, values: Mapping[str, str]) -> str:
        line = self.text
        for mark in self.marks:
            line = line.replace(mark, values[mark])
        return _quoted(line) if self.encode else line


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands where something personal will: words that no text contains by chance."""

    word: str
    links: Mapping[str, str]
    hashed: tuple[str, str] = ("", "")  # the boundary and the customer, as the marks make them

    @classmethod
    def new(cls, kinds: Mapping[str, str]) -> _Marks:
        word = f"zq{secrets.token_hex(8)}"
        return cls(word, {name: f"{kind}{name}.{word}.invalid" for name, kind in kinds.items()})

    @property
    def recipient(self) -> str:
        return f"{self.word}@to.invalid"

    @property
    def delivery(self) -> str:
        return f"{self.word}-id"

    @property
    def list_name(self) -> str:
        return f"{self.word}.list"

    @property
    def text(self) -> str:
        return f"{self.word}-text"

    @property
    def html(self) -> str:
        return f"{self.word}-html"

    def known(self, digest: Digest, sender: str) -> _Marks:
        hashed = boundary_of(message_id(self.delivery, sender)), customer_of(digest.subscription)
        return _Marks(self.word, self.links, hashed)

    def values(self, reader: Reader, sender: str) -> dict[str, str]:
        """Mark → what stands there for ``reader``; no mark is part of another."""
        identity = message_id(reader.delivery_id, sender)
        return {
            self.recipient: reader.recipient,
            message_id(self.delivery, sender): identity,
            f"<{self.list_name}>": list_id(reader.subscription, sender),
            self.hashed[0]: boundary_of(identity),
            self.hashed[1]: customer_of(reader.subscription),
            **{mark: reader.links[name] for name, mark in self.links.items()},
        }


def _encoded(body: str, marks: _Marks, known: Collection[str]) -> list[str | _Line]:
    """A body as encoded stretches and the lines that stay open; ``known``: every mark."""
    pieces: list[str | _Line] = []
    stretch: list[str] = []
    for line in body.encode().splitlines():
        told = line.decode()
        if marks.word not in told:
            stretch.append(told)
            continue
        pieces += [_quoted("\n".join(stretch))] if stretch else []
        pieces.append(_Line.of(told, known, encode=True))
        stretch = []
    return pieces + ([_quoted("\n".join(stretch))] if stretch else [])


def _quoted(lines: str) -> str:
    """Lines in quoted-printable as Python's e-mail package writes them."""
    raw = f"{lines}\n".encode().decode("latin-1")
    return body_encode(raw, COLUMNS, eol="\r\n")


def _kinds(reader: Reader) -> dict[str, str]:
    """Link → its scheme, which decides where it is offered."""
    links = ((name, reader.links.get(name, "")) for name in PERSONAL)
    return {
        name: url[: url.find(":") + 1] + ("//" if "://" in url else "")
        for name, url in links
        if url
    }


def _fits(reader: Reader) -> bool:
    """Whether everything personal stands in a mail as it is, without folding or escaping."""
    address = _PLAIN_ADDRESS.fullmatch(reader.recipient)
    if not address or len(reader.recipient) > _LONGEST_ADDRESS:
        return False
    links = reader.links.values()
    return sum(map(len, links)) < _ROOM and all(
        _PLAIN_LINK.fullmatch(link) and "=?" not in link for link in links
    )
