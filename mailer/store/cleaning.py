"""Text as any database takes it (SECURITY 43). Called by whatever keeps words that came from outside."""


def clean(text: str) -> str:
    """The text without NUL, and with a question mark for each half character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
