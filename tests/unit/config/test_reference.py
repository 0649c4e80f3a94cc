"""The reference page says what the tables say."""

from __future__ import annotations

from pathlib import Path

from crawler.config import load
from crawler.config.reference import reference

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_the_one_written_from_the_tables() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert page == reference(), (
        "renew it: python -m crawler.config.reference > docs/configuration.md"
    )


def test_the_shipped_configuration_is_accepted() -> None:
    settings = load(ROOT / "seeds" / "clusterwatch.toml", environment={})
    assert len(settings.sources) == 5
    assert settings.subscriptions[0].to == "file:digests/"
