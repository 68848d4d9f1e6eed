"""Settings: a TOML file becomes one frozen, typed value. The only place with defaults.

An unknown key is refused by its path, with the nearest right one; a wrong value by its path and what is wanted.
Durations and sizes are strings with units, so that nobody has to guess. Secrets live in files of their own.
`example()` writes `config.example.toml`: every key, one sentence, its default.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from mailer import misread
from mailer.errors import Misconfigured

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZES = {"B": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


class Seconds(float):
    """A duration, written "90s", "5m", "1h", "5d" or "2w"."""

    @classmethod
    def read(cls, text: str) -> "Seconds":
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip())
        if not match:
            raise ValueError('a duration with its unit is wanted, like "90s", "5m", "1h", "5d"')
        value = cls(float(match[1]) * _UNITS[match[2]])
        value.text = text
        return value

    text: str = ""


class Octets(int):
    """A size, written "500 kB", "25 MB", "1 GiB"."""

    @classmethod
    def read(cls, text: str) -> "Octets":
        match = re.fullmatch(r"(\d+)\s*([kMG]?i?B|KiB)", text.strip())
        if not match or match[2] not in _SIZES:
            raise ValueError('a size with its unit is wanted, like "500 kB", "25 MB", "1 GiB"')
        value = cls(int(match[1]) * _SIZES[match[2]])
        value.text = text
        return value

    text: str = ""


def doc(sentence: str) -> msgspec.Meta:
    """The sentence that stands above a key in the example file."""
    return msgspec.Meta(description=sentence)


def seconds(text: str) -> Any:
    return msgspec.field(default_factory=lambda: Seconds.read(text))


def octets(text: str) -> Any:
    return msgspec.field(default_factory=lambda: Octets.read(text))


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file."""


class Listen(Section, frozen=True):
    """Where mail comes in. Recommended: a mail server in front hands over by LMTP on this machine."""

    smtp: Annotated[str, doc("Host and port for SMTP; empty for none.")] = "127.0.0.1:8025"
    lmtp: Annotated[str, doc('Host and port, or "unix:PATH", for LMTP; empty for none.')] = ""
    shared: Annotated[
        bool, doc("Several processes on this machine listen at the same ports, web.listen too; needs PostgreSQL.")
    ] = False
    tls_cert: Annotated[str, doc("Certificate chain (PEM) for STARTTLS; empty for no TLS.")] = ""
    tls_key: Annotated[str, doc("Key of that certificate (PEM).")] = ""
    require_tls: Annotated[bool, doc("Refuse mail before STARTTLS.")] = False
    max_size: Annotated[Octets, doc("The largest mail taken.")] = octets("25 MiB")
    max_recipients: Annotated[int, doc("Recipients in one SMTP transaction; more are asked to come in another.")] = 100
    max_connections: Annotated[int, doc("Connections at one time, all peers together.")] = 400
    max_connections_per_peer: Annotated[int, doc("Connections at one time from one address.")] = 100
    mails_per_minute_per_peer: Annotated[int, doc("Mails a minute from one address outside trust.peers.")] = 300
    idle: Annotated[Seconds, doc("A client that sends nothing for this long is shown out.")] = seconds("60s")
    session: Annotated[Seconds, doc("The longest session, unless a mail is coming in at min_rate.")] = seconds("10m")
    min_rate: Annotated[Octets, doc("The slowest a mail may come in, octets a second.")] = octets("100 B")
    max_errors: Annotated[int, doc("Errors in one session before it is ended.")] = 20
    reserve: Annotated[Octets, doc("Free disk below which new mail is asked to come later.")] = octets("64 MiB")


class Database(Section, frozen=True):
    """Where everything is kept."""

    url: Annotated[
        str,
        doc('SQLAlchemy URL. A relative SQLite path is under state; PostgreSQL: "postgresql+psycopg://u@host/db".'),
    ] = "sqlite:///mailer.db"
    direct: Annotated[
        str, doc("The same database by a URL that passes by a pooler such as PgBouncer; empty where url does.")
    ] = ""
    connections: Annotated[
        int, doc("Connections each process keeps to PostgreSQL, and two more; SQLite has one writer.")
    ] = 5


