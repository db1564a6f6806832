"""What a victim, or someone for them, tells us."""
