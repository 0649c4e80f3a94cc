"""What every command has in common: its options, its exit codes, and how results are printed."""

from __future__ import annotations

import functools
import inspect
import json
import os
import re
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from crawler import logs
from crawler.cli.streams import speak_everywhere
from crawler.errors import (
    ClusterwatchError,
    ConfigError,
    SourceError,
    SubscriptionError,
    UsageError,
)

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from rich.console import Console

    from crawler.config import Settings
    from crawler.wiring import Parts

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
# What JSON may hold as it is and a terminal obeys or does not show: C1 controls, characters without
# width, directions, halves of pairs.
_HIDDEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration file.", metavar="FILE", show_default=False),
]
VerboseOption = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Say more; twice: everything.")
]
QuietOption = Annotated[int, typer.Option("--quiet", "-q", count=True, help="Say only errors.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


@dataclass
class Door:
    """What a command gets: where its settings are, and how it speaks."""

    config: Path | None = None
    verbosity: int = 0
    failures: list[str] = field(default_factory=list)
    sync_also: Callable[[Parts, datetime], None] | None = None  # what the alerts declare
    missing: Path | None = None  # the SQLite file that was not there when the settings were read
    _stand_in: TemporaryDirectory[str] | None = None  # holds the database of ``looking``

    @functools.cached_property
    def settings(self) -> Settings:
        """The installation's settings. Raises ConfigError."""
        from crawler.cli.missing import missing_database
        from crawler.config import load
        from crawler.sources.catalogue import seed_sources

        loaded = load(self.config, default_sources=seed_sources())
        self.missing = missing_database(loaded)
        return loaded

    @functools.cached_property
    def looking(self) -> Settings:
        """The settings for a command that only looks: where there is no database yet, an empty one
        elsewhere stands for it until the command ends, which says so."""
        from tempfile import TemporaryDirectory

        from crawler.cli.missing import stand_in

        settings = self.settings
        if self.missing is None:
            return settings
        self._stand_in = TemporaryDirectory(prefix="clusterwatch-")
        return stand_in(settings, Path(self._stand_in.name))

    @contextmanager
    def open(
        self, *, sync: bool = False, looks: bool = False, readers: bool = True
    ) -> Iterator[Parts]:
        """The crawler's parts; ``sync`` brings everything the file declares into the database,
        ``looks`` makes none.

        Without ``readers`` the command is about topics or sources alone: what is wrong with a
        subscription is a warning, once the command has done what may have mended it. Raises
        ConfigError and StorageError.
        """
        from crawler.storage.database import utc_now
        from crawler.wiring import open_parts, sync_watched

        with open_parts(self.looking if looks else self.settings) as parts:
            if sync:
                sync_watched(parts, utc_now())
            if sync and readers:
                self._sync_readers(parts, utc_now())
            yield parts
            if sync and not readers:
                try:
                    self._sync_readers(parts, utc_now())
                except ConfigError as error:
                    self.warn(error.line())

    def _sync_readers(self, parts: Parts, now: datetime) -> None:
        """What the alerts declare. Raises ConfigError where it is wrong."""
        from crawler.wiring import check_references

        check_references(parts)
        if self.sync_also is not None:
            self.sync_also(parts, now)

    @functools.cached_property
    def console(self) -> Console:
        """For people, on stdout."""
        from rich.console import Console

        return Console(soft_wrap=True, highlight=False, emoji=False, markup=False)

    @functools.cached_property
    def messages(self) -> Console:
        """For people, on stderr: progress and warnings."""
        from rich.console import Console

        return Console(stderr=True, soft_wrap=True, highlight=False, emoji=False, markup=False)

    def absence(self) -> str:
        """Of a command that looks: that there is no database; else ""."""
        from crawler.cli.missing import no_database

        return no_database(self.missing) if self._stand_in and self.missing else ""

    def say_what_is_new(self, *, soon: bool = False) -> None:
        """That there is no database, or that this command made one or, running, will ``soon``."""
        if absence := self.absence():
            self.warn(absence)
        elif self.missing is not None and (soon or self.missing.exists()):
            self.warn(f"A new database {'is' if soon else 'was'} made: {self.missing}")
            self.missing = None

    def leave(self) -> None:
        """The command has ended: what stood in for the database is removed."""
        if self._stand_in is not None:
            self._stand_in.cleanup()

    def say(self, line: str = "") -> None:
        """One line of result."""
        self.console.print(printable(line))

    def say_row(self, line: str) -> None:
        """One row of a table: what a terminal has no room for goes below, indented. Elsewhere a
        row is a line."""
        if not sys.stdout.isatty():  # the console's word may be forced, as FORCE_COLOR does
            self.say(line)
            return
        for part in textwrap.wrap(
            printable(line), max(40, self.console.width), subsequent_indent="    ",
            break_long_words=False, break_on_hyphens=False,
        ):  # fmt: skip
            self.say(part)

    def warn(self, line: str) -> None:
        """One line on stderr that does not change the exit code."""
        self.messages.print(printable(line))

    def fail(self, line: str) -> None:
        """A part failed: named on stderr, and the command ends with exit code 1."""
        self.failures.append(line)
        self.messages.print(printable(line))

    def json(self, document: Any) -> None:
        """One JSON document on stdout and nothing else."""
        # The same document everywhere: a terminal of another charset gets the escapes of JSON.
        anything = (sys.stdout.encoding or "utf-8").lower().replace("-", "").startswith("utf")
        text = json.dumps(document, ensure_ascii=not anything, indent=2)
        sys.stdout.write(_HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
        sys.stdout.flush()


def printable(text: str) -> str:
    """Text of strangers, safe for a terminal: no control, escape or direction characters."""
    return "".join(
        char if char.isprintable() or char == "\n" else " "
        for char in text
        if char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def group(name: str, help_text: str) -> typer.Typer:
    """A command group."""
    return typer.Typer(
        name=name,
        help=help_text,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )


def command(app: typer.Typer, name: str | None = None, **options: Any) -> Callable[..., Any]:
    """Register ``function(door, …)`` as a command that takes --config, -v and -q too.

    The function's docstring is its help; its last paragraph shows an example.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        app.command(name, **options)(_with_door(function))
        return function

    return register


_CONTEXT = inspect.Parameter(
    "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
)
_SHARED = tuple(
    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
    for name, annotation, default in (
        ("config", ConfigOption, None),
        ("verbose", VerboseOption, 0),
        ("quiet", QuietOption, 0),
    )
)


def _with_door(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(ctx: typer.Context, **values: Any) -> None:
        config, verbose, quiet = (values.pop(one.name) for one in _SHARED)
        inherited: Door = ctx.ensure_object(Door)
        door = Door(
            config or inherited.config,
            inherited.verbosity + verbose - quiet,
            sync_also=inherited.sync_also,
        )
        logs.configure(door.verbosity)
        try:
            function(door, **values)
        except ClusterwatchError as error:  # stays one line
            error.remedy = f"{error.remedy} {door.absence()}".strip()
            raise
        finally:
            door.leave()
        door.say_what_is_new()
        if door.failures:
            raise typer.Exit(FAILED)

    run.__name__ = function.__name__
    run.__doc__ = function.__doc__
    parameters = [_CONTEXT, *_own_parameters(function), *_SHARED]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _own_parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(function, include_extras=True)
    return [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[one.name])
        for one in inspect.signature(function).parameters.values()
        if one.name != "door"
    ]


def run(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Run the application; errors of ours become one line and the contract's exit code."""
    _stop_like_an_interrupt()
    speak_everywhere()
    try:
        result = app(args=arguments, standalone_mode=False, prog_name="clusterwatch")
        sys.stdout.flush()
    except ClusterwatchError as error:
        return _refuse(error)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("Interrupted.\n")
        return INTERRUPTED
    except OSError as error:
        return _refuse(_file_error(error))
    except typer.Exit as stop:
        return stop.exit_code
    except Exception as error:
        return _click_error(error)
    return result if isinstance(result, int) else DONE


def _stop_like_an_interrupt() -> None:
    """SIGTERM ends a command the way Ctrl-C does: leases are handed back. The daemon sets its
    own handlers in its loop."""

    def interrupt(_number: int, _frame: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    signal.signal(signal.SIGTERM, interrupt)


def _file_error(error: OSError) -> UsageError:
    name = error.filename if isinstance(error.filename, str) else "A file"
    return UsageError(
        f"{name}: {(error.strerror or str(error) or 'cannot be used').lower()}.",
        remedy="Choose another file or folder.",
    )


def _refuse(error: ClusterwatchError) -> int:
    sys.stderr.write(printable(error.line()) + "\n")
    wrong = isinstance(error, ConfigError | UsageError | SourceError | SubscriptionError)
    return USAGE if wrong else FAILED


def _click_error(error: Exception) -> int:
    """Usage errors of the command line itself, in a line; where no command was named, the help.
    Anything else is a defect and shows itself."""
    show = getattr(error, "show", None)
    if show is None:
        raise error
    message, context = error.format_message(), getattr(error, "ctx", None)  # type: ignore[attr-defined]
    if context is not None and message != context.get_help():
        return _refuse(UsageError(message, remedy=f"All options: {context.command_path} --help"))
    show()
    return int(getattr(error, "exit_code", USAGE))
