"""The outbox and the ways a message leaves."""
