"""File and environment to one Settings; an error is one line that says what is allowed."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from crawler.config.tables import File, Secrets, Settings
from crawler.errors import ConfigError
from crawler.model.source import Source

MAX_FILE_BYTES = 2_000_000
MAX_SECRET_BYTES = 100_000
_APPRISE = "CLUSTERWATCH_APPRISE_"  # and a name: a service's address, which mostly holds a token
DEFAULT_FILE = "clusterwatch.toml"


def load(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    default_sources: tuple[Source, ...] = (),
) -> Settings:
    """Read the configuration file, its ``clusterwatch.env`` and the environment.

    ``path`` is what ``--config`` names; else ``$CLUSTERWATCH_CONFIG``, else
    ``./clusterwatch.toml``, else the shipped defaults with ``default_sources``.
    Raises ConfigError naming file, key, what is wrong and what is allowed.
    """
    environment = os.environ if environment is None else environment
    file = _find(path, environment)
    folder = (file.parent if file else Path.cwd()).resolve()
    values = _read_toml(file) if file else {}
    checked = _check(values, file)
    _check_unique("sources", [source.id for source in checked.sources], file)
    _check_unique("subscriptions", [one.id for one in checked.subscriptions], file)
    environment = _env_file(folder / "clusterwatch.env") | dict(environment)
    return _settings(checked, file, folder, environment, default_sources)


def _find(path: Path | None, environment: Mapping[str, str]) -> Path | None:
    named = path or (
        Path(environment["CLUSTERWATCH_CONFIG"]) if environment.get("CLUSTERWATCH_CONFIG") else None
    )
    if named is not None:
        if not named.is_file():
            raise ConfigError(
                f"{named}: no such configuration file.", remedy="Write one with: clusterwatch init"
            )
        return named
    here = Path(DEFAULT_FILE)
    return here if here.is_file() else None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise ConfigError(f"{file.name}: larger than {MAX_FILE_BYTES} bytes.")
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        again = re.search(r"Cannot declare \((.+)\) twice", str(error))
        name = ".".join(re.findall(r"'([^']+)'", again[1])) if again else ""
        raise ConfigError(
            f"{file.name}: not valid TOML: {error}.",
            remedy=f"Put the keys of both into the first [{name}]." if name else "",
        ) from error
    except (RecursionError, ValueError) as error:  # what the parser lets through
        what = "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
        raise ConfigError(f"{file.name}: {what}.") from error


def _text(file: Path) -> str:
    """A file's text, with or without the mark that some editors write before it."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file.name}: not UTF-8 at byte {error.start}.") from error
    except OSError as error:
        raise ConfigError(f"{file.name}: cannot be read: {error.strerror}.") from error


def _check(values: dict[str, Any], file: Path | None) -> File:
    try:
        return File.model_validate(_tuples(values))
    except ValidationError as error:
        raise ConfigError(
            f"{file.name if file else 'configuration'}: {_describe(error)}"
        ) from error
    except RecursionError as error:  # a dotted key of thousands of parts
        raise ConfigError(
            f"{file.name if file else 'configuration'}: nested too deeply."
        ) from error


def _tuples(value: Any) -> Any:
    """TOML's arrays as tuples, which frozen tables hold."""
    if isinstance(value, dict):
        return {key: _tuples(entry) for key, entry in value.items()}
    return tuple(_tuples(entry) for entry in value) if isinstance(value, list) else value


def _describe(error: ValidationError) -> str:
    # Members of a union report one error each; the one of the first branch says what is allowed.
    first = error.errors(include_url=False, include_input=False)[0]
    location = [part for part in first["loc"] if not _is_branch(part)]
    model, names = _model_at(location[:-1])
    where = _where(location)
    if first["type"] == "extra_forbidden":
        return f"{where}: {_unknown(str(location[-1]), names)}"
    if first["type"] == "missing":
        return f"{where}: is missing; {model.model_fields[str(location[-1])].description}"
    brackets = {"tuple_type": "[[{}]]", "model_type": "[{}]"}.get(first["type"], "")
    if len(location) == 1 and brackets:
        return f"{where}: is written as a table: {brackets.format(location[0])}."
    return f"{where}: {reason_of(first, model.model_fields.get(str(location[-1])))}."


