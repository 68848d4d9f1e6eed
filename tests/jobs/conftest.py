"""A village for every job: the desk without sockets, on both databases."""

import itertools
from datetime import datetime

import printing
import pytest
from village import Village

from mailer.config import Settings
from mailer.mail.tokens import Keys
from mailer.outbound.desk import House
from mailer.outbound.render import Press
from mailer.store.db import Store
from mailer.store.society import people


@pytest.fixture(scope="session")
def press() -> Press:
    return printing.press()


@pytest.fixture
def village(store: Store, press: Press, now: datetime) -> Village:
    """Wells in Oslo, on Tuesday 3 March 2026 at 10:00 there; digests at 7, weekly on Monday."""
    count = itertools.count(1)
    settings = Settings(domain="cop.example")
    house = House(settings, Keys(b"a key for tests, long enough"), press, lambda: f"w{next(count)}")
    with store.writing() as conn:
        id = people.add_community(conn, "wells", now, zone="Europe/Oslo")
    return Village(house, store, now, id)
