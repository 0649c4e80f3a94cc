"""What a source's article pages have in common: where title and text stand on them.

A ``Template`` is learned from what the general extractors read (``article_learned``). It is trusted
after it has foretold their result on several pages in a row, is compared with them again now and
then, and a page that it does not fit is theirs. A source may have a few of them: news and a blog.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

LEARNED = "articles"  # the key in what is learned of a source
MOST_TEMPLATES = 3
MOST_KINDS = 150  # of blocks; a page with more has no template
MOST_STEPS = 40
# What a page counts that was foretold as the general extractors read it: in every word, or nearly.
EXACTLY, NEARLY = 2, 1
ENOUGH = 2  # of that, pages in a row
ENOUGH_MIXED = 7  # the same where these waver
CHECK_EVERY = 32  # pages read by a trusted template until they are asked again
# Up to this share one side, text or not, is an accident; up to the other the majority decides.
_PURE, _DECIDED = 0.03, 0.3
# What was seen long ago weighs less: a site may put another thing in the same place.
_FADING = 0.8


@dataclass(frozen=True, slots=True)
class Kind:
    """The blocks that stand in one place of a template: their characters in the article's text,
    and those left out."""

    text: float = 0.0
    other: float = 0.0

    def with_page(self, text: int, other: int) -> Kind:
        """With what one more page holds there."""
        return Kind(self.text * _FADING + text, self.other * _FADING + other)

    @property
    def is_text(self) -> bool | None:
        """Whether such blocks are text; None where they are both, or none was seen."""
        total = self.text + self.other
        if not total or self._minority > _DECIDED * total:
            return None
        return self.text >= self.other

    @property
    def is_mixed(self) -> bool:
        """Whether the general extractors took such blocks here and left them out there."""
        return self._minority > _PURE * (self.text + self.other)

    @property
    def _minority(self) -> float:
        return min(self.text, self.other)


@dataclass(frozen=True, slots=True)
class Template:
    """One layout of a source's article pages."""

    scope: tuple[str, ...]  # the host, then steps from below body to what holds title and text
    title: str = ""  # the kind of the title's block
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # by their names in ``article_learned``
    shortest: int = 0  # characters of the texts that taught it
    longest: int = 0
    links: float = 0.0  # the highest share of their text in links
    right: int = 0  # what the pages in a row count that it foretold
    dated: int = 0  # pages in a row whose dates stand within the scope
    read: int = 0  # pages read by it since it was compared

    def is_trusted(self, *, mixed: bool = False) -> bool:
        """Whether a page may be read by it alone; ``mixed``: one with blocks of kinds over which
        the general extractors waver."""
        return self.right >= (ENOUGH_MIXED if mixed else ENOUGH) and self.read < CHECK_EVERY

    def as_learned(self) -> dict[str, Any]:
        """As JSON; characters are rounded."""
        return {
            "scope": list(self.scope),
            "title": self.title,
            "kinds": {name: [round(k.text), round(k.other)] for name, k in self.kinds.items()},
            "numbers": [self.shortest, self.longest, self.right, self.dated, self.read],
            "links": round(self.links, 3),
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From JSON. Raises KeyError, TypeError, ValueError or AttributeError for anything odd."""
        shortest, longest, right, dated, read = map(int, told["numbers"])
        host, *steps = map(str, told["scope"])
        kinds = {str(n): Kind(float(t), float(o)) for n, (t, o) in told["kinds"].items()}
        return cls(
            (host, *steps), str(told["title"]), kinds,
            shortest, longest, float(told["links"]), right, dated, read,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Templates:
    """A source's templates, the one that fitted last first."""

    known: tuple[Template, ...] = ()

    @classmethod
    def of(cls, learned: Mapping[str, Any]) -> Self:
        """From what is stored of a source; anything odd counts as nothing learned."""
        told = learned.get(LEARNED)
        try:
            return cls(tuple(Template.of(one) for one in told or ())[:MOST_TEMPLATES])
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls()

    def as_learned(self) -> list[dict[str, Any]]:
        """As it is stored under LEARNED."""
        return [one.as_learned() for one in self.known]

    def at(self, scope: Sequence[str]) -> Template:
        """The template of a scope; an empty one where nothing is known of it."""
        wanted = tuple(scope)
        return next((one for one in self.known if one.scope == wanted), Template(wanted))

    def with_template(self, one: Template) -> Templates:
        """With ``one`` in front, instead of what was known of its scope."""
        others = (each for each in self.known if each.scope != one.scope)
        return Templates((one, *others)[:MOST_TEMPLATES])

    def used(self, one: Template) -> Templates:
        """After a page was read by ``one`` alone."""
        return self.with_template(replace(one, read=one.read + 1))
