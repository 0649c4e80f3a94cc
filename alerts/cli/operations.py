"""``clusterwatch run``, ``status``, ``doctor``, ``db``, ``backup``, ``restore``: operating it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler import logs
from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.missing import EXAMPLES, no_database
from crawler.cli.topic_changes import classify_anew

if TYPE_CHECKING:
    from crawler.config import Settings


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    command(app, "run")(run)
    command(app, "serve")(serve)
    command(app, "status")(status)
    command(app, "doctor")(doctor)
    command(app, "backup")(backup)
    command(app, "restore")(restore)
    database = group("db", "The database.")
    command(database, "upgrade")(upgrade)
    command(database, "sync")(sync)
    app.add_typer(database)


def run(door: Door) -> None:
    """Watch and deliver until stopped (SIGTERM, Ctrl-C).

    Example: clusterwatch run
    """
    import scheduler

    logs.configure(door.verbosity, service=True)
    if door.settings.path is None:
        door.warn(EXAMPLES)
    door.say_what_is_new(soon=True)
    scheduler.run(door.settings)


def serve(
    door: Door,
    listen: Annotated[
        str, typer.Option("--listen", help="Address and port instead of [web] listen.")
    ] = "",
) -> None:
    """Serve the web pages alone, until stopped.

    Example: clusterwatch serve --listen 127.0.0.1:8080
    """
    from alerts.web.serving import serve_alone

    logs.configure(door.verbosity, service=True)
    door.say_what_is_new(soon=True)
    serve_alone(door.settings, listen or door.settings.web.listen)


def status(door: Door, as_json: JsonOption = False) -> None:
    """How sources, deliveries and subscriptions are doing.

    Example: clusterwatch status --json
    """
    from alerts.cli.status_lines import status_lines
    from alerts.health import status as find_out
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.looking, sync=True) as parts:
        document = find_out(parts, utc_now())
    if as_json:
        door.json(document)
        return
    for line in status_lines(document):
        door.say(line)


def doctor(
    door: Door,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also look whether the rows of the database agree.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend rows that do not; SQLite is copied before.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check configuration, database, channels, secrets and clock, each with the remedy.

    Example: clusterwatch doctor --deep
    """
    from alerts.doctor import examine
    from crawler.storage.database import utc_now
    from crawler.wiring import declared_topics

    settings = door.looking
    declared_topics(settings)  # raises as for the rest of the file
    absent = no_database(door.missing) if door.missing else ""
    findings = examine(settings, utc_now(), deep=deep, repair=repair, absent=absent)
    document: dict[str, Any] = {
        "ok": all(one.ok or not one.serious for one in findings),
        "checks": [
            {
                "check": one.check,
                "ok": one.ok,
                "serious": one.serious,
                "message": one.message or None,
                "remedy": one.remedy or None,
            }
            for one in findings
        ],
    }
    if as_json:
        door.json(document)
    for one in findings:
        mark = "ok  " if one.ok else ("FAIL" if one.serious else "note")
        line = f"{mark}  {one.check:<14} {one.message} {one.remedy}".rstrip()
        if not one.ok and one.serious:
            door.fail(line)
        elif not as_json:
            door.say(line)


def backup(
    door: Door, file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: JsonOption = False
) -> None:
    """A consistent copy of the database and its configuration while everything runs.

    Example: clusterwatch backup clusterwatch-2026-11-21.db
    """
    from alerts.backups import back_up
    from crawler.wiring import open_parts

    with open_parts(door.settings) as parts:
        carried = back_up(door.settings, parts.database, file)
    size = file.stat().st_size
    if as_json:
        door.json({"file": str(file), "bytes": size, "secrets": list(carried.secrets)})
        return
    holds = "the database" if carried.configuration is None else "the database and its file"
    door.say(f"{file}: {size} bytes, {holds}.")
    if carried.secrets:
        door.say(f"Not in it, to be kept apart: {', '.join(carried.secrets)}")


