"""``clusterwatch demo``: the whole main job on a bundled replay, in under a minute."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door, JsonOption, command

if TYPE_CHECKING:
    from alerts.demo.run import DemoSummary


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    command(app, "demo")(demo)


def demo(
    door: Door,
    out: Annotated[Path, typer.Option("--out", help="Where it writes.", metavar="DIR")] = Path(
        "demo-out"
    ),
    open_digest: Annotated[bool, typer.Option("--open", help="Show the digest.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Crawl, group, classify and deliver on replayed sites; needs no network and no set-up.

    Example: clusterwatch demo --out /tmp/clusterwatch-demo --open
    """
    import asyncio

    from rich.progress import Progress

    from alerts.demo.run import Demo

    say = door.warn if as_json else door.say
    with Progress(
        console=door.messages, transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("Crawling", total=None)

        def polled(name: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=f"Crawled {name}")

        summary = asyncio.run(Demo(out.resolve(), say, polled=polled).run())
    if as_json:
        door.json(_json(summary))
    else:
        _print(door, summary, out)
    if not summary.ok:
        door.fail("The demo did not come out as it should; see above.")
    if open_digest and summary.digests:
        webbrowser.open(Path(summary.digests[0]).as_uri())


def _print(door: Door, summary: DemoSummary, out: Path) -> None:
    topics = ", ".join(f"{count} on {topic}" for topic, count in summary.per_topic.items())
    door.say(f"{summary.items} items, {summary.stories} stories: {topics}.")
    for telling in summary.twins:
        door.say(f"One story, {len(telling)} tellings: {' = '.join(telling)}")
    for item in summary.found_again:
        names = ", ".join(match.topic for match in item.topics)
        door.say(f"Exactly one was new: {item.title} [{names}]")
    door.say(
        f"Delivered: {summary.slack_posts} Slack messages, {summary.mails} mails, "
        f"{len(summary.digests)} digest files."
    )
    for line in summary.undelivered:
        door.say(f"Not delivered: {line}")
    if summary.digests:
        door.say(f"The digest: {summary.digests[0]}")
    for later in summary.digests[1:]:
        door.say(f"The one with what was new: {later}")
    door.say(f"Mails, Slack messages, database and configuration: {out.resolve()}")
    door.say(f"{summary.seconds:.0f} seconds.")


def _json(summary: DemoSummary) -> dict[str, Any]:
    from crawler.export import item_json

    return {
        "ok": summary.ok,
        "crawls": [
            {
                "new": sum(one.new for one in crawl),
                "requests": sum(one.requests for one in crawl),
                "not_modified": sum(one.not_modified for one in crawl),
                "failed": [one.source for one in crawl if one.status == "failed"],
            }
            for crawl in summary.crawls
        ],
        "items": summary.items,
        "stories": summary.stories,
        "topics": summary.per_topic,
        "told_twice": summary.twins,
        "new_item": [item_json(item) for item in summary.found_again],
        "slack_messages": summary.slack_posts,
        "mails": summary.mails,
        "alerted": summary.alerted,
        "digests": summary.digests,
        "seconds": round(summary.seconds, 1),
    }
