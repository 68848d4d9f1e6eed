"""Mail that could not leave for hours: facilitators are told once an outage, by a mail that waits with the others."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from village import Village

from mailer.jobs.late import LATE
from mailer.outbound import notices
from mailer.store.tables import delivery

pytestmark = pytest.mark.fault("F6")
LATE_STEP = timedelta(minutes=15)


def say_something(village: Village) -> None:
    """A mail to Bob, which waits from now on."""
    village.desk(
        lambda desk, home: notices.tell(
            desk, "facilitator-set-aside", home, village.folk["Bob"], {"mails": [], "total": 1}
        )
    )


async def ticks(village: Village, hours: int) -> list[tuple[str, str]]:
    """What the job did in so many hours, ticking each quarter of one."""
    done = []
    for _ in range(hours * 4):
        village.now += LATE_STEP
        done += await village.clock(LATE).tick(village.now)
    return done


async def test_an_outage_of_three_days_is_told_once(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    say_something(village)
    village.new()
    assert await ticks(village, 3) == []
    assert await ticks(village, 69) == [("late wells 2026-03-03", "1 waiting")]
    [told] = village.new()
    assert told.what == ("facilitator-late", "ana")
    assert told.message.subject == "Mail from Wells was late"
    assert "From Tuesday 3 March 2026, 10:00 (Oslo time) on" in told.message.text
    assert "1 mail was waiting" in told.message.text


async def test_what_waits_for_one_mailbox_is_no_outage(village: Village) -> None:
    village.join("Ana", role="facilitator")
    village.join("Bob")
    say_something(village)
    with village.store.writing() as conn:
        conn.execute(sa.update(delivery).values(next_try=village.now + 10 * LATE_STEP, tries=3))
    assert await ticks(village, 6) == []
    with village.store.writing() as conn:
        conn.execute(sa.update(delivery).values(state="sent", sent_at=village.now))
    assert await ticks(village, 6) == []
