"""What the servers and programs of this room share: names, ports, patience, and the blocks that README.md shows."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

DOMAIN = "cop.example"
BORDER = f"mx.{DOMAIN}"
PASSWORD = "for-tests-only"
NOBODY = 65534  # uid and gid of whom the mailboxes belong to
PATIENCE = 45.0  # seconds anything may take on a busy machine
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(found: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Ask again until the answer is true; what it was. Raises AssertionError with `what` when it never is."""
    end = time.monotonic() + patience
    while not (answer := found()):
        assert time.monotonic() < end, f"{what}: not within {patience:.0f} s"
        time.sleep(0.05)
    return answer


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def shown(heading: str, replaced: dict[str, str]) -> str:
    """The block README.md shows below the line with these words, with our names and ports for its own."""
    found = re.search(rf"{re.escape(heading)}[^\n]*\n\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md shows nothing after {heading!r}"
    block = found[1]
    for old, new in replaced.items():
        assert old in block, f"README.md no longer says {old} after {heading!r}"
        block = block.replace(old, new)
    return block


def run(*command: str | Path, said: str | None = None, home: Path | None = None, **env: str) -> str:
    """What a program answered. `said` is its standard input; `home` keeps its files out of anybody's own.

    Raises AssertionError with all of it when it failed.
    """
    done = subprocess.run(
        [str(word) for word in command],
        input=said,
        stdin=subprocess.DEVNULL if said is None else None,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | {"LC_ALL": "C.UTF-8"} | ({"HOME": str(home)} if home else {}) | env,
    )
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def certificate(file: Path) -> Path:
    """A key and its certificate for 127.0.0.1, in one file."""
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
        "-keyout", file.with_suffix(".key"), "-out", file.with_suffix(".crt"))  # fmt: skip
    file.write_text(file.with_suffix(".key").read_text() + file.with_suffix(".crt").read_text())
    file.chmod(0o644)
    return file
