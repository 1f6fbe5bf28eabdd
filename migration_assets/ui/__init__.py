"""Dagster's UI behind a door: what `make ui` serves."""
