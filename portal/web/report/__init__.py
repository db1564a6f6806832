"""The pages of the person who reports: telling, sending, the receipt, coming back, leaving."""
