"""Pictures, messages, sound, video and documents that a person adds to what they told us."""
