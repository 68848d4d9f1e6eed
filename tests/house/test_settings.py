"""The example file and the defaults say the same, and a wrong setting gets a clear answer."""

import tomllib
from pathlib import Path

import pytest

from mailer import config
from mailer.errors import Misconfigured

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_the_example_is_what_the_defaults_write() -> None:
    assert EXAMPLE.read_text("utf-8") == config.example()


def test_the_example_uncommented_is_the_defaults() -> None:
    lines = [
        line[1:] if line.startswith("#") and not line.startswith("# ") else line
        for line in EXAMPLE.read_text("utf-8").splitlines()
    ]
    assert config.parse(tomllib.loads("\n".join(lines))) == config.Settings()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"relay": {"prot": 3}}, "settings: unknown key relay.prot = 3; did you mean relay.port?"),
        ({"domian": "x"}, "settings: unknown key domian = 'x'; did you mean domain?"),
        (
            {"relay": {"timeout": "3 minutes"}},
            'settings: relay.timeout = \'3 minutes\': a duration with its unit is wanted, like "90s", "5m", "1h", "5d"',
        ),
        (
            {"listen": {"max_size": "lots"}},
            'settings: listen.max_size = \'lots\': a size with its unit is wanted, like "500 kB", "25 MB", "1 GiB"',
        ),
        ({"listen": {"max_errors": "a"}}, "settings: listen.max_errors = 'a': a whole number is wanted"),
        ({"log": {"json": 1}}, "settings: log.json = 1: true or false is wanted"),
        ({"trust": {"peers": "::1"}}, "settings: trust.peers = '::1': a list of texts is wanted"),
        ({"relay": 3}, "settings: relay = 3: a table is wanted, [relay]"),
        ({"relay": {"port": 70000}}, "settings: relay.port = 70000: a port is a number from 1 to 65535"),
        ({"relay": {"connections": 0}}, "settings: relay.connections = 0: at least 1 is wanted"),
        (
            {"relay": {"security": "start-tls"}},
            "settings: relay.security = 'start-tls': one of none, starttls, tls is wanted; did you mean starttls?",
        ),
        (
            {"log": {"domain": "x"}},
            "settings: unknown key log.domain = 'x'; domain stands at the top of the file, above every [table]",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_its_path_and_what_is_wanted(raw: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        config.parse(raw)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"[relay]\n[relay]\n", "[relay] stands there twice (at line 2, column 7); put its keys below the first"),
        (b'domain = "a"\ndomain = "b"', "a key stands there twice (at end of document); keep one"),
        (b"\xff\xfe", "it is no text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, octets: bytes, said: str) -> None:
    file = tmp_path / "mailer.toml"
    file.write_bytes(octets)
    with pytest.raises(Misconfigured) as caught:
        config.load(file)
    assert str(caught.value) == f"{file}: {said}"


def test_units_are_read(tmp_path: Path) -> None:
    file = tmp_path / "mailer.toml"
    file.write_text('[relay]\ntimeout = "90s"\ngive_up = "2d"\n[listen]\nmax_size = "10 MB"\n')
    settings = config.load(file)
    assert (settings.relay.timeout, settings.relay.give_up, settings.listen.max_size) == (90, 172800, 10_000_000)
    assert settings.state == str(tmp_path)
