"""A SQLite database is served by one process, and a second one is told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailer.errors import Misconfigured
from mailer.store import alone


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "PATIENCE", 0.2)


def test_a_second_process_is_told_who_was_first(tmp_path: Path, impatient: None) -> None:
    database = tmp_path / "mailer.db"
    assert alone.holder(database) == ""
    with alone.held(database):
        assert alone.holder(database) == str(os.getpid())
        with pytest.raises(Misconfigured, match=rf"served by process {os.getpid()}.*migrate-db"):
            alone.take(database)
    assert alone.holder(database) == ""
    alone.take(database).close()


def test_one_that_was_killed_stands_in_nobodys_way(tmp_path: Path) -> None:
    database = tmp_path / "mailer.db"
    holds = "import sys, time; from pathlib import Path; from mailer.store import alone\n"
    holds += "lock = alone.take(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holds, str(database)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        assert alone.holder(database) == str(other.pid)
        other.send_signal(signal.SIGKILL)
        alone.take(database).close()