class Relay(Section, frozen=True):
    """Where mail goes out: your own mail server or your provider's smarthost."""

    host: Annotated[str, doc("Name or address of the relay.")] = "127.0.0.1"
    port: Annotated[int, doc("Its port.")] = 25
    security: Annotated[
        Literal["none", "starttls", "tls"],
        doc("none, starttls (required, verified) or tls; with a user it may not be none."),
    ] = "none"
    user: Annotated[str, doc("User to log in as; empty for no login.")] = ""
    password_file: Annotated[str, doc("File that holds the password, readable by the service alone.")] = ""
    hello: Annotated[str, doc("Name given in EHLO; empty for the mail domain.")] = ""
    connections: Annotated[int, doc("Connections each process keeps to the relay.")] = 2
    window: Annotated[
        int,
        doc("Mails in flight on a connection at most, one in all while few wait: what a kill may send twice."),
    ] = 32
    batch: Annotated[
        int,
        doc(
            "Recipients of one mail in one transaction; 1: each has a mail of their own, with Return-Path and one-click"
            " unsubscribe. For a relay that is the brake; then a kill may send a batch for each connection twice."
        ),
    ] = 1
    timeout: Annotated[Seconds, doc("How long one reply may take.")] = seconds("5m")
    first_retry: Annotated[Seconds, doc("Wait before the second try; it doubles from there.")] = seconds("5m")
    last_retry: Annotated[Seconds, doc("The longest wait between two tries.")] = seconds("1h")
    give_up: Annotated[Seconds, doc("A mail that cannot be delivered for this long has failed.")] = seconds("5d")
    remember: Annotated[
        Seconds, doc("How long it is kept what went to whom, which my data shows; no less than 32 days.")
    ] = seconds("52w")


class Trust(Section, frozen=True):
    """Whose word counts on who wrote a mail."""

    authserv_id: Annotated[
        str, doc("The authserv-id of the Authentication-Results your front adds; empty: nobody is verified.")
    ] = ""
    peers: Annotated[tuple[str, ...], doc("Networks your front hands mail over from.")] = ("127.0.0.0/8", "::1/128")
    verify: Annotated[
        Literal["front", "dns"],
        doc('"dns": SPF, DKIM and DMARC are looked up here where no front vouches; needs the extra auth.'),
    ] = "front"
    resolver: Annotated[str, doc("Host and port of the name server asked for that; empty for the system's.")] = ""


class Web(Section, frozen=True):
    """The one web door: unsubscribe in one click, health and metrics, the archive."""

    listen: Annotated[str, doc("Host and port; empty for no web at all.")] = ""
    url: Annotated[str, doc("How the world reaches it, for links in mails; empty for none.")] = ""
    archive: Annotated[bool, doc("Show the archives of communities that allow it.")] = False


class Log(Section, frozen=True):
    """The journal, on standard error."""

    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], doc("How much is said.")] = "INFO"
    json: Annotated[bool, doc("One JSON object a line instead of words.")] = False


class Settings(Section, frozen=True):
    """The whole file."""

    domain: Annotated[str, doc("The mail domain of all our addresses: wells@DOMAIN.")] = "lists.localhost"
    state: Annotated[str, doc("Directory for database and keys; relative to this file.")] = "."
    secret_file: Annotated[
        str, doc("File that holds the key for addresses and links, made by init; more lines are older keys.")
    ] = "secret.key"
    delimiter: Annotated[str, doc("Between a community's name and a word: wells-join@.")] = "-"
    new_communities: Annotated[
        Literal["nobody", "members", "anyone"],
        doc("Who may begin a community by a CC to new@DOMAIN: nobody, members of one here, or anyone proven."),
    ] = "members"
    listen: Listen = msgspec.field(default_factory=Listen)
    database: Database = msgspec.field(default_factory=Database)
    relay: Relay = msgspec.field(default_factory=Relay)
    trust: Trust = msgspec.field(default_factory=Trust)
    web: Web = msgspec.field(default_factory=Web)
    log: Log = msgspec.field(default_factory=Log)


