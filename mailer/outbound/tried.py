"""Whether these very templates were tried before by this very code: then a start is spared trying them again.

The sign is a file beside what was compiled. It is no secret and proves nothing to anyone but ourselves; where it
cannot be written or read, all is tried again. Called by `render`.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import jinja2

import mailer

_SIGN = "tried"
_CODE = ("outbound", "community")  # what a template meets when it is tried


def mark(place: Path) -> str:
    """What tells apart everything at `place`, and the code it is tried by, from what either was or will be."""
    found = hashlib.sha256(f"{mailer.__version__} {jinja2.__version__}".encode())
    for path in _files(place):
        content = path.read_bytes()
        found.update(f"\n{path} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def before(mark: str, kept: Path) -> bool:
    """Whether what has this mark was tried."""
    try:
        return (kept / _SIGN).read_text("ascii") == mark
    except (OSError, UnicodeDecodeError):
        return False


def keep(mark: str, kept: Path) -> None:
    """From now on it was."""
    with contextlib.suppress(OSError):
        (kept / _SIGN).write_text(mark, "ascii")


def _files(place: Path) -> Iterator[Path]:
    """Every template, table of words and sample, and every file of the code."""
    for pattern in ("*/*.toml", "*/*.txt", "*/*.html", "*/*/*.toml", "*/*/*.txt", "*/*/*.html"):
        yield from sorted(place.glob(pattern))
    for room in _CODE:
        yield from sorted((Path(mailer.__file__).parent / room).rglob("*.py"))
