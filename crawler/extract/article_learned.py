"""Reading an article by what is known of its source's template, and learning that template.

A block's *kind* names the place it stands in: the steps from the scope down to its element, each
step a tag with its id and first classes, and whether the block is mostly a link. The general
extractors' choice on a source's first pages tells which kinds are text. A page fits while its
scope is there, its title stands where titles stand, every kind on it is known, and its text is
as long and as little linked as the others; anything else is left to the general extractors, so
that a redesign is noticed on its first page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from crawler.extract.article_cleaning import clean_text
from crawler.extract.article_metadata import Metadata
from crawler.extract.article_page import Block, Page, in_blocks
from crawler.extract.article_templates import (
    MOST_KINDS,
    MOST_STEPS,
    Kind,
    Template,
    Templates,
)
from crawler.extract.article_text import before_comments
from crawler.extract.article_title import title_claims, title_heading

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Parts of names that differ from page to page: numbers, and what content systems write of one
# article's categories, tags and author.
_VARIES = re.compile(
    r"\d|^(?:category|tag|author|term|topic|kategorie|schlagwort|format|status|has|is)[-_]"
    r"|^(?:first|last|odd|even|active|current|sticky)$",
    re.IGNORECASE,
)
_CLASSES = 2
# Of several elements with a scope's steps so many are tried.
_MOST_SCOPES = 4
# A text fits when it has at least this share of the shortest's characters that was seen, and at
# most so many times the longest's.
_SHORTEST, _LONGEST = 0.4, 3.0
_FEWEST_CHARACTERS = 200
_MORE_LINKS = 0.15
_MOSTLY_LINK = 0.5
# Datelines stand in a text's first paragraphs, "published on" in its last; longer ones between
# them tell other days.
_DATED_BLOCKS = 2
_LINE = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's text and title, by whomever they were found."""

    page: Page  # the whole page, or what stands within the scope
    title: Block
    blocks: list[Block]  # the text's
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """A page read by a template."""

    template: Template
    reading: Reading


def read_by_template(
    page: Page, metadata: Metadata, templates: Templates, hint_title: str = ""
) -> Known | None:
    """The page as the first template that it fits reads it; None where it fits none.

    ``page`` needs no blocks; ``hint_title`` is the listing's title. Nothing is said about trust.
    """
    claims = title_claims(page, metadata, hint_title)
    for template in templates.known:
        for scope in _scopes(page.root, template.scope):
            reading = _read(in_blocks(page, scope), template, claims)
            if reading is not None:
                return Known(template, reading)
    return None


def learned(found: Reading, templates: Templates, known: Known | None, right: bool) -> Templates:
    """With what the general extractors found on a page.

    ``known`` is the same page as a template reads it, None where it fits none; ``right`` whether
    that came to the same article.
    """
    scope = _common([found.title.element, *(block.element for block in found.blocks)])
    steps = _steps(scope)
    if steps is None or len(found.text) < _FEWEST_CHARACTERS:
        return templates
    template = templates.at(steps)
    if known is not None and known.template.scope == template.scope:
        template = replace(template, right=template.right + 1 if right else 0, read=0)
    elif known is not None:
        templates = templates.with_template(replace(known.template, right=0, read=0))
    return templates.with_template(_taught(template, found, scope))


def _read(scope: Page, template: Template, claims: Sequence[str]) -> Reading | None:
    """The scope's title and text; None where the template does not fit."""
    title = title_heading(scope, claims)
    if title is None:
        return None
    kinds = _kinds(scope, title)
    if kinds.get(title.index) != template.title:
        return None
    chosen = []
    for block in scope.blocks:
        if block is title:
            continue
        kind = template.kinds.get(kinds[block.index])
        is_text = kind.is_text if kind else None
        if is_text is None:
            return None
        chosen += [block] if is_text else []
    chosen = before_comments(scope.blocks, chosen, title)
    text = clean_text(chosen, title.text, title)
    if not _fits(text, chosen, template):
        return None
    within = chosen[_DATED_BLOCKS:-_DATED_BLOCKS]
    prose = frozenset(block.index for block in within if len(block.text) > _LINE)
    return Reading(replace(scope, prose=prose), title, chosen, text)


