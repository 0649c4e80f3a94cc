"""A process whose loop stands still ends itself, and says where it stood.

A page may hold the interpreter in a parser's own code, where no thread of ours runs;
faulthandler's timer needs no interpreter. Whoever started the process starts it anew.
"""

from __future__ import annotations

import asyncio
import faulthandler

STILL_SECONDS = 180  # a loop that turned no more for so long will not turn again
_REARM_SECONDS = 10


async def watch() -> None:
    """Push the end of the process away as long as the loop turns; cancelled: no longer."""
    try:
        while True:
            faulthandler.dump_traceback_later(STILL_SECONDS, exit=True)
            await asyncio.sleep(_REARM_SECONDS)
    finally:
        faulthandler.cancel_dump_traceback_later()
