"""Who got what is kept as long as the settings say, and as long as anything looks back."""

from datetime import timedelta

import sqlalchemy as sa
from village import Village

from mailer.jobs.forgetting import LEAST
from mailer.store.tables import delivery
from mailer.store.traffic import deliveries, mailings
from mailer.store.traffic.deliveries import Recipient


def sent(village: Village, ago: timedelta) -> None:
    """A mail that went out so long ago."""
    made = village.now - ago
    with village.store.writing() as conn:
        id = mailings.add(conn, "notice", None, f"{ago.days}@cop.example", made, about=mailings.About())
        assert id
        variant = mailings.add_variant(conn, id, "", b"From: a@cop.example\r\n\r\nWords.\r\n", personal=False)
        deliveries.fan_out(conn, id, [Recipient("bob@nord.example", None, variant)], made)
        conn.execute(sa.update(delivery).where(delivery.c.mailing_id == id).values(state="sent"))


async def test_who_got_what_is_forgotten_after_a_year(village: Village) -> None:
    village.join("Ana", role="facilitator")
    await village.tick()
    for ago in (timedelta(days=400), timedelta(days=370), LEAST, timedelta(days=1)):
        sent(village, ago)
    assert "forgetting: 0 forgotten, 2 old" in await village.tick(days=1)
    assert "forgetting: 0 forgotten, 0 old" in await village.tick(days=1)
