"""An item's title: the heading of its block, the words of its link, or what stands for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_files import without_file_note
from crawler.extract.listing_links import Link
from crawler.extract.listing_marks import MAX_TITLE, Marks, names_item, within
from crawler.extract.listing_text import LABEL_ENDS, find_date, is_figures, only_date, yearless_date
from crawler.extract.listing_words import is_more, vocabulary
from crawler.extract.listing_words import words as words_of

Title = tuple[str, str, int]  # words, where found (see Entry.title_from), node index
_BESIDE_TITLE = re.compile(
    r"(?<![a-z])(sr-?only|visually-?hidden|screen-?reader|hide-accessible|invisible|aural|"
    r"kicker|topline|overline|eyebrow|dachzeile|roofline|spitzmarke|badge|label|rubrik)",
    re.I,
)
_BLOCKS = vocabulary(
    "p div li h1 h2 h3 h4 h5 h6 section article header footer figcaption dd dt td time ul"
)
_KICKER_WORDS = 3  # a heading of fewer words above one of so many is a kicker
_TITLE_WORDS = 3
_LINE_WORDS = 2  # before a link, that make a line of it
_NEAR = 40  # elements and texts before bold words that are looked at
_SENTENCE_WORDS = 8  # before bold words; fewer are a label, a place, an author
_TITLE_LENGTH = 20  # characters, of scripts without spaces too
_IDENTIFIER = re.compile(r"(?:[^\W\d]{2,8}[:.-]?)?[\d.:-]{5,20}")
_TITLE_LABEL = re.compile(r"^(?:title|titel|titre|titolo|titulo)\s?:\s", re.I)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|（\s*）")  # of a link that was taken out
MAX_LINES = 80  # of one block
MAX_OWN_LINE = 150  # characters of a block that is itself a title


def find_title(
    document: Document, marks: Marks, spans: Sequence[range], own: Sequence[Link]
) -> Title:
    """The title of a block, without what it says of a file; ``own`` are its links to the item.

    A title that breaks off is completed from the link's ``title`` attribute.
    """
    words, found_from, index = _whole_title(document, marks, spans, own)
    return without_file_note(words, own[0].url), found_from, index


def _whole_title(
    document: Document, marks: Marks, spans: Sequence[range], own: Sequence[Link]
) -> Title:
    words, found_from, index = _shown_title(document, marks, spans, own)
    stem = words.rstrip(" .…")
    if len(words) - len(stem) > 1 or words.endswith("…"):
        for link in own:
            whole = _clean(document.nodes[link.node].attrs.get("title", ""))
            if whole.startswith(stem) and len(whole) > len(words):
                return whole, found_from, index
    return words, found_from, index


def _shown_title(
    document: Document, marks: Marks, spans: Sequence[range], own: Sequence[Link]
) -> Title:
    headings = [document.nodes[i] for i in within(marks.headings, spans)]
    named = [document.nodes[i] for i in within(marks.named, spans)]
    figures = [document.nodes[i] for i in within(marks.figures, spans)]
    for nodes in (headings, named, figures):
        best = _best_heading(document, [n for n in nodes if _linked(document, n, own)])
        if best is not None:
            return _heading_text(document, best, own), "heading", best.index
    telling = [k for k in own if _tells(k.text)]
    caption = _best_heading(document, headings) or (named[0] if named else None)
    if caption is not None and not any(link.node < caption.index for link in telling):
        kind = "caption" if not telling else "above"
        return _shown(document, caption.index), kind, caption.index
    if telling:
        return _from_link(document, marks, _title_link(telling))
    words = _from_figures(document, figures, own)
    words = words or _from_invitation(document, own)
    words = words or _from_words(document, marks, spans, own)
    return words or _from_attributes(document, own)


def _title_link(links: Sequence[Link]) -> Link:
    """Of several links to one item the first that is long enough for a title: the longest may
    be the teaser."""
    long = [k for k in links if len(k.text.split()) >= _TITLE_WORDS or len(k.text) >= _TITLE_LENGTH]
    return long[0] if long else max(links, key=lambda link: len(link.text))


def _tells(text: str) -> bool:
    """Whether a link's words may be a title: no invitation, no date, no bare number of a file."""
    return bool(text) and not is_more(text) and not only_date(text) and not _is_number(text)


