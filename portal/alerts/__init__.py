"""Clocks, alerts and their lifecycle."""
