"""An address that cannot be listened on is refused before anything starts."""

from __future__ import annotations

import pytest

from alerts.web.serving import check_free
from crawler.errors import ConfigError


@pytest.mark.parametrize("listen", ["127.0.0.1:99999", "127.0.0.1:http", "[::1]:x"])
def test_a_port_that_is_none_is_told(listen: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used: no port between 0 and 65535"):
        check_free(listen)
