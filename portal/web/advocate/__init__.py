"""The pages of advocates: the people they support, and what was sent for them."""
