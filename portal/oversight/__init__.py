"""Read-only questions that oversight asks."""