def load(path: Path) -> Settings:
    """The settings of a file; relative paths in it are made absolute. Raises Misconfigured."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Misconfigured(f"{path}: no such file; `mailer init DIR` makes one") from None
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{path}: it is no text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path}: {misread.toml(str(error))}") from None
    settings = parse(raw, str(path))
    return msgspec.structs.replace(settings, state=str((path.parent / settings.state).resolve()))


def parse(raw: dict[str, Any], name: str = "settings") -> Settings:
    """Settings from a TOML document already read. Raises Misconfigured with path, value and what is wanted."""
    _refuse_unknown(raw, Settings, name, "")
    try:
        return msgspec.convert(raw, Settings, dec_hook=_read_unit)
    except msgspec.ValidationError as error:
        where = re.search(r"at `\$\.?(.*?)`", str(error))
        path = where[1] if where else ""
        value = _value_at(raw, path)
        said = misread.wanted(Settings, path, value) or str(error).split(" - at ")[0]
        raise Misconfigured(f"{name}: {path} = {value!r}: {said}") from None


def under_state(settings: Settings, path: str) -> Path:
    """A path of the settings; a relative one is under the state directory."""
    return Path(settings.state) / path


def host_and_port(key: str, where: str) -> tuple[str, int]:
    """The two halves of "127.0.0.1:8025" or "[::1]:8025". Raises Misconfigured with the key."""
    host, colon, port = where.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise Misconfigured(f'{key} = "{where}": host and port are wanted, like "127.0.0.1:8025"')
    return host.strip("[]"), int(port)


def example(settings: Settings | None = None) -> str:
    """Every key with its sentence and default; keys that differ from the default in `settings` stand uncommented."""
    default, chosen = Settings(), settings or Settings()
    lines = ["# Settings of the mailer. Every key is here with its default; uncomment what you change.", ""]
    tables = []
    for field in msgspec.structs.fields(Settings):
        value = getattr(default, field.name)
        if isinstance(value, Section):
            tables.append((field.name, value, getattr(chosen, field.name)))
        else:
            lines += _example_key(Settings, field.name, value, getattr(chosen, field.name))
    for table, value, mine in tables:
        lines += [f"# {(type(value).__doc__ or '').strip()}", f"[{table}]", ""]
        for field in msgspec.structs.fields(type(value)):
            lines += _example_key(type(value), field.name, getattr(value, field.name), getattr(mine, field.name))
    return "\n".join(lines).rstrip() + "\n"


def _example_key(struct: type, name: str, default: object, chosen: object) -> list[str]:
    hint = get_type_hints(struct, include_extras=True)[name]
    sentence = next((meta.description for meta in get_args(hint)[1:] if isinstance(meta, msgspec.Meta)), "")
    mark = "#" if default == chosen else ""
    return [f"# {sentence}", f"# Default: {_toml(default)}", f"{mark}{name} = {_toml(chosen)}", ""]


def _toml(value: object) -> str:
    if isinstance(value, Seconds | Octets):
        return f'"{value.text}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _read_unit(kind: type, value: object) -> object:
    if kind in (Seconds, Octets):
        if not isinstance(value, str):
            raise ValueError("a text with a unit is wanted")
        return kind.read(value)
    raise NotImplementedError(kind)


def _refuse_unknown(raw: dict[str, Any], struct: type, name: str, path: str) -> None:
    """Raises Misconfigured for a key that is none, and for a number that cannot be."""
    hints = get_type_hints(struct)
    for key, value in raw.items():
        if key not in hints:
            hint = misread.unknown(key, hints, path, get_type_hints(Settings))
            raise Misconfigured(f"{name}: unknown key {path}{key} = {value!r}{hint}")
        kind = hints[key]
        if get_origin(kind) is None and isinstance(kind, type) and issubclass(kind, Section):
            if not isinstance(value, dict):
                raise Misconfigured(f"{name}: {path}{key} = {value!r}: a table is wanted, [{path}{key}]")
            _refuse_unknown(value, kind, name, f"{path}{key}.")
        elif kind is int and type(value) is int and (wrong := misread.out_of_range(key, value)):
            raise Misconfigured(f"{name}: {path}{key} = {value}: {wrong}")


def _value_at(raw: object, path: str) -> object:
    for key in filter(None, re.split(r"[.\[\]]", path)):
        raw = raw[int(key)] if isinstance(raw, list) else raw.get(key) if isinstance(raw, dict) else None
    return raw
