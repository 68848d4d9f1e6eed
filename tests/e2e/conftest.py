"""One village of real servers for all tests of this room; each test has a community of its own in it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.programs import Msmtp, Mutt, Script, Snail, Swaks
from e2e.village import Cast, Village

NEEDED = ("postfix", "dovecot", "mutt", "s-nail", "swaks", "msmtp", "openssl", "script", "curl", "perl")
PARTS = ("/usr/lib/dovecot/modules/lib90_sieve_plugin.so", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/imap")


def missing() -> str:
    """Why these tests cannot run here, or ''."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    absent = [name for name in NEEDED if not shutil.which(name, path=path)]
    absent += [part for part in PARTS if not Path(part).exists()]
    if absent:
        return f"not installed: {', '.join(absent)}; `make e2e` installs what is needed"
    return "" if os.geteuid() == 0 else "Postfix and Dovecot change users, which takes root: sudo make e2e"


@pytest.fixture(scope="session")
def village() -> Iterator[Village]:
    if why := missing():
        pytest.skip(why)
    made = Village()
    try:
        made.start()
        yield made
    finally:
        made.stop(keep=bool(os.environ.get("MAILER_KEEP")))


@pytest.fixture
def cast(village: Village) -> Cast:
    """Who plays, each with a program of their own; nobody is a member of anything yet."""
    return Cast(
        village,
        ana=Mutt("ana@acme.example", "Ana Lima", village.desk),
        bob=Snail("bob@nord.example", "Bob Berg", village.desk),
        chi=Swaks("chi@kisumu.example", "Chi Otieno", village.desk),
        dag=Msmtp("dag@fjord.example", "Dag Vik", village.desk),
        eva=Script("eva@office.example", "Eva Roth", village.desk),
        jose=Script("josé@norte.example", "José Prado", village.desk, "jose@norte.example"),
    )
