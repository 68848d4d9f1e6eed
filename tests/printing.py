"""One press for all tests of a process: to load and try every template takes longer than most tests.

What it compiled is lent to the services that tests start: each would compile it all again.
"""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from mailer.outbound.render import Press


@functools.cache
def kept() -> Path:
    """Where what was compiled is kept as long as this process lives."""
    place = Path(tempfile.mkdtemp(prefix="mailer-press-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


@functools.cache
def press() -> Press:
    return Press(kept=kept())


def lend(state: Path) -> None:
    """Spare a service with this state directory the compiling."""
    press()
    (state / "templates").symlink_to(kept())
