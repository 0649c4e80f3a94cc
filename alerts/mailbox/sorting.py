"""What a mail that came in is about (pure): bytes in, one of six kinds out.

Everything is hostile: sizes are bounded, a header that cannot be read counts as missing, and
nothing that a mail claims is believed here; the handling checks tokens and delivery ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr
from typing import Literal

Kind = Literal["bounce", "leave", "confirm", "wish", "newsletter", "ignored"]

MAX_BYTES = 10_000_000
_MOST_PARTS = 200
_TOKEN = re.compile(r"\b(leave|confirm)\s+([A-Za-z0-9_=-]{4,800}\.[A-Za-z0-9_=-]{10,60})(?=\s|$)")
# A mail that says this alone wants to leave, but proves nothing.
_WISH = re.compile(
    r"(?:(?:re|aw|sv|fwd?|vs):\s*)*"
    r"(?:(?:please|pls|bitte|venligst|i want to|i would like to|ich möchte(?: mich)?|"
    r"jeg vil gerne)\s+)?(?:mich\s+)?(?:den newsletter\s+|nyhedsbrevet\s+)?"
    r"(?:unsubscribe|leave|stop|remove me|abmelden|abmeldung|abbestellen|austragen|"
    r"afmeld(?:ing|es)?|frameld(?:es)?|désinscription|uitschrijven|avregistrera)"
    r"(?:\s+(?:me|mich|mig))?(?:\s+(?:from )?(?:this |the |your )?(?:mailing )?"
    r"(?:list|newsletter|mails?))?(?:,?\s+(?:please|bitte|tak|thanks|thank you|danke))?[.!]*",
    re.I,
)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<([A-Za-z0-9._+=-]{1,200})@[^<>\s]{1,255}>")
# RFC 3463: a full mailbox or a busy system passes, whatever class the server gave it.
_PASSING = {(2, 2), (2, 3), (3, 1), (3, 2), (4, 5), (4, 7)}
_BROKEN_HEADERS = (ValueError, TypeError, LookupError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report (RFC 3464) about one recipient."""

    delivery: str  # the left part of our Message-ID
    recipient: str  # "" where the report does not say
    hard: bool  # will never arrive
    status: str  # "5.1.1", "" where the report does not say


@dataclass(frozen=True, slots=True)
class Sorted:
    """What one mail is about."""

    kind: Kind
    why: str = ""
    token: str = ""  # of a leave or confirm mail
    reports: tuple[Report, ...] = ()
    sender: str = ""  # address of the From line, lower case
    list_id: str = ""  # without brackets, lower case
    subject: str = ""
    message_id: str = ""


def sort_mail(raw: bytes) -> Sorted:
    """What the mail is about; never raises for what a stranger wrote."""
    if len(raw) > MAX_BYTES:
        return Sorted("ignored", f"larger than {MAX_BYTES // 1_000_000} MB")
    message = message_from_bytes(raw, policy=policy.default)
    subject = header(message, "Subject")
    known = Sorted(
        "newsletter",
        sender=parseaddr(header(message, "From"))[1].lower()[:320],
        list_id=_list_id(header(message, "List-Id")),
        subject=subject,
        message_id=header(message, "Message-ID"),
    )
    if _is_report(message):
        reports = tuple(_reports(message))
        found = next((one for one in reports if one.delivery), None)
        why = "" if found else "a delivery report about no mail of ours"
        return replace(known, kind="bounce" if found else "ignored", why=why, reports=reports)
    asked = _TOKEN.search(subject)
    if asked:
        kind: Kind = "leave" if asked[1] == "leave" else "confirm"
        return replace(known, kind=kind, token=asked[2])
    if header(message, "Auto-Submitted").lower().startswith("auto-replied"):
        return replace(known, kind="ignored", why="an automatic reply")
    by_hand = header(message, "Auto-Submitted").lower() in ("", "no")
    # A newsletter's first line may well say "Unsubscribe".
    asked_by = (subject, "" if _is_bulk(message) else _first_line(message))
    if by_hand and not known.list_id and any(_WISH.fullmatch(one) for one in asked_by):
        return replace(known, kind="wish")
    return known


def header(message: Message, name: str) -> str:
    """A header as one line of text, "" for one that is missing or cannot be read."""
    try:
        return " ".join(str(message.get(name, "")).split())[:2000]
    except _BROKEN_HEADERS:
        return ""


def _is_bulk(message: Message) -> bool:
    precedence = header(message, "Precedence").lower()
    return bool(header(message, "List-Unsubscribe")) or precedence in ("bulk", "list")


def _first_line(message: Message) -> str:
    """The first line that says anything, "" where no plain text can be read."""
    for part in parts_of(message):
        if part.get_content_type() != "text/plain":
            continue
        text = part.get_payload(decode=True)
        plain = _decoded(text[:2000], part) if isinstance(text, bytes) else ""
        return next((" ".join(one.split()) for one in plain.splitlines() if one.strip()), "")[:200]
    return ""


def _decoded(text: bytes, part: Message) -> str:
    try:
        return text.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset that nobody knows
        return text.decode("utf-8", "replace")


def parts_of(message: Message) -> Iterator[Message]:
    """The parts of a mail, at most so many."""
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _list_id(value: str) -> str:
    inner = re.search(r"<([^<>\s]{1,255})>", value)
    return (inner[1] if inner else value.strip()).lower()[:255]


def _is_report(message: Message) -> bool:
    try:
        return message.get_content_type() == "multipart/report" or any(
            part.get_content_type() == "message/delivery-status" for part in parts_of(message)
        )
    except _BROKEN_HEADERS:
        return False


def _reports(message: Message) -> Iterator[Report]:
    delivery = _original(message)
    for part in parts_of(message):
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and block.get("Action"):
                yield _report(block, delivery)


def _report(block: Message, delivery: str) -> Report:
    """RFC 3464, 2.3: the fields about one recipient."""
    recipient = header(block, "Original-Recipient") or header(block, "Final-Recipient")
    status = _STATUS.search(header(block, "Status")) or _STATUS.search(
        header(block, "Diagnostic-Code")
    )
    action = header(block, "Action").lower()
    passing = status is None or status[1] != "5" or (int(status[2]), int(status[3])) in _PASSING
    return Report(
        delivery=delivery if action == "failed" else "",
        recipient=recipient.partition(";")[2].strip().lower()[:320],
        hard=action == "failed" and not passing,
        status=status[0] if status else "",
    )


def _original(message: Message) -> str:
    """The delivery id in the Message-ID of the mail that came back, "" without one."""
    for part in parts_of(message):
        kind = part.get_content_type()
        found = None
        if kind == "message/rfc822":
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            found = header(first, "Message-ID") if isinstance(first, Message) else ""
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            text = part.get_payload(decode=True)
            plain = text.decode("latin-1")[:100_000] if isinstance(text, bytes) else ""
            line = re.search(r"^message-id:\s*(\S{1,300})", plain, re.I | re.M)
            found = line[1] if line else ""
        if found:
            identity = _MESSAGE_ID.search(found)
            return identity[1] if identity else ""
    return ""
