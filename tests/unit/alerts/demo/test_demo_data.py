"""What the demo's data promises: enough items, most of them about nothing we look for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alerts.demo.saved import demo_root, load_publication, load_sites

EXPECTED: dict[str, Any] = json.loads((demo_root() / "expected.json").read_text(encoding="utf-8"))
SITES: dict[str, Any] = EXPECTED["sites"]
ITEMS: list[dict[str, Any]] = [item for site in SITES.values() for item in site["items"]]
WRITTEN = [item for item in ITEMS if not item["seed"]]


def test_every_site_has_a_seed_or_its_twin_among_others() -> None:
    for name, site in SITES.items():
        known = [item for item in site["items"] if item["seed"] or item["story"]]
        assert len(known) == 1, name
        assert 8 <= len(site["items"]) - len(known) <= 15, name


def test_most_items_are_about_none_of_the_topics() -> None:
    none = [item for item in WRITTEN if not item["topics"]]
    assert len(none) / len(WRITTEN) >= 0.85
    assert {topic for item in ITEMS for topic in item["topics"]} == {
        "ai",
        "3d-printing",
        "korea-cooperation",
    }


def test_items_are_dated_between_2017_and_2026_but_for_one_seed() -> None:
    undated = [item["seed"] for item in ITEMS if item["published"] is None]
    assert undated == ["002"]
    years = {item["published"][:4] for item in ITEMS if item["published"]}
    assert min(years) == "2017"
    assert max(years) == "2026"


def test_expected_items_stand_newest_first() -> None:
    for name, site in SITES.items():
        days = [item["published"] for item in site["items"] if item["published"]]
        assert days == sorted(days, reverse=True), name


def test_one_story_has_two_tellings_on_two_sites() -> None:
    told = {
        name: item["seed"]
        for name, site in SITES.items()
        for item in site["items"]
        if item["story"] == "danish-healthtech"
    }
    assert told == {"clusterexcellencedenmark": "004", "welfaretech": None}


def test_the_seeds_have_the_topics_and_days_that_are_known_of_them() -> None:
    facts = {item["seed"]: (item["published"], item["topics"]) for item in ITEMS if item["seed"]}
    assert facts == {
        "000": ("2019-10-16", ["ai", "3d-printing"]),
        "001": ("2018-09-10", ["korea-cooperation"]),
        "002": (None, []),
        "003": ("2025-02-27", ["ai"]),
        "004": ("2018-09-20", []),
    }


def test_manifests_and_expectations_agree_on_the_sites() -> None:
    saved = {site.id: site for site in load_sites(demo_root())}
    assert set(saved) == set(SITES)
    for name, site in SITES.items():
        assert saved[name].start == site["start"]
        assert saved[name].name == site["name"]


def test_the_held_back_item_is_the_expected_one() -> None:
    held = load_publication(demo_root())
    assert EXPECTED["published"] == {
        "site": held.site,
        "path": held.path,
        "title": held.title,
        "topics": ["ai"],
    }


def test_the_whole_of_it_stays_small() -> None:
    files = [file for file in Path(str(demo_root())).rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 3_000_000


def test_every_saved_file_is_served() -> None:
    """A page that no manifest names would be dead weight."""
    root = Path(str(demo_root()))
    for folder in (file.parent for file in root.rglob("site.toml")):
        manifest = (folder / "site.toml").read_text(encoding="utf-8")
        for file in folder.rglob("*.*"):
            name = file.relative_to(folder).as_posix()
            assert name == "site.toml" or f'"{name}"' in manifest, name
