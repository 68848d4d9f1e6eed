from datetime import datetime
from pathlib import Path

import printing
import pytest
from click.testing import CliRunner, Result

from mailer.errors import Misconfigured
from mailer.store.db import Store
from mailer.store.migrate import upgrade
from mailer.store.society import people
from mailer.verbs.runjob import run_job


@pytest.fixture
def settings(tmp_path: Path, now: datetime) -> Path:
    """Settings of a service with the community wells."""
    printing.lend(tmp_path)
    (tmp_path / "secret.key").write_text("a key for tests, long enough\n")
    (tmp_path / "secret.key").chmod(0o600)
    place = tmp_path / "mailer.toml"
    place.write_text('domain = "cop.example"\n[log]\nlevel = "ERROR"\n')
    store = Store("sqlite:///mailer.db", tmp_path)
    upgrade(store)
    with store.writing() as conn:
        people.add_community(conn, "wells", now, zone="Europe/Oslo")
    store.close()
    return place


def run(settings: Path, *words: str) -> Result:
    return CliRunner().invoke(run_job, [*words, "-c", str(settings)])


def test_a_job_is_run_once_for_its_slot(settings: Path) -> None:
    words = ("daily-digest", "--community", "wells", "--at", "2026-03-03T12:00")
    first, second = run(settings, *words), run(settings, *words)
    assert (first.exit_code, first.output) == (0, "daily-digest wells 2026-03-03: nobody wants it\n")
    assert (second.exit_code, second.output) == (0, "daily-digest has nothing due that has not run\n")
    later = run(settings, *words[:-1], "2026-03-04T06:30+01:00")
    assert later.output == "daily-digest has nothing due that has not run\n", "seven has not come in Oslo"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("daily-disgest", "--community", "wells"), "no job 'daily-disgest'"),
        (("daily-digest", "--community", "kilns"), "no community 'kilns'; there are: wells"),
        (("daily-digest", "--community", "wells", "--at", "noon"), "--at 'noon': a moment like"),
    ],
)
def test_what_is_wrong_is_said(settings: Path, words: tuple[str, ...], expected: str) -> None:
    error = run(settings, *words).exception
    assert isinstance(error, Misconfigured) and expected in str(error)
