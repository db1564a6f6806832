"""The append-only log of events and the receipts that prove them."""
