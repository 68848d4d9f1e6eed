"""`mailer serve` in a process of its own, with the settings that README.md shows."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from e2e.ground import BORDER, DOMAIN, PASSWORD, PATIENCE, answers, free_port, shown, until

from mailer.__main__ import verbs

MORE = """
first_retry = "1s"
batch = 100

[web]
listen = "127.0.0.1:{web}"
url = "http://127.0.0.1:{web}/"
"""


class Service:
    """`mailer serve` in a process of its own."""

    def __init__(self, place: Path, tls: Path, lmtp: int, relay: int) -> None:
        self.place, self.lmtp, self.web = place, lmtp, free_port()
        self.env = os.environ | {"SSL_CERT_FILE": str(tls)}  # the relay's certificate is our own
        self.process: subprocess.Popen[bytes] | None = None
        self.mailer("init", place, "--domain", DOMAIN)
        ours = {"lists.example.org": DOMAIN, "mx.example.org": BORDER, "8024": str(lmtp)}
        head = shown("In `mailer.toml` these lines change", ours).partition("[relay]")[0]
        provider = {"smtp.provider.example": "127.0.0.1", "587": str(relay)}
        smarthost = shown("Through a provider's smarthost instead:", provider)
        (place / "mailer.toml").write_text(head + smarthost + MORE.format(web=self.web), "utf-8")
        (place / "relay.password").touch(0o600)
        (place / "relay.password").write_text(f"{PASSWORD}\n")

    def mailer(self, *words: str | Path) -> str:
        """The command, as an operator types it; what it said."""
        done = CliRunner().invoke(verbs, [str(word) for word in words])
        assert done.exit_code == 0, f"mailer {words}: {done.output}{done.exception!r}"
        return done.output

    def with_settings(self, *words: str | Path) -> str:
        return self.mailer(*words, "-c", self.place / "mailer.toml")

    def start(self) -> None:
        with (self.place / "journal").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mailer", "serve", "-c", str(self.place / "mailer.toml")],
                stderr=log,
                env=self.env,
            )
        until(lambda: answers(self.lmtp), "the service answers")

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None
