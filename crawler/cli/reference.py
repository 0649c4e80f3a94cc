"""The reference of the commands, written from the commands themselves.

``make reference`` renews the page; a test compares.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer import Typer

_HEAD = """# Commands

Every command takes `--config FILE`, `-v` (say more; twice: everything), `-q` (only errors) and
`--help`; those with `--json` print one JSON document on standard output and nothing else there.
Exit codes: 0 done; 1 done, but something failed, named on standard error; 2 wrong usage or
configuration; 130 interrupted. `clusterwatch --install-completion` completes commands and options
in your shell.
"""
_COMMON = {"config", "verbose", "quiet", "help", "as_json", "verbosity"}
_EXAMPLE = re.compile(r"\n*^Example: (.+)\Z", re.M | re.S)


def reference(app: Typer) -> str:
    """The whole page as Markdown, from the assembled application."""
    from typer.main import get_command

    return "\n".join([_HEAD, *_commands(get_command(app), "clusterwatch")]) + "\n"


def _commands(command: Any, path: str) -> Iterator[str]:
    """A section for every command below this one, groups first named, then their commands."""
    for name, one in command.commands.items():
        if one.hidden:
            continue
        if hasattr(one, "commands"):
            yield f"## `{path} {name} …`\n\n{one.help}\n"
            yield from _commands(one, f"{path} {name}")
        else:
            level = "##" if path == "clusterwatch" else "###"
            yield f"{level} `{path} {name}`\n\n{_about(one.help or '')}"
            yield from _parameters(one)


def _about(text: str) -> str:
    text = inspect.cleandoc(text).replace("\b", "")
    example = _EXAMPLE.search(text)
    said = _EXAMPLE.sub("", text).strip()
    return f"{said}\n\n```sh\n{example[1].strip()}\n```\n" if example else f"{said}\n"


def _parameters(command: Any) -> Iterator[str]:
    rows = [_row(one) for one in command.params if one.name not in _COMMON]
    if any(one.name == "as_json" for one in command.params):
        rows.append("| `--json` | one JSON document |")
    if rows:
        yield "| argument | meaning |\n| --- | --- |\n" + "\n".join(rows) + "\n"


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = parameter.make_metavar(None) if _wants_context(parameter) else parameter.metavar
        return f"| `{_cell(str(name or parameter.name.upper()))}` | {_cell(_help(parameter))} |"
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    value = "" if parameter.is_flag or parameter.count else f" {parameter.metavar or 'VALUE'}"
    return f"| `{_cell(names + value)}` | {_cell(_help(parameter))} |"


def _wants_context(parameter: Any) -> bool:
    return (
        parameter.metavar is None and "ctx" in inspect.signature(parameter.make_metavar).parameters
    )


def _help(parameter: Any) -> str:
    return " ".join((parameter.help or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
