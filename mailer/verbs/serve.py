"""`mailer serve`: the service itself."""

import asyncio
import contextlib
import ctypes
import gc
import sys
from pathlib import Path

import click

from mailer.app import PARTS, App, Part
from mailer.errors import Misconfigured
from mailer.verbs.doorway import load, settings_option

LARGE = 262_144  # octets from which memory is taken from the system for itself, and given back at once
THREADS = 2  # heaps that threads share
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # malloc.h of glibc


@click.command()
@settings_option
@click.option("--only", default=",".join(PARTS), show_default=True, help="The parts to run, with commas.")
def serve(config_file: Path, only: str) -> None:
    """Take mail, deal with it, send mail, keep time. Stays until it is told to stop (SIGTERM)."""
    parts = chosen_parts(only)
    settings = load(config_file)
    run(App(settings), parts)


def chosen_parts(only: str) -> tuple[Part, ...]:
    """The parts named, in the order they start. Raises Misconfigured."""
    named = {name.strip() for name in only.split(",") if name.strip()}
    unknown = ",".join(sorted(named - set(PARTS)))
    if unknown or not named:
        raise Misconfigured(f"--only {unknown or repr(only)}: the parts are {', '.join(PARTS)}")
    return tuple(part for part in PARTS if part in named)


def run(app: App, parts: tuple[Part, ...]) -> None:
    """Run until stopped, on uvloop where the platform has it: four times the rate on the wire."""
    gc.freeze()  # what is here by now stays, and need not be looked through for garbage
    _thrifty()
    if sys.platform == "win32":
        asyncio.run(app.run(parts))
        return
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(app.run(parts))


def _thrifty() -> None:
    """glibc keeps what a few large mails took, in as many heaps as there are threads: 500 MB after a dozen of 24 MB
    each, 200 with this. Other C libraries do not, and know no such call."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, LARGE)
        libc.mallopt(_ARENA_MAX, THREADS)