def _unknown(key: str, names: Sequence[str]) -> str:
    near = get_close_matches(key, names, n=1)
    hint = f'did you mean "{near[0]}"? ' if near else ""
    return f"unknown key; {hint}Allowed: {', '.join(names)}."


def explained(error: ValidationError, table: type[BaseModel]) -> str:
    """What is wrong with values that were entered for one table: the key, and what is allowed."""
    first = error.errors(include_url=False, include_input=False)[0]
    location = [part for part in first["loc"] if not _is_branch(part)]
    if first["type"] == "extra_forbidden":
        return f"{location[-1]}: {_unknown(str(location[-1]), list(table.model_fields))}"
    field = table.model_fields.get(str(location[0])) if location else None
    return f"{_path(location)}: {reason_of(first, field)}."


def reason_of(error: Mapping[str, Any], field: FieldInfo | None) -> str:
    """What is wrong with a value, in words; for a wrong form the key's own description."""
    if words := _TYPES.get(error["type"]):
        return words
    if words := _LENGTHS.get(error["type"]):
        return words.format(**error["ctx"])
    message: str = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "string_pattern_mismatch" and field is not None:
        return f"not of the right form; {field.description or ''}".rstrip(".; ")
    return message[:1].lower() + message[1:] if message.startswith("Input ") else message


# What TOML calls the types that a checker of Python values names in its own way.
_TYPES = {
    "tuple_type": 'a list is needed, such as ["…", "…"]',
    "string_type": 'text is needed, in quotes: "…"',
    "bool_type": "true or false is needed, without quotes",
} | dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number is needed")

_LENGTHS = {  # where there is a lower bound it is 1
    "too_long": "at most {max_length} entries are allowed, not {actual_length}",
    "too_short": "the list may not be empty",
    "string_too_long": "at most {max_length} characters are allowed",
    "string_too_short": "may not be empty",
}


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and (
        part.startswith(("function-", "literal", "constrained", "nullable", "tuple["))
        or part == "str"
    )


def _model_at(location: list[str | int]) -> tuple[type[BaseModel], list[str]]:
    """The table that a location stands in, and its keys."""
    model: type[BaseModel] = File
    if location:
        annotation = File.model_fields[str(location[0])].annotation
        inner = getattr(annotation, "__args__", (annotation,))[0]
        model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else File
    return model, list(model.model_fields)


def _where(location: list[str | int]) -> str:
    if len(location) == 1:
        return f"[{location[0]}]"
    if isinstance(location[1], int):
        rest = _path(location[2:])
        return f"[[{location[0]}]] number {location[1] + 1}" + (f", {rest}" if rest else "")
    return f"[{location[0]}] {_path(location[1:])}"


def _path(location: Sequence[str | int]) -> str:
    """Keys by dots; the entries of a list are counted from 1, as people do."""
    said = ""
    for part in location:
        said += f" number {part + 1}" if isinstance(part, int) else f".{part}"
    return said.removeprefix(".")


def _check_unique(table: str, ids: list[str], file: Path | None) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        label = file.name if file else "configuration"
        raise ConfigError(
            f'{label}: [[{table}]] id "{twice[0]}" stands there twice{_lines_of(twice[0], file)}.',
            remedy="Remove one, or give it an id of its own.",
        )


def _lines_of(identity: str, file: Path | None) -> str:
    """Where an id stands, as far as a look at the lines tells: " (lines 12 and 40)"."""
    wanted = re.compile(rf"""\s*id\s*=\s*["']{re.escape(identity)}["']""")
    lines = file.read_text("utf-8").splitlines() if file else []
    found = [str(number) for number, line in enumerate(lines, 1) if wanted.match(line)]
    return f" (lines {' and '.join(found)})" if len(found) > 1 else ""


