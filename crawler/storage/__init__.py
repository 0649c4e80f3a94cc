"""Rows are the only truth: what the archive, polling and delivery keep between two runs."""
