"""Which query parameters of one source say nothing: learned by comparing what comes back.

The shipped list (``crawler.tracking``) knows what is noise everywhere. Of every other
parameter a source's own items tell: where three of them came back the same under two
addresses that differ in that parameter alone, and no two entries of its pages differ in it
and in what they tell, it is noise for this source. Until then, and ever after one
contradiction, it selects content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from crawler.errors import ExtractError
from crawler.identity import address_of, bare_title
from crawler.model.item import RawItem

LEARNED = "parameters"  # the key in what is learned of a source
ENOUGH = 3  # items that came back the same
MOST = 40  # parameters that are remembered of a source
MAX_NAME = 80  # characters


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a source taught us of its parameters. Names are escaped as in the address."""

    same: Mapping[str, tuple[str, ...]]  # the items that came back the same without them
    other: frozenset[str]  # those that tell items apart

    @classmethod
    def of(cls, learned: Mapping[str, Any]) -> Self:
        """From what is stored; anything odd counts as nothing learned."""
        told = learned.get(LEARNED)
        told = told if isinstance(told, dict) else {}
        same = told.get("same")
        other = told.get("other")
        kept = same.items() if isinstance(same, dict) else ()
        return cls(
            {str(name): tuple(map(str, ids)) for name, ids in kept if isinstance(ids, list)},
            frozenset(map(str, other)) if isinstance(other, list) else frozenset(),
        )

    def as_learned(self) -> dict[str, Any]:
        """As it is stored; {} where nothing was learned."""
        if not self.same and not self.other:
            return {}
        same = {name: list(ids) for name, ids in sorted(self.same.items())[:MOST]}
        return {LEARNED: {"same": same, "other": sorted(self.other)[:MOST]}}

    @property
    def noise(self) -> frozenset[str]:
        """The parameters that are dropped when entries of this source are identified."""
        return frozenset(
            name for name, ids in self.same.items() if len(ids) >= ENOUGH and name not in self.other
        )

    def with_same(self, item: str, address: str, others: Iterable[str]) -> Self:
        """After an item came back the same at ``address``: what it does not need to differ
        from one of the item's ``others``, all canonical."""
        same = dict(self.same)
        for name in (n for other in others if (n := only_difference(address, other))):
            if item not in same.get(name, ()):
                same[name] = (*same.get(name, ()), item)[:ENOUGH]
        return type(self)(same, self.other)

    def with_listed(self, listed: Sequence[RawItem]) -> Self:
        """After a page listed entries: those that differ in one parameter and in their title
        show that it selects content."""
        return type(self)(self.same, self.other | _selecting(listed))


def without(canonical: str, names: Collection[str]) -> str:
    """A canonical address without these parameters."""
    if not names or "?" not in canonical:
        return canonical
    parts = urlsplit(canonical)
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in names]
    return urlunsplit(parts._replace(query="&".join(kept)))


def only_difference(one: str, other: str) -> str:
    """The one parameter in which two canonical addresses differ, in its value or by being
    there; "" where they are the same or differ in more."""
    ours, theirs = urlsplit(one), urlsplit(other)
    if ours._replace(query="") != theirs._replace(query=""):
        return ""
    changed = set(ours.query.split("&")) ^ set(theirs.query.split("&"))
    names = {pair.partition("=")[0] for pair in changed if pair} - {"cHash"}
    name = names.pop() if len(names) == 1 else ""
    return name if len(name) <= MAX_NAME else ""


def _selecting(listed: Sequence[RawItem]) -> frozenset[str]:
    told: dict[tuple[str, str], set[str]] = {}
    for raw in listed:
        title = bare_title(raw.title) if "?" in raw.url else ""
        for name, rest in _stems(raw.url) if title else ():
            told.setdefault((name, rest), set()).add(title)
    return frozenset(name for (name, _), titles in told.items() if len(titles) > 1)


def _stems(url: str) -> Iterable[tuple[str, str]]:
    """Each parameter of an address, and the address without it."""
    try:
        canonical = address_of(url)
    except ExtractError:
        return
    query = urlsplit(canonical).query
    names = dict.fromkeys(pair.partition("=")[0] for pair in query.split("&") if pair)
    for name in names:
        if name != "cHash" and len(name) <= MAX_NAME:
            yield name, without(canonical, (name, "cHash"))
