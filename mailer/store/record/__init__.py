"""What happened: the ledger, the clock's slots, and what puts an action back."""
