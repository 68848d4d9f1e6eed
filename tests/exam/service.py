"""The whole service, by the contract of the neutral judges: settings from EXAM_*, the world from EXAM_WORLD.

Run in the foreground, by `tests/exam/serve`. Defaults hold but for what the contract names and a shorter idle time.
EXAM_DATABASE is a database URL instead of SQLite in EXAM_STATE; several instances need one, a PostgreSQL.
EXAM_WINDOW is how many mails may be in flight in all: with less than a post has copies, a kill cannot double them all.
EXAM_IDLE, EXAM_TLS_CERT and EXAM_TLS_KEY are what they say.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mailer import config, journal
from mailer.app import PARTS, App, open_store
from mailer.community.policy import Policy
from mailer.mail.message import Body, Headers, Mailbox, Message
from mailer.store import migrate
from mailer.store.society import people
from mailer.store.talk import posting
from mailer.store.talk.posting import NewPost
from mailer.verbs.serve import run

World = Mapping[str, Any]
SECRET = "secret.key"


def settings(env: Mapping[str, str], world: World) -> config.Settings:
    """The settings this environment asks for."""
    http = f"127.0.0.1:{env['EXAM_HTTP_PORT']}" if env.get("EXAM_HTTP_PORT") else ""
    listen = {"smtp": "", "lmtp": "", env.get("EXAM_PROTO", "smtp"): f"{env['EXAM_SMTP_HOST']}:{env['EXAM_SMTP_PORT']}"}
    listen |= {"idle": env.get("EXAM_IDLE", "20s")}
    listen |= {"tls_cert": env.get("EXAM_TLS_CERT", ""), "tls_key": env.get("EXAM_TLS_KEY", "")}
    relay = {"connections": 1, "window": int(env["EXAM_WINDOW"])} if env.get("EXAM_WINDOW") else {}
    return config.parse(
        {
            "domain": world["domain"],
            "state": env["EXAM_STATE"],
            "listen": listen,
            "database": {"url": env.get("EXAM_DATABASE", "sqlite:///mailer.db")},
            "relay": {"host": env["EXAM_SMARTHOST_HOST"], "port": int(env["EXAM_SMARTHOST_PORT"]), **relay},
            "trust": {"authserv_id": world["authserv_id"]},
            "web": {"listen": http, "url": f"http://{http}/" if http else "", "archive": True},
            "log": {"level": env.get("EXAM_LOG", "INFO")},
        }
    )


def furnish(chosen: config.Settings, world: World) -> None:
    """The key file, the list, its owner and its members, where they are not there yet."""
    key = config.under_state(chosen, SECRET)
    if not key.exists():
        fresh = key.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text("\n".join(world["secrets"]) + "\n", "ascii")
        fresh.rename(key)  # whole or not at all: several instances may start at once
    store = open_store(chosen)
    migrate.upgrade(store)
    name = world["list"].partition("@")[0]
    now = datetime.now(UTC)
    with store.writing() as conn:
        if not store.sqlite:  # several instances may start at once
            conn.execute(sa.select(sa.func.pg_advisory_xact_lock(migrate.TURN)))
        if people.community_named(conn, name) is None:
            people.add_community(conn, name, now, policy=Policy(unverified="held", archive=True))
            home = people.community_named(conn, name)
            assert home
            for address in world["members"]:
                who = people.add_person(conn, address, now, confirmed=True)
                people.join(conn, who, home.id, now)
                greet(conn, home.id, who, now)
            owner = people.add_person(conn, world["owner"], now, confirmed=True)
            people.join(conn, owner, home.id, now, role="facilitator", mode="none")
    store.close()


def greet(conn: Connection, home: int, who: people.Person, now: datetime) -> None:
    """A post of theirs from before: a first one would bring them a receipt, which a judge takes for a copy."""
    name = f"before.{who.email}"
    author = (Mailbox("", who.email),)
    words = f"Hello from {who.email.partition('@')[0]}."
    mail = Message(Headers(()), name, (), (), "Hello", author, (), (), (), now, words, "")
    posting.add(conn, NewPost(home, mail, Body(words, words), who.id, who.email.partition("@")[0], None, now, now))


def main() -> None:
    env = os.environ
    world = json.loads(Path(env["EXAM_WORLD"]).read_text("utf-8"))
    chosen = settings(env, world)
    journal.setup(chosen.log.level)
    furnish(chosen, world)
    run(App(chosen, reuse_port=True), PARTS)


if __name__ == "__main__":
    main()
