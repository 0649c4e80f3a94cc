"""Seed data: what to watch and look for. No code."""
