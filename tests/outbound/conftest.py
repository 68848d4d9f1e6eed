"""What the tests of this room share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailer.store.db import Store


@pytest.fixture
def lite(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """A database of the lighter sort, for what only concerns the wire."""
    store = Store(sqlite_url, tmp_path)
    yield store
    store.close()
