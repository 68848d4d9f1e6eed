"""Text that was broken for the wire, joined again (RFC 3676: format=flowed, delsp=yes).

Called by the reading of text parts that say format=flowed.
"""

from typing import Final

SIGNATURE: Final = "-- "


def unflowed(text: str, *, delsp: bool = False) -> str:
    """`text` with its soft breaks undone; quoted paragraphs keep their marks as "> " once a level."""
    lines: list[str] = []
    open_depth = -1  # of the paragraph that still flows; -1 where none does
    pieces: list[str] = []

    def close() -> None:
        if open_depth >= 0:
            lines.append(_marked(open_depth, "".join(pieces)))
        pieces.clear()

    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        content = bare.removeprefix(" ")
        if depth != open_depth or content == SIGNATURE:
            close()
            open_depth = -1
        flows = content.endswith(" ") and content != SIGNATURE
        pieces.append(content[:-1] if flows and delsp else content)
        open_depth = depth
        if not flows:
            close()
            open_depth = -1
    close()
    return "\n".join(lines)


def _marked(depth: int, content: str) -> str:
    return f"{'>' * depth} {content}" if depth else content
