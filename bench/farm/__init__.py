"""A farm of invented news sites on loopback, for measuring: deterministic, faults switchable."""
