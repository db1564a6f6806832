"""The public log: its newest checkpoint, its tiles, and a page that says what they are."""
