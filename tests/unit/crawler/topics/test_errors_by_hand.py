"""What a new user's configuration gets wrong is told where it stands."""

from __future__ import annotations

import pytest

from crawler.config import load
from crawler.errors import ConfigError
from crawler.wiring import declared_topics


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('any = ["title:"]', "names a field and no term"),
        ('any = ["quantum"]\nconcepts = ["koreaa"]', "is no shipped concept; did you mean"),
        ('concepts = ["nope"]', "is no shipped concept"),
    ],
)
def test_a_topic_that_could_find_nothing_is_refused(tmp_path, line: str, said: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "clusterwatch.toml"
    file.write_text(f'[[topics]]\nid = "q"\n{line}\n', "utf-8")
    with pytest.raises(ConfigError, match=said):
        declared_topics(load(file, environment={}))
