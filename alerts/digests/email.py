"""A digest as a mail, as an HTML page and as plain text: the same body three ways."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from alerts.digests import pages
from alerts.digests.envelope import (
    Envelope,
    mail,
    message_id,
    unsubscribe_headers,
)
from alerts.digests.envelope import (
    list_id as list_id_of,
)
from alerts.digests.plain import link_target, mail_link, web_address
from alerts.digests.runs import Run, linked_runs, marked_runs
from alerts.digests.story import foot_parts, gloss_parts, meta_parts
from alerts.digests.words import words_for
from crawler.model.digest import Digest, DigestSection, DigestStory

MOST_BYTES = 80_000  # of HTML; mail services cut longer ones
_PREHEADER_TITLES = 3
_SEPARATOR = " · "


def render_email(
    digest: Digest,
    *,
    sender: str,
    recipient: str,
    delivery_id: str,
    list_id: str = "",
    unsubscribe_url: str = "",
    unsubscribe_mailto: str = "",
    public_url: str = "",
) -> bytes:
    """``digest`` as RFC 5322 bytes ready to send, ASCII only; the same input, the same bytes.

    Raises ConfigError for a wrong ``sender``, SubscriptionError for a wrong ``recipient``.
    """
    envelope = envelope_of(
        digest, sender=sender, recipient=recipient, delivery_id=delivery_id, list_id=list_id,
        unsubscribe_url=unsubscribe_url, unsubscribe_mailto=unsubscribe_mailto,
        public_url=public_url,
    )  # fmt: skip
    text, html, _ = bodies_of(digest)
    return mail(envelope, text, html)


def envelope_of(
    digest: Digest,
    *,
    sender: str,
    recipient: str,
    delivery_id: str,
    list_id: str,
    unsubscribe_url: str,
    unsubscribe_mailto: str,
    public_url: str,
) -> Envelope:
    """What stands around the two bodies of a digest. Raises as ``render_email`` does."""
    if digest.made_at is None:
        raise ValueError("a digest to be mailed needs made_at")
    headers = [
        ("List-Id", list_id_of(list_id or digest.subscription, sender)),
        *unsubscribe_headers(unsubscribe_url, mail_link(unsubscribe_mailto)),
        ("Feedback-ID", _feedback_id(digest)),
    ]
    archive = web_address(digest.links.get("archive", "") or public_url)
    if archive and archive.isascii():
        headers.append(("List-Archive", f"<{archive}>"))
    return Envelope(
        sender=sender,
        recipient=recipient,
        subject=pages.text("digest/subject.txt", digest=digest),
        language=digest.language,
        message_id=message_id(delivery_id, sender),
        date=digest.made_at,
        headers=tuple(headers),
    )


def bodies_of(digest: Digest) -> tuple[str, str, bool]:
    """The plain text and the HTML of a digest, and whether nothing had to be left out."""
    fitting, html = _fitted(digest)
    return _text(fitting, digest), html, fitting is digest


def render_html(digest: Digest) -> str:
    """``digest`` as one HTML page under 80 kB, for mails, files and previews."""
    return _fitted(digest)[1]


def render_text(digest: Digest) -> str:
    """``digest`` as plain text with every title and address of the HTML page."""
    return _text(digest, digest)


def _feedback_id(digest: Digest) -> str:
    """Campaign, customer, kind, sender."""
    window = "".join(c if c.isascii() and c.isalnum() else "-" for c in digest.window)
    return f"{window}:{customer_of(digest.subscription)}:digest:clusterwatch"


def customer_of(subscription: str) -> str:
    """A subscription as mail services count it: its name may be a person's, so it is hashed."""
    return hashlib.sha256(subscription.encode()).hexdigest()[:12]


def _fitted(digest: Digest) -> tuple[Digest, str]:
    """The fullest of ever shorter digests whose page stays under 80 kB, and that page."""
    for shorter in _ever_shorter(digest):
        html = _html(shorter, digest)
        if len(html.encode()) < MOST_BYTES:
            break
    return shorter, html


