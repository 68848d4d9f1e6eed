"""Moves work to whoever does it. Rows are the truth; an engine only says that there are some."""