def _fits(text: str, blocks: Sequence[Block], template: Template) -> bool:
    """Whether a text is as long, and as little linked, as those of the template."""
    least = max(_FEWEST_CHARACTERS, _SHORTEST * template.shortest)
    is_long_enough = least <= len(text) <= _LONGEST * template.longest
    return is_long_enough and _links(blocks) <= template.links + _MORE_LINKS


def _links(blocks: Sequence[Block]) -> float:
    characters = sum(len(block.text) for block in blocks)
    return sum(block.link_characters for block in blocks) / max(1, characters)


def _taught(template: Template, found: Reading, scope: HtmlElement) -> Template:
    """A template with one more page's kinds."""
    inside = in_blocks(found.page, scope)
    own = (found.title.element, found.title.text)
    title = next((block for block in inside.blocks if (block.element, block.text) == own), None)
    if title is None:
        return template
    names = _kinds(inside, title)
    text = {(block.element, block.text) for block in found.blocks}
    seen: dict[str, list[int]] = {}
    for block in inside.blocks:
        if block is not title:
            counts = seen.setdefault(names[block.index], [0, 0])
            counts[(block.element, block.text) not in text] += len(block.text)
    known = {
        name: template.kinds.get(name, Kind()).with_page(*counts) for name, counts in seen.items()
    }
    size = len(found.text)
    return replace(
        template,
        title=names[title.index],
        kinds=_newest(known, template.kinds),
        shortest=min(size, template.shortest or size),
        longest=max(size, template.longest),
        links=max(_links(found.blocks), template.links),
    )


def _newest(seen: Mapping[str, Kind], before: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds of this page, then those of earlier ones, as many as are kept."""
    earlier = {name: kind for name, kind in before.items() if name not in seen}
    return dict([*seen.items(), *earlier.items()][:MOST_KINDS])


# -- places ---------------------------------------------------------------------------------------


def _kinds(scope: Page, title: Block) -> dict[int, str]:
    """The name of every block's kind, by its index."""
    steps: dict[HtmlElement, str] = {scope.root: ""}
    names = {}
    for block in scope.blocks:
        place = _place(block.element, steps)
        below = "_" if block.index > title.index else "^"
        linked = "a" if block.link_density > _MOSTLY_LINK else ""
        names[block.index] = f"{crc32(f'{place}{below}{linked}'.encode()):x}"
    return names


def _place(element: HtmlElement, known: dict[HtmlElement, str]) -> str:
    """The steps to an element of the scope; ``known`` holds those of others, the scope's too."""
    missing = []
    while element not in known:
        missing.append(element)
        element = element.getparent()
    for each in reversed(missing):
        known[each] = f"{known[element]}/{_step(each)}"
        element = each
    return known[element]


def _steps(scope: HtmlElement | None) -> tuple[str, ...] | None:
    """The steps from below body down to a scope; None where they are too many or no body is."""
    steps: list[str] = []
    while scope is not None and scope.tag != "body":
        steps.append(_step(scope))
        scope = scope.getparent()
    return None if scope is None or len(steps) > MOST_STEPS else tuple(reversed(steps))


def _scopes(root: HtmlElement, steps: Iterable[str]) -> list[HtmlElement]:
    """The elements that the steps lead to, few at most."""
    body = root.find("body")
    found = [] if body is None else [body]
    for step in steps:
        tag = step.partition("#")[0].partition(".")[0]
        near = (child for each in found for child in each.iterchildren(tag))
        found = list(islice((child for child in near if _step(child) == step), _MOST_SCOPES))
    return found


def _step(element: HtmlElement) -> str:
    return _named(str(element.tag), element.get("id") or "", element.get("class") or "")


@lru_cache(maxsize=20_000)
def _named(tag: str, id_: str, classes: str) -> str:
    """A tag with its id and first classes, without those that differ from page to page."""
    kept = [name for name in classes[:400].split() if not _VARIES.search(name)][:_CLASSES]
    own = "" if not id_ or len(id_) > 80 or _VARIES.search(id_) else f"#{id_}"
    return f"{tag}{own}{''.join(f'.{name}' for name in kept)}"


def _common(elements: Iterable[HtmlElement]) -> HtmlElement | None:
    """The innermost element around all of the elements."""
    paths = [_path(element) for element in elements]
    common = None
    for level in zip(*paths, strict=False):
        if any(element is not level[0] for element in level):
            break
        common = level[0]
    return common


def _path(element: HtmlElement) -> list[HtmlElement]:
    return [element, *element.iterancestors()][::-1]
