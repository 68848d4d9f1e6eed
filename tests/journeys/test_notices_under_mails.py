"""An employer's notice under every mail is learnt; from the fourth mail on, nobody has to read it."""

import sqlalchemy as sa
from world import World

from mailer.store.tables import post

NOTICE = """\
This e-mail and everything in it was prepared by Nordlys Brønn AS
for the exchange of experience within the licence group. It reflects
the view of its author on the day it was written, and not that of
the company. Nordlys Brønn AS, Strandgata 12, 4005 Stavanger, keeps
its books with the register at Brønnøysund under 987 654 321.

Our offices are open on weekdays from eight to four. In summer we
close at three, and all of July belongs to the maintenance crew.
Deliveries come to gate two, where the guard has a list of names.
Visitors wear boots, a helmet and glasses beyond the yellow line,
and leave their telephones in the box at the door. We wish you
a safe day out there, and a quiet night."""


async def test_the_fourth_mail_goes_out_without_the_notice(world: World, ana: str) -> None:
    ingrid = world.member("ingrid@nordlys.example", "Ingrid Dahl")
    for number in range(1, 5):
        await world.write(
            ingrid, "wells@cop.example", f"Barriers {number}", f"We tested barrier {number} today.\n\n{NOTICE}"
        )
    *before, fourth = world.new(ana)
    assert ["Strandgata 12" in mail.text and "quiet night" in mail.text for mail in before] == [True] * 3
    assert "We tested barrier 4 today." in fourth.text
    assert "Strandgata" not in fourth.text and "quiet night" not in fourth.text
    with world.app.store.reading() as conn:
        row = conn.execute(sa.select(post).where(post.c.subject == "Barriers 4")).one()
    assert row.new_text == "We tested barrier 4 today."
    folded = [(each["kind"], each["text"]) for each in row.folded]
    assert sorted(folded) == [("disclaimer", paragraph) for paragraph in sorted(NOTICE.split("\n\n"))]


async def test_nobody_teaches_us_to_fold_what_another_writes(world: World, ana: str, bob: str) -> None:
    words = "Close the valve before you open the choke, and never the other way round."
    for number in range(3):
        await world.write(bob, "wells@cop.example", f"Choke {number}", f"Hello.\n\n{words}", verified=False)
    await world.write(bob, "wells@cop.example", "Choke", f"Once more.\n\n{words}")
    assert [words in mail.text for mail in world.new(ana)] == [True] * 4
