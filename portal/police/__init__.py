"""Supplies of crime records and the versions of each record."""
