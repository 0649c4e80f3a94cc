"""The reference of the configuration file, written from the tables themselves.

``python -m crawler.config.reference > docs/configuration.md`` renews the page; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from crawler.config.tables import File
from crawler.config.values import duration_text

_HEAD = """# Configuration

`clusterwatch init` writes a commented `clusterwatch.toml` that runs as it is. Every key is
optional but those marked *required*. Unknown keys and wrong types are errors that name the key and
the nearest allowed one. Durations are written `"30m"`, `"6h"`, `"2d"`, `"1w"` or `"2y"` (365 days).
Relative paths count from the file's folder.

Which file: `--config FILE`, else `$CLUSTERWATCH_CONFIG`, else `./clusterwatch.toml`, else the
shipped defaults, which watch five example sites.

Secrets never stand in the file. They come from the environment, else from `clusterwatch.env`
beside the file (`KEY=value` lines, mode 0600), else from the file that a `*_file` key names:
`SLACK_BOT_TOKEN`, `SLACK_SIGNING_SECRET`, `SLACK_APP_TOKEN`, `SLACK_WEBHOOK_URL`,
`CLUSTERWATCH_SMTP_PASSWORD`, `CLUSTERWATCH_IMAP_PASSWORD`, `CLUSTERWATCH_SECRET`,
`CLUSTERWATCH_ADMIN_TOKEN`. From the first two alone: `CLUSTERWATCH_WEBHOOK_SECRET` signs what goes
to `webhook:…` (`echo "whsec_$(openssl rand -base64 32)"` makes one), and
`CLUSTERWATCH_APPRISE_NAME` holds the address behind `apprise:NAME`. In the environment alone:
`CLUSTERWATCH_CHROMIUM` is the path of the browser that `render = "browser"` uses.

What is declared in the file is brought into the database by `run`, `crawl`, `digest` and
`db sync`; a running daemon reads the file again on SIGHUP. What the file no longer declares is
paused, never deleted.
"""


def reference() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for name, field in File.model_fields.items():
        model, many = _model(field.annotation)
        if model is None:
            yield f"## `[[{name}]]`\n\nYour own topics: see [topics](topics.md).\n"
            continue
        heading = f"[[{name}]]" if many else f"[{name}]"
        about = (model.__doc__ or "").split(": ", 1)[-1].strip()
        yield f"## `{heading}`\n\n{about[:1].upper()}{about[1:]}\n"
        yield "| key | type | default | meaning |\n| --- | --- | --- | --- |"
        for key, one in model.model_fields.items():
            yield f"| `{key}` | {_type(one)} | {_default(one)} | {_cell(one.description or '')} |"
        yield ""


def _model(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    many = get_origin(annotation) is tuple
    inner = get_args(annotation)[0] if many else annotation
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return inner, many
    return None, many


def _type(field: FieldInfo) -> str:
    return _type_name(field.annotation)


def _type_name(annotation: Any) -> str:
    names = {str: "text", int: "number", bool: "true/false", timedelta: "duration", NoneType: ""}
    if annotation in names:
        return names[annotation]
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple:
        return f"list of {_type_name(arguments[0])}"
    if all(isinstance(one, str) for one in arguments):
        return " or ".join(f'`"{one}"`' for one in arguments)
    parts = [_type_name(one) for one in arguments]
    return " or ".join(dict.fromkeys(part for part in parts if part and part != '`""`'))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*required*"
    value = field.default
    if value is None or value == "":
        return ""
    if isinstance(value, timedelta):
        return f'`"{duration_text(value)}"`'
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value:_}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
