"""`mailer demo`: a ready community on this machine that plays a month of mail and then stays up to be tried."""

import asyncio
import signal
import socket
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from mailer import journal
from mailer.app import App
from mailer.config import Database, Listen, Relay, Settings, Trust
from mailer.demo.cast import Play, rehearse
from mailer.demo.player import Stage, Time
from mailer.demo.postoffice import PostOffice
from mailer.errors import Misconfigured
from mailer.mail.tokens import Keys

BORDER = "border.demo"
PORT = click.IntRange(1, 65535)
PLAYED = "month.played"  # the file that says so
KEY = b"a key that guards nothing but the demo"


@click.command()
@click.option("--dir", "place", type=click.Path(file_okay=False, path_type=Path), help="Where to keep it.")
@click.option("--smtp-port", type=PORT, default=8025, show_default=True, help="Or the next that is free.")
@click.option("--web-port", type=PORT, default=8080, show_default=True, help="Likewise.")
@click.option("--once", is_flag=True, help="Play the month and stop.")
def demo(place: Path | None, smtp_port: int, web_port: int, once: bool) -> None:
    """A ready community on 127.0.0.1: plays a sample month of mail, then stays up to send and read as any member."""
    journal.setup("ERROR")
    place = place or Path(tempfile.mkdtemp(prefix="mailer-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()) and not (place / "mailboxes").is_dir():
        raise Misconfigured(f"--dir {place}: there is something else in it; name a new directory")
    (place / "mailboxes").mkdir(exist_ok=True)
    asyncio.run(_run(place, _free(smtp_port, once), _free(web_port, once), once))


async def _run(place: Path, smtp_port: int, web_port: int, once: bool) -> None:
    console = Console()
    office = PostOffice(place / "mailboxes")
    await office.start()
    play = rehearse(datetime.now(UTC).date())
    time = Time(play.starts)
    app = App(_settings(place, smtp_port, office.port), keys=Keys(KEY), clock=time)
    await app.start(("listen",))
    stage = Stage(app, office, time, BORDER)
    try:
        if stage.found(play):
            await _play(stage, play, console)
            (place / PLAYED).touch()
            news = "The month has been played"
        else:
            time.set(stage.last_moment(play))
            whole = (place / PLAYED).exists()
            news = "The month was played before" if whole else "The month was broken off (a new directory has it whole)"
        time.let_go()
        if not once:
            await _stay(
                app, stage, play, web_port, f"{news}; the community goes on. Everything is kept in {place}", console
            )
    finally:
        await app.stop()
        office.stop()


def _settings(place: Path, smtp_port: int, relay_port: int) -> Settings:
    return Settings(
        domain="cop.example",
        state=str(place),
        database=Database(),
        listen=Listen(smtp=f"127.0.0.1:{smtp_port}", mails_per_minute_per_peer=10_000),
        relay=Relay(host="127.0.0.1", port=relay_port),
        trust=Trust(authserv_id=BORDER),
    )


async def _play(stage: Stage, play: Play, console: Console) -> None:
    """The month, with a bar that says what is happening."""
    columns = (BarColumn(24), TextColumn("{task.completed}/{task.total}"), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("", total=len(play.scenes))

        def step(who: str, why: str) -> None:
            progress.update(task, advance=1, description=f"{who}: {why}"[:70])

        await stage.play(play, lambda scene: step(play.player(scene.who).name, scene.why))


async def _stay(app: App, stage: Stage, play: Play, web_port: int, news: str, console: Console) -> None:
    """Run by itself, with the post room open, until someone presses Ctrl-C."""
    from mailer.demo.postroom import PostRoom
    from mailer.web.webserver import WebServer

    await app.start(("read", "send", "clock"))
    web = WebServer(PostRoom(stage, play).app, f"127.0.0.1:{web_port}", "--web-port")
    await web.start()
    invitation = _invitation(app.listener.ports["smtp"], web.port)
    console.print(f"\n{news}\n{invitation}", markup=False, highlight=False, soft_wrap=True)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    await web.stop()


def _invitation(smtp_port: int, web_port: int) -> str:
    letter = r"From: Tom Fraser <tom@aberdeen-cement.example>\nTo: wells@cop.example\nSubject: Casing wear?"
    envelope = "--mail-from tom@aberdeen-cement.example --mail-rcpt wells@cop.example"
    return f"""
  Post room   http://127.0.0.1:{web_port}/   every mailbox, and a pen to reply or write as anyone
  SMTP        127.0.0.1:{smtp_port}           for wells@cop.example

Try this:
  1. Open Nia Evans, read how she came in by one word, and reply to the newest post with "thanks".
  2. Reply as Bob Smith to the coffee invitation: "yes, but late". Let days pass: Ingrid Moe gets the count.
  3. Reply to any post with "#lesson", then write to wells-find@cop.example about it.
  4. Reply to a post with "private: which beads did you use?". Only its writer gets it, and sees no address.
  5. Write "settings" to wells-me@cop.example; answer what comes with "weekly friday" or "away until 3 July".
  6. Write a mail from a shell:

     printf '{letter}\\n\\nWho logs it?\\n' | curl -sS --url smtp://127.0.0.1:{smtp_port} {envelope} --crlf -T -

Ctrl-C ends it."""


def _free(port: int, any_will_do: bool) -> int:
    """This port, or the next free one."""
    for candidate in (0,) if any_will_do else (*range(port, port + 50), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that ended a moment ago is no hindrance
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return 0
