"""Signing in, and the accounts of those who do."""
