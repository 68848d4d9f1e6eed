"""Nobody in front: the service itself finds out who wrote, over real SMTP and a name server of the test's own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import signing
from nameserver import NameServer
from printing import press
from world import World

from mailer.app import App
from mailer.config import Database, Relay, Settings, Trust
from mailer.inbound import resolver
from mailer.mail.tokens import Keys

BOB, ANA = "bob@nord.example", "ana@acme.example"
ZONE = {
    ("_dmarc.nord.example", "TXT"): ["v=DMARC1; p=reject"],
    ("s1._domainkey.nord.example", "TXT"): [signing.pair()[1]],
    ("_dmarc.acme.example", "TXT"): ["v=DMARC1; p=quarantine"],
    ("acme.example", "TXT"): ["v=spf1 ip4:127.0.0.0/8 -all"],
}


class Alone(World):
    """A world without a border."""

    resolver = ""

    async def open(self) -> None:
        settings = Settings(
            domain="cop.example",
            state=str(self.place),
            database=Database(url=self.url),
            listen=self.listen,
            relay=Relay(host="127.0.0.1", port=self.sink.port),
            trust=Trust(verify="dns", resolver=self.resolver, peers=()),
        )
        self.app = App(settings, keys=Keys(b"a key for tests, long enough"), clock=lambda: self.now, press=press())
        await self.app.start(("listen",))


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    async with NameServer(ZONE) as server:
        yield server


@pytest.fixture
async def world(database_url: str, tmp_path: Path, names: NameServer) -> AsyncIterator[World]:
    made = Alone(database_url, tmp_path, now=datetime.now(UTC).replace(microsecond=0))
    made.resolver = names.where
    async with made:
        made.community("wells")
        made.member(ANA, "Ana Lima", role="facilitator")
        made.member(BOB, "Bob Berg")
        yield made


def letter(text: str, id: str, to: str = "wells@cop.example") -> bytes:
    head = [f"From: Bob Berg <{BOB}>", f"To: {to}", f"Message-ID: <{id}@nord.example>", "Subject: Losses"]
    return "\r\n".join([*head, "", text, ""]).encode()


async def test_a_signed_post_goes_out_and_a_forged_one_waits(world: World) -> None:
    await world.hand_in(
        "x@far.example", "wells@cop.example", signing.signed(letter("One.", "a"), "nord.example"), verified=False
    )
    assert [mail.text.splitlines()[0] for mail in world.new(ANA)][:1] and world.outcomes()[-1] == "posted"
    await world.hand_in("x@far.example", "wells@cop.example", letter("Pay here.", "b"), verified=False)
    assert world.outcomes()[-1] == "held"
    broken = signing.signed(letter("Pay him.", "c"), "nord.example").replace(b"Pay him", b"Pay her")
    await world.hand_in("x@far.example", "wells@cop.example", broken, verified=False)
    assert world.outcomes()[-1] == "held"
    assert not [mail for mail in world.new(BOB) if "Pay" in mail.text]


async def test_a_command_is_done_for_who_wrote_it_and_for_nobody_else(world: World) -> None:
    leave = letter("leave", "d", "wells-leave@cop.example")
    await world.hand_in("x@far.example", "wells-leave@cop.example", leave, verified=False)
    assert (world.outcomes()[-1], world.box(BOB)) == ("recorded", [])
    await world.hand_in(
        "x@far.example",
        "wells-leave@cop.example",
        signing.signed(leave.replace(b"<d@", b"<e@"), "nord.example"),
        verified=False,
    )
    assert world.outcomes()[-1] == "left"


async def test_the_host_a_domain_names_is_enough(world: World) -> None:
    await world.write(ANA, "wells@cop.example", "News", "Something new.", verified=False)
    assert world.outcomes() == ["posted"]
    await world.write(ANA, "wells@cop.example", "News", "Something else.", verified=False, mail_from="eve@evil.example")
    assert world.outcomes() == ["posted", "held"]


async def test_names_that_do_not_answer_hold_nobody_for_a_forger(
    world: World, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "PATIENCE", 0.2)
    names.silent |= {name for name, _ in ZONE}
    await world.hand_in(
        "x@far.example", "wells@cop.example", signing.signed(letter("One.", "a"), "nord.example"), verified=False
    )
    assert world.outcomes() == ["posted"]  # unverified, as this community allows
    leave = letter("leave", "d", "wells-leave@cop.example")
    await world.hand_in("x@far.example", "wells-leave@cop.example", leave, verified=False)
    assert world.outcomes()[-1] == "held"
    assert "in your name" in world.new(BOB)[-1].text


async def test_what_was_found_out_is_kept_with_a_mail_that_waits(world: World, names: NameServer) -> None:
    await world.hand_in("x@far.example", "wells@cop.example", letter("Let me.", "b"), verified=False)
    [hold] = world.new(ANA)
    names.zone.clear()
    await world.reply(ANA, hold, "ok", verified=False)
    assert world.outcomes()[-2:] != ["held", "held"]
    with world.app.store.reading() as conn:
        kept = conn.exec_driver_sql("SELECT looked_up FROM inbox ORDER BY id").scalars().first()
    assert (
        kept == "ourselves; spf=none smtp.mailfrom=far.example; dmarc=fail header.from=nord.example policy.dmarc=reject"
    )