def _env_file(file: Path) -> dict[str, str]:
    """``KEY=value`` lines; blank lines and lines that start with # are skipped."""
    if not file.is_file():
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(_text(file).splitlines(), 1):
        entry = line.strip().removeprefix("export ").strip()
        if not entry or entry.startswith("#"):
            continue
        key, equals, value = entry.partition("=")
        if not equals:
            raise ConfigError(f"{file.name}, line {number}: KEY=value is needed.")
        values[key.strip()] = value.strip().strip("\"'")
    return values


def _settings(
    checked: File,
    file: Path | None,
    folder: Path,
    environment: Mapping[str, str],
    default_sources: tuple[Source, ...],
) -> Settings:
    name = checked.clusterwatch.name
    zone = checked.clusterwatch.timezone
    declared = tuple(table.source(name) for table in checked.sources)
    return Settings(
        path=file,
        folder=folder,
        clusterwatch=checked.clusterwatch.model_copy(
            update={"database": _database_url(checked.clusterwatch.database, folder)}
        ),
        crawl=checked.crawl.model_copy(update={"proxy": _proxy(checked.crawl.proxy, environment)}),
        sources=declared if file else default_sources,
        topics=checked.topics,
        slack=checked.slack,
        email=checked.email,
        mailbox=checked.mailbox,
        web=checked.web,
        retention=checked.retention,
        subscriptions=tuple(one.subscription(name, zone) for one in checked.subscriptions),
        secrets=_secrets(checked, folder, environment),
    )


def _database_url(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    path = url.removeprefix(prefix)
    if not url.startswith(prefix) or not path or path.startswith((":", "/")):
        return url
    return prefix + str(folder / path)


def _proxy(configured: str, environment: Mapping[str, str]) -> str:
    """The proxy; raises ConfigError for one that is spoken to in another way than HTTP."""
    named = environment.get("HTTPS_PROXY", "") or environment.get("https_proxy", "")
    if configured or not named:
        return configured
    proxy = named if "://" in named else f"http://{named}"  # as curl reads it
    try:
        parts = urlsplit(proxy)
        is_http = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_http = False
    if not is_http:
        raise ConfigError("HTTPS_PROXY: http://host:port is needed.")
    return proxy


def _secrets(checked: File, folder: Path, environment: Mapping[str, str]) -> Secrets:
    def secret(variable: str, named: str) -> SecretStr:
        value = environment.get(variable, "")
        if not value and named:
            value = _secret_file(folder / named, variable)
        return SecretStr(value)

    slack, web = checked.slack, checked.web
    return Secrets(
        slack_bot_token=secret("SLACK_BOT_TOKEN", slack.bot_token_file),
        slack_signing_secret=secret("SLACK_SIGNING_SECRET", slack.signing_secret_file),
        slack_app_token=secret("SLACK_APP_TOKEN", slack.app_token_file),
        slack_webhook_url=secret("SLACK_WEBHOOK_URL", slack.webhook_url_file),
        apprise={
            name.removeprefix(_APPRISE): SecretStr(value)
            for name, value in environment.items()
            if name.startswith(_APPRISE) and value
        },
        webhook_secret=secret("CLUSTERWATCH_WEBHOOK_SECRET", ""),
        smtp_password=secret("CLUSTERWATCH_SMTP_PASSWORD", checked.email.password_file),
        imap_password=secret("CLUSTERWATCH_IMAP_PASSWORD", checked.mailbox.password_file),
        secret=secret("CLUSTERWATCH_SECRET", web.secret_file),
        admin_token=secret("CLUSTERWATCH_ADMIN_TOKEN", web.admin_token_file),
    )


def small_text(file: Path) -> str:
    """What an ordinary file of a few lines holds. Raises OSError, for a device or a large file
    too, and UnicodeDecodeError."""
    if file.exists() and (not file.is_file() or file.stat().st_size > MAX_SECRET_BYTES):
        raise OSError("not a small file")
    return file.read_text("utf-8-sig")


def _secret_file(file: Path, variable: str) -> str:
    try:
        return small_text(file).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file.name}: the file that holds {variable} cannot be read.",
            remedy="Check the *_file keys.",
        ) from error