def _is_number(text: str) -> bool:
    """Whether a text is the number of a file: "PM-2026-114", "99-144"."""
    return bool(_IDENTIFIER.fullmatch(text)) and sum(map(str.isdigit, text)) * 2 >= len(text)


def _linked(document: Document, node: Node, own: Sequence[Link]) -> bool:
    """Whether a heading lies in the item's link, or holds it as the larger part of its words."""
    for link in own:
        if document.inside(node.index, link.node):
            return True
        if document.inside(link.node, node.index):
            return not link.text or 2 * len(link.text) >= len(document.text(node.index))
    return False


def _heading_text(document: Document, node: Node, own: Sequence[Link]) -> str:
    """A heading's words; only the item's link's where the heading holds further links."""
    inside = [n for n in document.within(node.index) if document.nodes[n].tag == "a"]
    if len(inside) > 1:
        for link in own:
            if link.node in inside and link.text and not is_more(link.text):
                return _shown(document, link.node)
    return _shown(document, node.index)


def _shown(document: Document, index: int) -> str:
    """A node's words without kickers, badges, what only screen readers say, and the day that an
    element of its own sets before or behind them."""
    node = document.nodes[index]
    kept = [
        position
        for position in range(node.first_word, node.last_word)
        if not _beside_title(document, document.owners[position], index)
    ]
    for end in (0, -1):
        if len(kept) > 1 and _is_own_day(document, kept[end], index):
            kept.pop(end)
    return _clean(" ".join(document.texts[i] for i in kept)) or _clean(document.text(index))


def _is_own_day(document: Document, position: int, index: int) -> bool:
    """Whether a text is a day that stands in an element of its own inside a title."""
    text = document.texts[position]
    return document.owners[position] != index and (
        only_date(text) or yearless_date(text) is not None
    )


def _beside_title(document: Document, index: int, top: int) -> bool:
    while index != top:
        if _BESIDE_TITLE.search(document.nodes[index].attrs.get("class", "")):
            return True
        index = document.nodes[index].parent
    return False


def _best_heading(document: Document, headings: Sequence[Node]) -> Node | None:
    """The first of the highest rank; one of few words above a longer one is a kicker."""
    if not headings:
        return None
    counts = {n.index: len(document.text(n.index).split()) for n in headings}
    long = [n for n in headings if counts[n.index] > 3]
    if not long and min(counts.values()) < _KICKER_WORDS:
        long = [n for n in headings if counts[n.index] >= _KICKER_WORDS]
    return min(long or headings, key=lambda n: (n.tag if n.tag in HEADINGS else "h4", n.index))


def _from_link(document: Document, marks: Marks, link: Link) -> Title:
    blocks = lines(document, link.node)
    if len(blocks) < 2:
        whole = _bold_line(document, link.node)
        return _shown(document, link.node if whole is None else whole), "link", link.node
    for index in within(marks.bold, [document.within(link.node)]):
        if names_item(document.text(index)):
            return _shown(document, index), "block", index
    for text, index in blocks:
        if not only_date(text) and (len(text) > 24 or len(text.split()) > 2) and not is_more(text):
            return _clean(text), "block", index
    return _clean(link.text), "link", link.node


def _bold_line(document: Document, index: int) -> int | None:
    """The bold line whose end a link is, where words go before that are no label and no day."""
    link = document.nodes[index]
    bold = document.nodes[link.parent]
    inside = [document.nodes[i].tag for i in document.within(bold.index)]
    if bold.tag not in ("b", "strong") or bold.last_word != link.last_word:
        return None
    before = " ".join(document.texts[bold.first_word : link.first_word])
    rest = words_of(before.replace(find_date(before), " ", 1) if find_date(before) else before)
    whole = len(rest) >= _LINE_WORDS and not before.rstrip().endswith(LABEL_ENDS)
    return bold.index if whole and inside.count("a") == 1 and "br" not in inside else None


def lines(document: Document, index: int, without: Sequence[int] = ()) -> list[tuple[str, int]]:
    """The lines a node's words stand in, with their blocks: texts of one block joined.

    Words inside the nodes ``without`` are left out.
    """
    found: list[tuple[int, list[str]]] = []
    for position in _positions(document, index, without):
        owner = _block_of(document, document.owners[position], index)
        if not found or found[-1][0] != owner:
            if len(found) >= MAX_LINES:
                break
            found.append((owner, []))
        found[-1][1].append(document.texts[position])
    return [(" ".join(texts), owner) for owner, texts in found]


