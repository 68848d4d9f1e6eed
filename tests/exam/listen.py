"""Only the listener, by the contract of the neutral judges: settings from the environment, a store in EXAM_STATE.

Run in the foreground: `python tests/exam/listen.py`. Sends nothing on.
"""

import asyncio
import json
import os
import signal
from pathlib import Path

import uvloop

from mailer import config, journal
from mailer.inbound.listener import Listener
from mailer.store import migrate
from mailer.store.db import Store


def settings(env: dict[str, str], domain: str) -> config.Settings:
    where = f"{env['EXAM_SMTP_HOST']}:{env['EXAM_SMTP_PORT']}"
    proto = env.get("EXAM_PROTO", "smtp")
    listen = {"smtp": "", "lmtp": "", "idle": env.get("EXAM_IDLE", "20s"), "mails_per_minute_per_peer": 100_000}
    listen |= {"tls_cert": env.get("EXAM_TLS_CERT", ""), "tls_key": env.get("EXAM_TLS_KEY", "")}
    return config.parse({"domain": domain, "state": env["EXAM_STATE"], "listen": {**listen, proto: where}})


async def serve(env: dict[str, str], world: dict[str, str]) -> None:
    chosen = settings(env, world["domain"])
    journal.setup("INFO")
    store = Store(chosen.database.url, Path(chosen.state))
    migrate.upgrade(store)
    known = {world[name] for name in ("list", "request", "owner_alias", "bounces")}
    listener = Listener(chosen, store, known.__contains__, lambda: None, reuse_port=True)
    await listener.start()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await listener.stop()
    store.close()


if __name__ == "__main__":
    uvloop.run(serve(dict(os.environ), json.loads(Path(os.environ["EXAM_WORLD"]).read_text())))
