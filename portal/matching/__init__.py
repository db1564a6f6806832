"""Links between allegations and crime records."""
