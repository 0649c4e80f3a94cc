"""The parts that visits work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

from crawler.comparison import Comparison, Listed
from crawler.config import Settings
from crawler.fetch.batches import Batch
from crawler.fetch.network import Allows, OwnNetwork
from crawler.fetch.one_by_one import OneByOne
from crawler.fetch.parsing import Parsing
from crawler.fetch.rendering import Renderer
from crawler.fetch.room import Room
from crawler.ingest import Ingest
from crawler.model.source import Validators
from crawler.storage.fetched import FetchedStore

COMPARED_AT_ONCE = 50  # pages


@dataclass(frozen=True, slots=True)
class Ports:
    """The parts a visit works with, built in one place and handed over.

    What visits that run side by side ask of ``compare`` and ``validators`` is asked together.
    """

    ingest: Ingest
    storing: OneByOne
    room: Room
    compare: Callable[[Listed], Awaitable[Comparison]]
    validators: Callable[[str], Awaitable[Validators | None]]  # by their key
    fetched: FetchedStore
    parsing: Parsing
    clock: Callable[[], datetime]
    zone: tzinfo
    folder: Path  # relative paths count from here
    renderer: Renderer
    network: OwnNetwork
    obey_tdm: bool  # pages that reserve text and data mining are not read

    @classmethod
    def of(
        cls,
        settings: Settings,
        ingest: Ingest,
        parsing: Parsing,
        renderer: Renderer,
        clock: Callable[[], datetime],
        allows: Allows,
        owner: str,
    ) -> Self:
        """Those of an installation's crawl; ``owner``: of its leases."""
        fetched = FetchedStore(ingest.database)
        return cls(
            ingest=ingest,
            storing=OneByOne(ingest, clock, owner),
            room=Room(),
            compare=Batch(ingest.compare_many, at_most=COMPARED_AT_ONCE).ask,
            validators=Batch(fetched.validators_of).ask,
            fetched=fetched,
            parsing=parsing,
            clock=clock,
            zone=settings.zone,
            folder=settings.folder,
            renderer=renderer,
            network=OwnNetwork(
                ingest.network, proxy=settings.crawl.proxy, clock=clock, allows=allows
            ),
            obey_tdm=settings.crawl.obey_tdm,
        )
