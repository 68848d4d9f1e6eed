"""What `mailer init` leaves behind."""

import subprocess
import sys
from pathlib import Path


def test_what_it_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "here"
    words = [sys.executable, "-m", "mailer", "init", str(place), "--domain", "cop.example"]
    subprocess.run(words, check=True, capture_output=True, umask=0o022)
    found = {path.name: path.stat().st_mode & 0o077 for path in (place, *place.iterdir())}
    assert {"here", "mailer.db", "mailer.toml", "secret.key"} <= found.keys()
    assert set(found.values()) == {0}
