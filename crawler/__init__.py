"""Clusterwatch's crawler: from a source to a stored, classified story."""

__version__ = "0.1.0"
