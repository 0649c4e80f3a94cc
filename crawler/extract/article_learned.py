"""Reading an article by what is known of its source's template, and learning that template.

A block's *kind* names the place it stands in: the steps from the scope down to its element, each
step a tag with its id and first classes, and whether the block is mostly a link. The general
extractors' choice on a source's first pages tells which kinds are text. A page fits while its
scope is there, its title stands where titles stand, every kind on it is known but for short
furniture, and its text is as long and as little linked as the others. Blocks of kinds that no page
had are text where the densest container takes them, if it agrees about all others; anything else
is left to the general extractors, so that a redesign is noticed on its first page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from crawler.extract.article_cleaning import clean_text
from crawler.extract.article_container import container_blocks
from crawler.extract.article_page import Block, Page, in_blocks
from crawler.extract.article_templates import (
    EXACTLY,
    MOST_KINDS,
    MOST_STEPS,
    NEARLY,
    Kind,
    Template,
    Templates,
)
from crawler.extract.article_text import before_comments
from crawler.extract.article_title import agrees, title_heading

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
_UNKNOWN, _FURNITURE = Kind(), Kind(other=1.0)
# The general extractors waver by that share of a text: an author's note taken here, left there.
_APART = 0.12


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
    reading: Reading  # of the blocks whose kinds are known
    is_trusted: bool  # the template alone may read it
    unseen: list[Block]  # those of kinds that no page has had yet


def read_by_template(page: Page, claims: Sequence[str], templates: Templates) -> Known | None:
    """The page as the first template that it fits reads it; None where it fits none.

    ``page`` needs no blocks; ``claims`` say what its title is, the listing's title among them.
    """
    for template in templates.known:
        if template.scope[0] != _host(page.url):
            continue
        for scope in _scopes(page.root, template.scope[1:]):
            if known := _read(in_blocks(page, scope), template, claims):
                return known
    return None


def confirmed(page: Page, known: Known, title: str, heading: Block | None) -> list[Block]:
    """The blocks of the whole ``page`` that are text where the densest container and a template
    which is still being learned, or does not know all of the page, read the same of what it knows:
    two that agree need no further reader. [] where they do not, or the template is looked at
    again."""
    if known.template.read and not known.unseen:
        return []
    unseen = {(block.element, block.text) for block in known.unseen}
    dense = container_blocks(page)
    both = [block for block in dense if (block.element, block.text) not in unseen]
    if clean_text(both, title, heading) != known.reading.text:
        return []
    told = {(block.element, block.text) for block in known.reading.blocks}
    told |= unseen.intersection((block.element, block.text) for block in dense)
    return [block for block in page.blocks if (block.element, block.text) in told]


def learned(
    found: Reading, claims: Sequence[str], templates: Templates, known: Known | None, right: int
) -> Templates:
    """With what the general extractors found on a page.

    ``claims`` say what its title is; ``known`` is the same page as a template reads it, None where
    it fits none; ``right`` what it counts that this came to the same article, 0 where it did not.
    """
    scope = _common([found.title.element, *(block.element for block in found.blocks)])
    steps = _steps(scope)
    if steps is None or len(found.text) < _FEWEST_CHARACTERS:
        return templates
    template = templates.at((_host(found.page.url), *steps))
    if known is not None and known.template.scope == template.scope:
        template = replace(template, right=template.right + right if right else 0, read=0)
    elif known is not None:
        templates = templates.with_template(replace(known.template, right=0, read=0))
    return templates.with_template(_taught(template, found, claims, scope))


def likeness(text: str, other: str) -> int:
    """What two readings of a page count: EXACTLY where they are the same, NEARLY where they differ
    in a line that one of them took, 0 where in more."""
    if text == other:
        return EXACTLY
    own, theirs = Counter(text.split("\n\n")), Counter(other.split("\n\n"))
    apart = sum(len(line) * times for line, times in ((own - theirs) + (theirs - own)).items())
    return NEARLY if apart <= _APART * max(len(text), len(other)) else 0


def _read(scope: Page, template: Template, claims: Sequence[str]) -> Known | None:
    """The scope's title and text; None where the template does not fit."""
    title = title_heading(scope, claims)
    if title is None:
        return None
    kinds = _kinds(scope, title, claims)
    if kinds[title.index] != template.title:
        return None
    told = {
        block.index: template.kinds.get(kinds[block.index]) or _unseen(block)
        for block in scope.blocks
    }
    del told[title.index]
    unseen = [block for block in scope.blocks if told.get(block.index) is _UNKNOWN]
    if any(kind.is_text is None for kind in told.values() if kind is not _UNKNOWN):
        return None
    chosen = [block for block in scope.blocks if block is not title and told[block.index].is_text]
    chosen = before_comments(scope.blocks, chosen, title)
    text = clean_text(chosen, title.text, title)
    if not _fits(text, chosen, template):
        return None
    trusted = template.is_trusted(mixed=any(kind.is_mixed for kind in told.values()))
    trusted = trusted and not unseen
    within = chosen[_DATED_BLOCKS:-_DATED_BLOCKS]
    prose = frozenset(block.index for block in within if len(block.text) > _LINE)
    reading = Reading(replace(scope, prose=prose), title, chosen, text)
    return Known(template, reading, trusted, unseen)


def _unseen(block: Block) -> Kind:
    """What a block is whose kind no page has had yet: short furniture is no text anywhere."""
    is_furniture = block.furniture and len(block.text) <= _LINE
    return _FURNITURE if is_furniture else _UNKNOWN


def _fits(text: str, blocks: Sequence[Block], template: Template) -> bool:
    """Whether a text is as long, and as little linked, as those of the template."""
    least = max(_FEWEST_CHARACTERS, _SHORTEST * template.shortest)
    is_long_enough = least <= len(text) <= _LONGEST * template.longest
    return is_long_enough and _links(blocks) <= template.links + _MORE_LINKS


def _links(blocks: Sequence[Block]) -> float:
    characters = sum(len(block.text) for block in blocks)
    return sum(block.link_characters for block in blocks) / max(1, characters)


def _taught(
    template: Template, found: Reading, claims: Sequence[str], scope: HtmlElement
) -> Template:
    """A template with one more page's kinds."""
    inside = in_blocks(found.page, scope)
    own = (found.title.element, found.title.text)
    title = next((block for block in inside.blocks if (block.element, block.text) == own), None)
    if title is None:
        return template
    names = _kinds(inside, title, claims)
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


def _kinds(scope: Page, title: Block, claims: Sequence[str]) -> dict[int, str]:
    """The name of every block's kind, by its index; the title's tells whether a claim says it."""
    steps: dict[HtmlElement, str] = {scope.root: ""}
    names = {}
    for block in scope.blocks:
        place = _place(block.element, steps)
        below = "_" if block.index > title.index else "^"
        linked = "a" if block.link_density > _MOSTLY_LINK else ""
        names[block.index] = f"{crc32(f'{place}{below}{linked}'.encode()):x}"
    if not any(agrees(title.text, claim) for claim in claims):
        names[title.index] += "?"
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


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


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
