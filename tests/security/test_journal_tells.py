"""The journal of a busy day can be shown to a stranger: mails by their numbers, people by nothing."""

import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from world import World

from mailer import journal

from .hostile import ANA, BOB, CLEO, DINA, EVE, VICTIM, mail

WORDS = ("ceramic", "borehole", "confided", "Webinar", "Lima", "Berg", "Diaz")


@pytest.mark.parametrize("json", [False, True])
async def test_a_busy_day_names_nobody(world: World, capsys: pytest.CaptureFixture[str], json: bool) -> None:
    journal.setup("INFO", json=json)
    await world.write(ANA, "wells@cop.example", "Ceramic beads", "Who has tried ceramic beads in a borehole?")
    post = world.new(BOB)[-1]
    await world.reply(BOB, post, "We did, in 2024.\n\n#lesson")
    await world.reply(CLEO, post, "thanks")
    await world.write(BOB, "wells-me@cop.example", "", "name Robert Berg")
    await world.write(ANA, "wells-event@cop.example", "Webinar", "Thursday 12 March 2026, 10:00-11:00")
    await world.write(EVE, "wells@cop.example", "Hello", "A borehole of my own.", verified=False)
    await world.write(VICTIM, "wells-join@cop.example", "Hello", "Let me in.", verified=False)
    await world.hand_in(EVE, "wells@cop.example", mail("ceramic", "Content-Type: ;;", sort=""), verified=False)
    world.sink.on_rcpt = lambda sender, rcpt: "550 5.1.1 <" + rcpt + "> unknown" if rcpt == DINA else None
    await world.write(CLEO, "wells@cop.example", "Again", "A second borehole.")
    world.app.reader._verify = _broken  # type: ignore[assignment]
    await world.write(CLEO, "wells@cop.example", "Third", "A third borehole.")
    await world.wait(hours=3)
    told = capsys.readouterr().err
    assert told.count("accepted") >= 8 and "sent" in told
    people = (ANA, BOB, CLEO, DINA, EVE, VICTIM, *WORDS)
    assert [one for one in people if re.search(re.escape(one), told, re.IGNORECASE)] == []


@pytest.mark.parametrize("json", [False, True])
async def test_an_error_quotes_no_mail(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, json: bool
) -> None:
    """Whatever a reader, a job, a page or a session trips over: where and what sort, not the words it tripped over."""
    journal.setup("INFO", json=json)

    def trips(*given: object, **more: object) -> None:
        raise ValueError(f"cannot read {given!r} {more!r}")

    monkeypatch.setattr("mailer.inbound.gather.fold", trips)
    await world.write(BOB, "wells@cop.example", "Ceramic beads", "A borehole, confided to Ana Lima.")
    monkeypatch.setattr("mailer.jobs.digest.gather", trips)
    await world.wait(days=8)
    told = capsys.readouterr().err
    assert "shunted" in told and "ValueError" in told and "gather.py" in told
    assert [one for one in (ANA, BOB, *WORDS) if re.search(re.escape(one), told, re.IGNORECASE)] == []


async def _broken(envelope: object) -> str:
    raise OSError("no name server today")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What the journal sets is for this test alone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
