"""`mailer check` says ok where all is well, and names the setting and the remedy where something is not."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from killing import free_port

from mailer.store import migrate
from mailer.store.db import Store
from mailer.store.society import people
from mailer.store.traffic import inbox
from mailer.store.traffic.inbox import Envelope
from mailer.verbs import records, surroundings
from mailer.verbs.check import check, look
from mailer.verbs.inspection import clock

NOW = datetime.now(UTC)
Records = dict[tuple[str, str], list[str]]
GOOD: Records = {
    ("cop.example", "MX"): ["10 mx.cop.example."],
    ("cop.example", "TXT"): ["unrelated", "v=spf1 ip4:192.0.2.1 -all"],
    ("_dmarc.cop.example", "TXT"): ["v=DMARC1; p=quarantine"],
}


@contextmanager
def relay(*extensions: str) -> Iterator[int]:
    """A relay that greets, answers EHLO with these extensions and everything else with 250; its port."""
    hello = "".join(f"250-{line}\r\n" for line in ("relay.example", *extensions[:-1])) + f"250 {extensions[-1]}\r\n"

    def talk(client: socket.socket) -> None:
        with client, client.makefile("rb") as lines:
            client.sendall(b"220 relay.example\r\n")
            for line in lines:
                client.sendall(hello.encode() if line.startswith(b"EHLO") else b"250 ok\r\n")

    with _served(socket.create_server(("127.0.0.1", 0)), lambda server: talk(server.accept()[0])) as port:
        yield port


@contextmanager
def resolver(known: Records) -> Iterator[str]:
    """A name server that knows these records; its host:port."""
    types = {15: "MX", 16: "TXT"}

    def answer(server: socket.socket) -> None:
        query, peer = server.recvfrom(512)
        name, at = _name(query, 12)
        kind = types.get(struct.unpack(">H", query[at : at + 2])[0], "")
        rows = [_record(kind, text) for text in known.get((name, kind), [])]
        flags = 0x8180 if rows else 0x8183  # NXDOMAIN
        head = query[:2] + struct.pack(">HHHHH", flags, 1, len(rows), 0, 0)
        body = b"".join(b"\xc0\x0c" + query[at : at + 4] + struct.pack(">IH", 60, len(data)) + data for data in rows)
        server.sendto(head + query[12 : at + 4] + body, peer)

    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    with _served(server, answer) as port:
        yield f"127.0.0.1:{port}"


@contextmanager
def _served(server: socket.socket, serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """`serve(server)` over and over in a thread, until left."""
    over = threading.Event()
    server.settimeout(0.05)

    def run() -> None:
        while not over.is_set():
            try:
                serve(server)
            except TimeoutError:
                continue
            except OSError:
                pass

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        over.set()
        thread.join(5)
        server.close()


def _name(query: bytes, at: int) -> tuple[str, int]:
    labels = []
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels).lower(), at + 1


def _record(kind: str, text: str) -> bytes:
    if kind == "TXT":
        half = len(text) // 2
        return b"".join(bytes([len(part)]) + part.encode() for part in (text[:half], text[half:]))
    preference, _, host = text.partition(" ")
    labels = b"".join(bytes([len(label)]) + label.encode() for label in host.strip(".").split(".") if label)
    return struct.pack(">H", int(preference)) + labels + b"\0"


@pytest.fixture
def place(tmp_path: Path, sqlite_url: str) -> Path:
    """A state directory with its key and a database in which wells has a facilitator."""
    key = tmp_path / "secret.key"
    key.write_text("a key for tests, long enough\n")
    key.chmod(0o600)
    store = Store(sqlite_url, tmp_path)
    with store.writing() as conn:
        home = people.add_community(conn, "wells", NOW)
        people.join(conn, people.add_person(conn, "ana@acme.example", NOW), home, NOW, role="facilitator")
    store.close()
    return tmp_path


def write(place: Path, relay_port: int = 1, smtp: str = "", more: str = "") -> Path:
    """The settings."""
    path = place / "mailer.toml"
    path.write_text(
        f"""domain = "cop.example"
