"""A process that stays up while the declarations change beside it.

Any command brings the file's topics into the database. Who started before holds older ones and
must not decide stored items by them: two processes would take turns for ever.
"""

from __future__ import annotations

from crawler.config import Settings, load
from crawler.errors import ClusterwatchError
from crawler.sources.catalogue import seed_sources
from crawler.wiring import Parts, declared_topics


def in_step(parts: Parts) -> bool:
    """Whether this process holds the declared topics that were last brought into the database.

    Where only its file holds them, the file is read again: that is the state all commands
    work with already.
    """
    if _is_synced(parts, parts.settings):
        return True
    newer = _read_again(parts)
    if newer is None:
        return False
    parts.settings = newer
    parts.forget_topics()
    return True


def _read_again(parts: Parts) -> Settings | None:
    """The file as it stands now; None where it declares other topics than the database holds."""
    try:
        settings = load(parts.settings.path, default_sources=seed_sources())
        return settings if _is_synced(parts, settings) else None
    except ClusterwatchError:
        return None


def _is_synced(parts: Parts, settings: Settings) -> bool:
    declared = {topic.id: topic.version for topic in declared_topics(settings)}
    return declared == parts.topic_store.declared(settings.clusterwatch.name)
