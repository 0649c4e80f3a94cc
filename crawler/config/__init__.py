"""The configuration: file and environment to one frozen Settings, checked once."""

from crawler.config.reading import DEFAULT_FILE, load
from crawler.config.tables import Settings
from crawler.config.values import duration, duration_text

__all__ = ["DEFAULT_FILE", "Settings", "duration", "duration_text", "load"]
