"""Towards people: what a mail says, who gets it, and the way to the relay."""
