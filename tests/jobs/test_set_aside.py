import pytest
from village import Village

from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope


def shunt(village: Village, to: str) -> int:
    """A mail that stopped its reader three times."""
    with village.store.writing() as conn:
        envelope = Envelope(b"poison", "bob@nord.example", (to,), "127.0.0.1", True, village.now)
        [mail] = inbox.accept(conn, [envelope])
        for _ in range(inbox.DEATHS):
            inbox.begin(conn, [mail])
        assert inbox.shunt_spent(conn, village.now) == 1
        return mail


@pytest.mark.fault("F18")
async def test_facilitators_learn_of_each_mail_on_the_shunt_once(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    await village.tick()
    first, second = shunt(village, "wells@cop.example"), shunt(village, "wells-find@cop.example")
    shunt(village, "hills@cop.example")
    assert "set-aside: 2 told" in await village.tick(days=1)
    [told] = village.new()
    assert told.what == ("facilitator-set-aside", "ana")
    assert told.message.subject == "2 mails to Wells could not be read"
    assert f"{first}: from bob@nord.example" in told.message.text and f"{second}: from" in told.message.text
    assert "set-aside: none" in await village.tick(days=1)
    assert village.new() == []


async def test_what_was_replayed_in_time_worries_nobody(village: Village) -> None:
    village.join("Ana", role="facilitator")
    await village.tick()
    mail = shunt(village, "wells@cop.example")
    with village.store.writing() as conn:
        inbox.replay(conn, mail)
    assert "set-aside: none" in await village.tick(days=1)
