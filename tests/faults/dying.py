"""The command line, in a process that is killed with SIGKILL right before its n-th statement to the database.

    python tests/faults/dying.py 40 import -c mailer.toml --community wells archive.mbox

Nothing of ours has a say in it: no handler runs, no transaction ends. Where it has fewer statements it ends well.
"""

import os
import signal
import sys

from sqlalchemy import Engine, event

from mailer.__main__ import main


def die_before(statement: int) -> None:
    """Count what goes to any database, and be gone before this one."""
    seen = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def _count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    die_before(int(sys.argv.pop(1)))
    main()
