"""What was kept and asked: items, asks, events."""
