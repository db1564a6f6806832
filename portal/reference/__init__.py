"""Offences, forces, outcomes and recording rules: data files and their loader."""
