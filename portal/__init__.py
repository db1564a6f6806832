"""On Record: reports that nobody can lose, receipts that anyone can check."""
