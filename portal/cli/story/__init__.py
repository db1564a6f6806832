"""The demonstration's story: invented people, what happened to them, and four weeks of it."""
