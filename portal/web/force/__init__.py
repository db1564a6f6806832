"""The pages of a force's liaison: its inbox, and the records that it supplies."""
