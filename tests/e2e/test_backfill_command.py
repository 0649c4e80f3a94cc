"""``sources backfill`` as a user types it."""

from __future__ import annotations

import pytest

from alerts.demo.sites import ReplaySites
from tests.e2e.shell import Shell, installation


def test_a_past_comes_in_once_and_is_marked(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "biosaxony"))
    polled = shell.run("crawl", "biosaxony", "--json").json()["new_items"]
    done = shell.run("sources", "backfill", "biosaxony", "--since", "20y", "--json")
    assert done.code == 0, done.err
    first = done.json()
    assert (first["id"], first["status"], first["error"]) == ("biosaxony", "ok", None)
    assert len(shell.run("items", "list", "--json").json()) == len(polled) + first["new"]
    again = shell.run("sources", "backfill", "biosaxony", "--since", "20y")
    assert again.code == 0, again.err
    assert "biosaxony: 0 items added" in again.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nobody",), "nobody"),
        (("biosaxony", "--since", "soon"), '--since "soon"'),
        (("biosaxony", "--since", ""), "a duration"),
        (("biosaxony", "--since", "9999999y"), "a duration"),
    ],
)
def test_wrong_usage_gives_one_line_and_code_2(
    shell: Shell, sites: ReplaySites, arguments: tuple[str, ...], says: str
) -> None:
    shell.write(installation(sites, "biosaxony"))
    done = shell.run("sources", "backfill", *arguments)
    assert done.code == 2
    assert says in done.err
    assert len(done.err.strip().splitlines()) == 1
