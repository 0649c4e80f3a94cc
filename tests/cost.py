"""What hostile input may cost: far below what a quadratic reading of it would take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Not a timing: what these pages must not do takes minutes to hours, on every machine.
CATASTROPHE_SECONDS = 60.0


@contextmanager
def bounded() -> Iterator[None]:
    """Fail where the block costs this thread more than `CATASTROPHE_SECONDS` of CPU."""
    started = time.thread_time()
    yield
    assert time.thread_time() - started < CATASTROPHE_SECONDS
