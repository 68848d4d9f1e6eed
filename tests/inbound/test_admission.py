from pathlib import Path

import pytest

from mailer.config import Listen
from mailer.errors import Misconfigured
from mailer.inbound.admission import Admission, Minute, Room


def admission(**listen: int) -> Admission:
    return Admission(Listen(**listen), ["127.0.0.0/8", "::1/128", "2001:db8:1::/48"])


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("2001:db8:1::9", True),
        ("unix", True),
        ("192.0.2.1", False),
        ("2001:db8:2::9", False),
        ("fe80::1%eth0", False),
        ("", False),
    ],
)
def test_whose_word_counts(peer: str, expected: bool) -> None:
    assert admission().trusts(peer) is expected


def test_a_peer_that_is_no_network_stops_the_start() -> None:
    with pytest.raises(Misconfigured, match=r"trust\.peers.*mx\.example"):
        Admission(Listen(), ["mx.example"])


def test_connections_are_counted_by_peer_and_in_all() -> None:
    counts = admission(max_connections=3, max_connections_per_peer=2)
    assert [counts.enter(peer) for peer in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    counts.leave("a")
    assert [counts.enter(peer) for peer in ("c", "a")] == [True, False]


def test_nothing_is_remembered_of_a_peer_that_left() -> None:
    counts = admission()
    counts.enter("a")
    counts.leave("a")
    assert not counts._inside


def test_an_ipv6_machine_is_its_64() -> None:
    counts = admission(max_connections_per_peer=1)
    assert [counts.enter(peer) for peer in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")] == [True, False, True]


def test_mails_are_counted_by_the_minute() -> None:
    counts = admission(mails_per_minute_per_peer=2)
    assert [counts.mail("a", second) for second in (60, 61, 119)] == [True, True, False]
    assert counts.mail("b", 119) is True
    assert counts.mail("a", 120) is True


def test_what_a_peer_did_is_forgotten_with_the_minute() -> None:
    wrong = Minute()
    assert [wrong.more("2001:db8::1", 60), wrong.more("2001:db8::2", 61), wrong.of("2001:db8::3", 119)] == [1, 2, 2]
    assert wrong.of("192.0.2.1", 119) == wrong.of("2001:db8::1", 120) == 0


def test_a_crowd_of_peers_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailer.inbound.admission.PEERS", 10)
    wrong = Minute()
    for number in range(100):
        wrong.more(f"192.0.2.{number}", 60)
        assert len(wrong._counts) <= 11


def test_the_disk_is_looked_at_once_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(tmp_path)
    first = room.free(10.0)
    monkeypatch.setattr("shutil.disk_usage", lambda place: type("Usage", (), {"free": 7}))
    assert [room.free(seconds) for seconds in (10.5, 11.0, 11.5)] == [first, 7, 7]
    assert first > 7