def restore(
    door: Door, file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: JsonOption = False
) -> None:
    """Bring a backup back; the present database is kept, and sending waits for digest release.

    Example: clusterwatch restore clusterwatch-2026-11-21.db
    """
    from scheduler import only_daemon

    settings, written = _installation(door.settings, file)
    with only_daemon(settings):
        document = _brought_back(settings, file)
    if written is None and door.settings.path:
        written = _configuration_back(settings, file)
    document |= {"configuration": str(written) if written else None}
    if as_json:
        door.json(document)
    else:
        for line in _restore_lines(document):
            door.say(line)


def _installation(settings: Settings, file: Path) -> tuple[Settings, Path | None]:
    """Where a backup comes back to; on a new host its own configuration is written first."""
    from alerts.restoring import sqlite_file
    from crawler.config import load

    sqlite_file(settings.clusterwatch.database)
    written = None if settings.path else _configuration_back(settings, file)
    return (load(written) if written else settings), written


def _configuration_back(settings: Settings, file: Path) -> Path | None:
    from alerts.backups import configuration_back
    from alerts.restoring import installation_of

    carried = installation_of(file)
    return configuration_back(carried, settings) if carried else None


def _brought_back(settings: Settings, file: Path) -> dict[str, Any]:
    from alerts.backups import missing_secrets
    from alerts.restoring import installation_of
    from alerts.restoring import restore as bring_back
    from crawler.storage.database import utc_now
    from crawler.storage.schema import HEAD

    carried = installation_of(file)
    done = bring_back(settings.clusterwatch.database, file, utc_now())
    look = "clusterwatch digest release --dry-run"
    return {
        "file": str(file),
        "database": str(done.database),
        "kept": str(done.kept) if done.kept else None,
        "schema": done.schema,
        "held": True,
        "secrets": list(carried.secrets) if carried else [],
        "missing": list(missing_secrets(carried, settings)) if carried else [],
        "next": look if done.schema == HEAD else f"clusterwatch db upgrade, then {look}",
    }


def _restore_lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"{document['database']} is what {document['file']} was."
    if document["kept"]:
        yield f"The database before it is kept: {document['kept']}"
    if document["configuration"]:
        yield f"Its configuration: {document['configuration']}"
    if document["missing"]:
        yield f"Not here, and in no backup; it needs them: {', '.join(document['missing'])}"
    elif document["secrets"]:
        yield f"The secrets it needs are here: {', '.join(document['secrets'])}"
    yield f"Nothing is sent until you let it. Look first: {document['next']}"


def upgrade(door: Door, as_json: JsonOption = False) -> None:
    """Bring the database to this version's schema, the workers' queue too; SQLite is copied before.

    Example: clusterwatch db upgrade
    """
    from crawler.storage import queue_schema, schema
    from crawler.storage.database import Database, utc_now

    database = Database(door.settings.clusterwatch.database)
    try:
        kept = schema.upgrade(database, utc_now())
        queue = queue_schema.bring_up(database)
    finally:
        database.close()
    if as_json:
        backup = str(kept) if kept else None
        door.json({"schema": schema.HEAD, "backup": backup, "queue": queue})
    else:
        door.say(f"Schema {schema.HEAD}." + (f" Backup before: {kept}" if kept else ""))


def sync(door: Door, as_json: JsonOption = False) -> None:
    """Bring the file's declarations into the database.

    Example: clusterwatch db sync
    """
    from alerts.wiring import open_alerts

    with open_alerts(door.settings, sync=True) as parts:
        classify_anew(door, parts.crawler)
        document = {
            "sources": [row.source.id for row in parts.crawler.sources.all()],
            "topics": [topic.id for topic in parts.crawler.topics],
            "subscriptions": [row.subscription.id for row in parts.subscription_store.all()],
        }
    if as_json:
        door.json(document)
    else:
        for name, ids in document.items():
            door.say(f"{len(ids)} {name}: {', '.join(ids[:12])}{' …' if len(ids) > 12 else ''}")