[listen]
smtp = "{smtp or f"127.0.0.1:{free_port()}"}"
[relay]
port = {relay_port}
timeout = "2s"
[trust]
authserv_id = "mx.cop.example"
[log]
level = "ERROR"
{more}"""
    )
    return path


def run(path: Path, dns: str = "") -> tuple[int, dict[str, str]]:
    """The exit status, and each line by what it is of."""
    result = CliRunner().invoke(check, ["-c", str(path), "--dns", dns])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = [line for line in result.output.splitlines() if line[:5] in ("ok   ", "mend ", "look ")]
    return result.exit_code, {line[5:].partition(": ")[0]: line for line in lines}


def test_all_is_well(place: Path) -> None:
    with relay("PIPELINING", "SIZE 1000", "STARTTLS") as port, resolver(GOOD) as dns:
        status, lines = run(write(place, port), dns)
    assert {line[:5] for line in lines.values()} == {"ok   "}, lines
    assert status == 0
    assert lines["relay"].endswith("offers PIPELINING STARTTLS SIZE; without CHUNKING it goes slower")
    assert lines["community wells"] == "ok   community wells: 1 member"
    assert lines["dns spf"] == "ok   dns spf: v=spf1 ip4:192.0.2.1 -all"
    assert set(lines) == {
        "settings", "state", "secret", "templates", "database", "community wells", "traffic", "clock",
        "listen.smtp", "relay", "sending", "trust.authserv_id", "dns mx", "dns spf", "dns dmarc",
    }  # fmt: skip


WAYS = {
    (1, "XVERP"): "each recipient has a mail of their own: relay.batch is 1",
    (100, "XVERP"): "from 20 recipients of one mail on, up to 100 share a transaction; a bounce names its recipient by"
    " XVERP",
    (10, "SIZE"): "from 10 recipients of one mail on, up to 10 share a transaction; the relay offers no XVERP, so a"
    " bounce names its recipient only in its report",
}


@pytest.mark.parametrize(("batch", "offer"), WAYS)
def test_which_way_mail_goes_and_why(place: Path, batch: int, offer: str) -> None:
    with relay("PIPELINING", offer) as port:
        path = write(place, port)
        path.write_text(path.read_text().replace("[relay]\n", f"[relay]\nbatch = {batch}\n"))
        lines = run(path)[1]
    assert lines["sending"] == f"ok   sending: {WAYS[batch, offer]}"


def test_a_wrong_key_is_named_with_the_nearest(place: Path) -> None:
    path = write(place, more='levle = "INFO"\n')
    status, lines = run(path)
    assert status == 78
    assert lines == {
        "settings": f"mend settings: {path}: unknown key log.levle = 'INFO'; did you mean log.level?",
    }


def test_a_relay_that_is_not_there_or_says_nothing(place: Path) -> None:
    status, lines = run(write(place, free_port()))
    assert status == 78 and lines["relay"].startswith("mend relay: 127.0.0.1:")
    assert lines["relay"].endswith(": Connection refused; start it, or change relay.host, relay.port or relay.security")
    with _served(socket.create_server(("127.0.0.1", 0)), lambda server: server.accept()[0].close()) as port:
        assert run(write(place, port))[1]["relay"].startswith("mend relay: ")


def test_a_database_that_is_behind_or_not_there(place: Path) -> None:
    store = Store("sqlite:///mailer.db", place)
    with store.writing() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    wanted = migrate.behind(store)[1]
    store.close()
    status, lines = run(write(place))
    assert status == 78
    assert lines["database"] == f"mend database: it is at 0001 and {wanted} is wanted; `mailer serve` brings it there"
    (place / "mailer.db").unlink()
    assert "mailer.db is not there" in run(write(place))[1]["database"]
    assert not (place / "mailer.db").exists(), "looking makes nothing"


def test_a_database_that_does_not_answer_and_one_that_cannot_be_named(place: Path) -> None:
    away = f'[database]\nurl = "postgresql+psycopg://nobody:hush@127.0.0.1:{free_port()}/none"\n'
    line = run(write(place, more=away))[1]["database"]
    assert line.startswith("mend database: postgresql+psycopg://nobody:***@127.0.0.1:") and "hush" not in line
    assert run(write(place, more='[database]\nurl = "nonsense"\n'))[1]["database"].startswith(
        "mend database: database.url"
    )


def test_a_port_in_use_is_named_with_its_setting_and_its_holder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "GLANCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as other:
        where = f"127.0.0.1:{other.getsockname()[1]}"
        status, lines = run(write(place, smtp=where, more=f'[web]\nlisten = "{where}"\n'))
    assert status == 78
    for key in ("listen.smtp", "web.listen"):
        assert lines[key].startswith(f'mend {key}: {key} = "{where}": Address already in use; ')
        assert f"(process {os.getpid()}) has it" in lines[key]
    assert lines["web.url"].startswith("look web.url: ")


def test_a_port_that_this_service_has(place: Path) -> None:
    def greet(server: socket.socket) -> None:
        with server.accept()[0] as client:
            client.sendall(b"220 cop.example ESMTP mailer\r\n")

    with _served(socket.create_server(("127.0.0.1", 0)), greet) as port:
        line = run(write(place, smtp=f"127.0.0.1:{port}"))[1]["listen.smtp"]
    assert line == f"ok   listen.smtp: 127.0.0.1:{port}, where this service is running"


def test_a_place_that_is_none(place: Path) -> None:
    lines = run(write(place, smtp="8025"))[1]
    assert lines["listen.smtp"].startswith('mend listen.smtp: listen.smtp = "8025": host and port are wanted')


def test_missing_records_are_named_with_what_should_be_there(place: Path) -> None:
    with resolver({}) as dns:
        status, lines = run(write(place), dns)
    assert status == 78
    assert lines["dns mx"].endswith("add: cop.example. MX 10 YOUR-MAIL-SERVER.")
    assert lines["dns spf"].endswith('add: cop.example. TXT "v=spf1 ip4:YOUR-RELAY -all"')
    assert lines["dns dmarc"].endswith('add: _dmarc.cop.example. TXT "v=DMARC1; p=quarantine"')


def test_a_name_server_that_is_away(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "PATIENCE", 0.1)
    assert run(write(place), f"127.0.0.1:{free_port()}")[1]["dns mx"].startswith(
        "mend dns mx: no answer for cop.example"
    )
    assert run(write(place), "nowhere")[1]["dns"].startswith("mend dns: --dns = ")
    assert run(write(place))[1]["dns"].startswith("look dns: cop.example is a name for trying")


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (records.mx("a.b", lambda name, kind: ["0 ."]), "takes no mail"),
        (records.mx("a.b", lambda name, kind: ["20 b.", "5 a."]), "ok   dns mx: 5 a., 20 b."),
        (records.spf("a.b", lambda name, kind: ["v=spf1 -all", "v=spf1 a"]), "2 SPF records"),
        (records.spf("a.b", lambda name, kind: ["v=spf10 -all"]), "no SPF record"),
        (records.dmarc("x.a.b", lambda name, kind: ["v=DMARC1"] if name == "_dmarc.a.b" else []), "v=DMARC1 (of a.b)"),
        (records.dmarc("x.a.b", lambda name, kind: ["v=DMARC1"] if name == "_dmarc.b" else []), "no DMARC record"),
    ],
)
def test_records(finding: records.Finding, expected: str) -> None:
    assert expected in finding.line


def test_key_state_and_certificate(place: Path) -> None:
    (place / "secret.key").chmod(0o644)
    more = f'[listen]\ntls_cert = "{place}/none.pem"\n'
    path = place / "mailer.toml"
    path.write_text('domain = "cop.example"\nstate = "elsewhere"\nsecret_file = "../secret.key"\n' + more)
    lines = run(path)[1]
    assert lines["state"].startswith(f"mend state: {place / 'elsewhere'} is no directory")
    assert "none.pem" in lines["listen.tls_cert"] and lines["listen.tls_cert"].startswith("mend ")
    (place / "elsewhere").mkdir()
    assert "chmod 600" in run(path)[1]["secret"]


def test_a_community_nobody_cares_for_and_mail_on_the_shunt(place: Path) -> None:
    store = Store("sqlite:///mailer.db", place)
    with store.writing() as conn:
        people.add_community(conn, "kilns", NOW)
        inbox.accept(conn, [Envelope(b"x", "", ("wells@cop.example",), "127.0.0.1", True, NOW)])
        conn.execute(sa.text("UPDATE inbox SET state = 'shunted'"))
    store.close()
    lines = run(write(place))[1]
    assert lines["community kilns"].startswith("mend community kilns: nobody is its facilitator")
    assert lines["traffic"] == (
        "look traffic: 0 mails and 0 deliveries wait, 1 mails are on the shunt; `mailer queue` says why"
    )


def test_a_clock_that_is_behind(store: Store) -> None:
    with store.writing() as conn:
        at = NOW + timedelta(minutes=5)
        inbox.accept(conn, [Envelope(b"x", "", ("wells@cop.example",), "127.0.0.1", True, at)])
    with store.reading() as conn:
        [finding] = clock(conn, NOW if store.sqlite else datetime.now(UTC) + timedelta(days=1))
    assert finding.word == "mend" and "set" in finding.says and "by NTP" in finding.says


def test_broken_settings_stop_the_looking(tmp_path: Path) -> None:
    [finding] = look(tmp_path / "none.toml", "", NOW)
    assert finding.line == f"mend settings: {tmp_path / 'none.toml'}: no such file; `mailer init DIR` makes one"
