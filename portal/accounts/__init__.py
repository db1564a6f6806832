"""Staff and advocates: who they are, how they sign in."""
