"""What the outbox sends next: many ids looked for at once, claimed a few at a time."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Collection
from datetime import datetime

from crawler.storage.claims import ClaimStore, Ready

_AT_ONCE, _CONTENDED = 400, 50  # deliveries looked for, alone and beside other owners
TOGETHER = 25  # claimed in one transaction


class Lookahead:
    """Deliveries that were ready when they were looked for.

    Those by channels that cannot look up are claimed several at once: what a killed process had
    claimed is sent again as an ambiguous one, as the one that it was sending has to be anyway.
    Where each would have to be looked up, they are claimed one by one.
    """

    def __init__(self, claims: ClaimStore, one_by_one: Collection[str]) -> None:
        """``one_by_one``: channels that can look up."""
        self._claims = claims
        self._one_by_one = one_by_one
        self._waiting: deque[Ready] = deque()
        self._missed: set[str] = set()
        self._contended = False

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def look(self, now: datetime) -> bool:
        """Whether anything is ready; beside other owners in any order, lest all want the same."""
        ready = self._claims.ready(now, _AT_ONCE)
        found = [one for one in ready if one.delivery not in self._missed]
        if self._contended:
            random.shuffle(found)
            found = found[:_CONTENDED]
        self._waiting.extend(found)
        return bool(found)

    def next(self) -> list[str]:
        """The ids that are claimed together next."""
        ids = [self._waiting[0].delivery]
        together = self._together(self._waiting.popleft())
        while together and self._waiting and len(ids) < TOGETHER:
            if not self._together(self._waiting[0]):
                break
            ids.append(self._waiting.popleft().delivery)
        return ids

    def forget(self) -> None:
        """Look anew: more may be ready, and its turn sooner."""
        self._waiting.clear()

    def missed(self, ids: Collection[str]) -> None:
        """Other owners were faster."""
        if ids:
            self._missed.update(ids)
            self._contended = True
            self.forget()

    def _together(self, one: Ready) -> bool:
        return not one.ambiguous and one.channel not in self._one_by_one
