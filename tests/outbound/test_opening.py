"""Doors of every sort: TLS wanted and not offered, not verified, spoken into; logins that fit and do not."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from posting import KEYS, Clock, community, post, rows, settings
from sink import Sink

from mailer.errors import Misconfigured
from mailer.outbound.deliver import Deliverer
from mailer.store.db import Store


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "sink.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def served(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture
def lite(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "relay.password").write_text("pass word\n")
    store = Store(sqlite_url, tmp_path)
    post(store, community(store, ["ana@acme.example"]))
    yield store
    store.close()


def sender(sink: Sink, store: Store, tmp_path: Path, tls: ssl.SSLContext | None = None, **relay: str) -> Deliverer:
    chosen = msgspec.structs.replace(settings(sink, **relay), state=str(tmp_path))
    return Deliverer(chosen, store, KEYS, Clock(), tls)


async def sent(one: Deliverer, store: Store) -> bool:
    await one.drain()
    await one.stop()
    return rows(store)["ana@acme.example"] == ("sent", 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("ways", ["AUTH PLAIN LOGIN", "AUTH LOGIN", "AUTH CRAM-MD5"])
async def test_a_login_by_tls(
    lite: Store, tmp_path: Path, served: ssl.SSLContext, trusted: ssl.SSLContext, security: str, ways: str
) -> None:
    async with Sink(tls=served, implicit_tls=security == "tls") as sink:
        sink.login = ("wells", "pass word")
        sink.login_ways = ways
        one = sender(sink, lite, tmp_path, trusted, security=security, user="wells", password_file="relay.password")
        assert await sent(one, lite) is (ways != "AUTH CRAM-MD5")
    before_tls = sink.dialogue[: sink.dialogue.index("STARTTLS")] if security == "starttls" else []
    assert not any(line.startswith(("AUTH", "MAIL")) for line in before_tls)


async def test_a_wrong_password_fails_no_mail(
    lite: Store, tmp_path: Path, served: ssl.SSLContext, trusted: ssl.SSLContext
) -> None:
    async with Sink(tls=served) as sink:
        sink.login = ("wells", "another")
        one = sender(sink, lite, tmp_path, trusted, security="starttls", user="wells", password_file="relay.password")
        assert await sent(one, lite) is False
    assert rows(lite) == {"ana@acme.example": ("waiting", 0)}


async def test_a_certificate_nobody_vouches_for_is_refused(lite: Store, tmp_path: Path, served: ssl.SSLContext) -> None:
    for implicit, security in ((False, "starttls"), (True, "tls")):
        async with Sink(tls=served, implicit_tls=implicit) as sink:
            assert await sent(sender(sink, lite, tmp_path, security=security), lite) is False
        assert not any(line.startswith("MAIL") for line in sink.dialogue)


async def test_tls_that_is_wanted_and_not_offered_is_not_done_without(lite: Store, tmp_path: Path) -> None:
    async with Sink() as sink:
        assert await sent(sender(sink, lite, tmp_path, security="starttls"), lite) is False
    assert sink.dialogue == ["EHLO cop.example"]


async def test_what_is_said_between_starttls_and_tls_ends_the_connection(
    lite: Store, tmp_path: Path, served: ssl.SSLContext, trusted: ssl.SSLContext
) -> None:
    async with Sink(tls=served) as sink:
        sink.starttls_reply = "220 2.0.0 Go ahead\r\n250-injected\r\n250 PIPELI"
        assert await sent(sender(sink, lite, tmp_path, trusted, security="starttls"), lite) is False
    assert sink.dialogue == ["EHLO cop.example", "STARTTLS"]


async def test_a_relay_that_knows_only_helo(lite: Store, tmp_path: Path) -> None:
    async with Sink() as sink:
        sink.old = True
        assert await sent(sender(sink, lite, tmp_path, hello="mail.cop.example"), lite) is True
    assert sink.dialogue[:2] == ["EHLO mail.cop.example", "HELO mail.cop.example"]


def test_settings_that_would_show_the_password_stop_the_start(lite: Store, tmp_path: Path) -> None:
    for relay in (
        {"user": "wells", "password_file": "relay.password"},
        {"user": "wells", "password_file": "missing", "security": "tls"},
    ):
        with pytest.raises(Misconfigured, match=r"relay\."):
            sender(Sink(25), lite, tmp_path, **relay)