def _positions(document: Document, index: int, without: Sequence[int]) -> Iterator[int]:
    """The positions of a node's texts, those inside the nodes ``without`` left out."""
    node = document.nodes[index]
    skipped = sorted((document.nodes[i].first_word, document.nodes[i].last_word) for i in without)
    position = node.first_word
    for first, last in [*skipped, (node.last_word, node.last_word)]:
        yield from range(position, min(first, node.last_word))
        position = max(position, last)


def _block_of(document: Document, index: int, top: int) -> int:
    while index != top and document.nodes[index].tag not in _BLOCKS:
        if document.nodes[index].tag == "span" and document.nodes[index].parent == top:
            return index  # cards wrapped in one link set their lines in spans
        index = document.nodes[index].parent
    return index


def _from_figures(
    document: Document, headings: Sequence[Node], own: Sequence[Link]
) -> Title | None:
    """A title of figures alone, as the heading over a link that says "more" or all that the
    item's links say."""
    if headings:
        return _shown(document, headings[0].index), "caption", headings[0].index
    told = [link for link in own if is_figures(link.text) and not _is_number(link.text)]
    if len({link.text for link in told}) == 1:
        return _clean(told[0].text), "link", told[0].node
    return None


def _from_invitation(document: Document, own: Sequence[Link]) -> Title | None:
    """What a link invites to read, as only screen readers say it: "Read more about …"."""
    for link in own:
        attrs = document.nodes[link.node].attrs
        for name in ("aria-label", "title"):
            said = attrs.get(name, "").split()
            invited = next((n for n, word in enumerate(said) if not is_more(word)), len(said))
            rest = " ".join(said[invited:]).strip("“”„\"'«»: ")
            if invited > 1 and len(rest.split()) >= _TITLE_WORDS and names_item(rest):
                return _clean(rest), "attribute", link.node
    return None


def _from_words(
    document: Document, marks: Marks, spans: Sequence[range], own: Sequence[Link]
) -> Title | None:
    """The title of a record whose link only says "more": its first bold text or line."""
    for index in within(marks.bold, spans):
        text = document.text(index)
        if len(text) > 11 and names_item(text) and not _in_sentence(document, index):
            return _clean(text), "caption", index
    for span in spans:
        for text, owner in lines(document, span.start, [link.node for link in own]):
            bare = text.strip(" -–—:|·,•▪■◦‣")
            if (owner != span.start or len(text) < MAX_OWN_LINE) and _is_line(bare):
                return _clean(bare), "line", owner
    return None


def _in_sentence(document: Document, index: int) -> bool:
    """Whether bold words only stress part of a text: a sentence goes before them on their line."""
    bold = document.nodes[index]
    block = document.nodes[_block_of(document, bold.parent, 0)]
    above = range(index - 1, max(block.index, index - _NEAR), -1)
    broken = next((n for n in above if document.nodes[n].tag == "br"), block.index)
    first = max(document.nodes[broken].first_word, bold.first_word - _NEAR)
    before = " ".join(document.texts[first : bold.first_word])
    return len(words_of(before)) >= _SENTENCE_WORDS


def _is_line(text: str) -> bool:
    return 12 <= len(text) <= 200 and names_item(text)


def _from_attributes(document: Document, own: Sequence[Link]) -> Title:
    for link in own:
        attrs = document.nodes[link.node].attrs
        for name in ("title", "aria-label"):
            text = " ".join(attrs.get(name, "").split())
            if text and not is_more(text):
                return _clean(text), "attribute", link.node
    for link in own:
        for index in document.within(link.node):
            node = document.nodes[index]
            alt = " ".join(node.attrs.get("alt", "").split()) if node.tag == "img" else ""
            if len(alt) > 2 and not re.search(r"\.(jpe?g|png|gif|webp)$", alt, re.I):
                return _clean(alt), "image", link.node
    numbered = next((link for link in own if is_figures(link.text)), None)
    return (numbered.text, "link", numbered.node) if numbered else ("", "", own[0].node)


def _clean(text: str) -> str:
    text = _EMPTY_BRACKETS.sub("", text)
    text = _TITLE_LABEL.sub("", " ".join(text.split()).strip("→›»↗⟩►▸•▪■◦‣ "))
    return re.sub(r"\s+([,;:.!?])(?=\s|$)", r"\1", text)[:MAX_TITLE].strip()