def _ever_shorter(digest: Digest) -> Iterator[Digest]:
    """First the list of titles shrinks, then stories move from the end to that list's count."""
    yield digest
    for listed in (100, 40, 0):
        if len(digest.rolled_up) > listed:
            yield replace(digest, rolled_up=digest.rolled_up[:listed])
    bare = replace(digest, rolled_up=(), changes=digest.changes[:40])
    stories = sum(len(section.stories) for section in digest.sections)
    while stories > 1:
        stories = stories * 2 // 3
        yield replace(bare, sections=_first(digest.sections, stories))


def _first(sections: tuple[DigestSection, ...], count: int) -> tuple[DigestSection, ...]:
    kept = []
    for section in sections:
        stories = section.stories[:count]
        count -= len(stories)
        if stories:
            kept.append(replace(section, stories=stories))
    return tuple(kept)


def _left_out(shown: Digest, whole: Digest) -> int:
    def titles(digest: Digest) -> int:
        return sum(len(section.stories) for section in digest.sections) + len(digest.rolled_up)

    return titles(whole) - titles(shown)


def _html(shown: Digest, whole: Digest) -> str:
    return pages.page(
        "digest/body.html",
        language=shown.language,
        title=shown.title,
        preheader=_preheader(shown),
        headline_parts=_headline_parts(shown),
        sentence=lambda story: marked_runs(story.sentence, story.marks),
        gloss=_gloss,
        tail=_tail,
        lang=_lang,
        linked=lambda line: linked_runs(line, shown.footer_links),
        accent=whole.links.get("accent", ""),
        **_common(shown, whole),
    )


def _text(shown: Digest, whole: Digest) -> str:
    labels = [label for label, _ in shown.footer_links]
    unlinked = [line for line in shown.footer if not any(label in line for label in labels)]
    common = _common(shown, whole)
    return pages.text("digest/body.txt", starred=_starred, unlinked=unlinked, **common)


def _common(shown: Digest, whole: Digest) -> dict[str, object]:
    left_out = _left_out(shown, whole)
    words = words_for(shown.language)
    unlisted = words.count("{count} more", "{count} more", left_out) if left_out else ""
    return {
        "digest": replace(shown, rolled_up_line=whole.rolled_up_line or unlisted),
        "meta": lambda story: _SEPARATOR.join(meta_parts(story)),
        "unlisted": unlisted,
        "archive": link_target(whole.links.get("archive", "")),
        "status": link_target(whole.links.get("status", "")),
    }


def _preheader(digest: Digest) -> str:
    """What the inbox shows beside the subject: the first headlines."""
    titles = [story.title for section in digest.sections for story in section.stories]
    return _SEPARATOR.join(titles[:_PREHEADER_TITLES])


def _headline_parts(digest: Digest) -> tuple[str, str] | None:
    """Masthead and counts, set in two sizes; None where there is but a title."""
    if not digest.masthead:
        return None
    return digest.masthead, digest.counts[:1].upper() + digest.counts[1:]


def _gloss(story: DigestStory) -> tuple[Run, ...]:
    """The translation's label stands behind the concepts, which may be of the same word."""
    if not story.gloss:
        return ()
    rest = _SEPARATOR.join(("", *gloss_parts(story)[1:]))
    return (Run(story.gloss), *linked_runs(rest, story.translation))


def _tail(story: DigestStory) -> tuple[Run, ...]:
    line = _SEPARATOR.join(foot_parts(story))
    return linked_runs(line, (*story.also_links, *story.translation))


def _lang(story: DigestStory) -> str:
    from markupsafe import Markup

    if not story.language_code:
        return ""
    return Markup(' lang="{}"').format(story.language_code)


def _starred(story: DigestStory) -> str:
    runs = marked_runs(story.sentence, story.marks)
    return "".join(f"*{run.text}*" if run.marked else run.text for run in runs)
