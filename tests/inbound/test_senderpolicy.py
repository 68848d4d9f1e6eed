"""SPF from a table of names: who may send, and where the looking ends."""

from collections.abc import Mapping, Sequence

import pytest

from mailer.errors import TryLater
from mailer.inbound import senderpolicy

Zone = Mapping[str, Sequence[str]]


async def said(peer: str, zone: Zone, sender: str = "bob@nord.example") -> str:
    """The result, with names as "a.example TXT" (TXT where nothing else is said); the value "away" is no answer."""
    table = {name if " " in name else f"{name} TXT": records for name, records in zone.items()}

    async def ask(name: str, kind: str) -> list[str] | None:
        records = table.get(f"{name} {kind}")
        if records == "away":
            raise TryLater
        return list(records) if records is not None else None

    return await senderpolicy.check(ask, peer, sender)


CASES: dict[str, tuple[str, str, dict[str, Sequence[str]]]] = {
    "ip4": ("192.0.2.7", "v=spf1 ip4:192.0.2.0/24 -all", {}),
    "ip4 of one": ("192.0.2.7", "V=SPF1 IP4:192.0.2.7 -ALL", {}),
    "ip6": ("2001:db8::7", "v=spf1 ip6:2001:db8::/32 -all", {}),
    "ip6 of one": ("2001:db8::7", "v=spf1 ip6:2001:db8::7 -all", {}),
    "ip4 in ip6": ("::ffff:192.0.2.7", "v=spf1 ip4:192.0.2.7 -all", {}),
    "a": ("192.0.2.7", "v=spf1 a -all", {"nord.example A": ["192.0.2.7"]}),
    "a with a prefix": ("192.0.2.7", "v=spf1 a/24 -all", {"nord.example A": ["192.0.2.1"]}),
    "a of another": ("192.0.2.7", "v=spf1 a:out.example/24//64 -all", {"out.example A": ["192.0.2.1"]}),
    "a in ip6": ("2001:db8::7", "v=spf1 a//64 -all", {"nord.example AAAA": ["2001:db8::1"]}),
    "mx": ("192.0.2.7", "v=spf1 mx -all", {"nord.example MX": ["10 m.example."], "m.example A": ["192.0.2.7"]}),
    "include": ("192.0.2.7", "v=spf1 include:b.example -all", {"b.example": ["v=spf1 ip4:192.0.2.7 -all"]}),
    "redirect": ("192.0.2.7", "v=spf1 redirect=b.example", {"b.example": ["v=spf1 ip4:192.0.2.7 -all"]}),
    "exists": ("192.0.2.7", "v=spf1 exists:%{i}.ok.%{d} -all", {"192.0.2.7.ok.nord.example A": ["127.0.0.2"]}),
    "macros": (
        "192.0.2.7",
        "v=spf1 include:%{ir}.%{v}.%{l}.%{d2}.x -all",
        {"7.2.0.192.in-addr.bob.nord.example.x": ["v=spf1 +all"]},
    ),
    "everyone": ("203.0.113.9", "v=spf1 +all", {}),
    "a modifier nobody knows": ("192.0.2.7", "v=spf1 foo=bar exp=e.%{d} ip4:192.0.2.7 -all", {}),
    "two blanks": ("192.0.2.7", "v=spf1  ip4:192.0.2.7   -all", {}),
}


@pytest.mark.parametrize(("peer", "record", "more"), CASES.values(), ids=CASES)
async def test_who_may(peer: str, record: str, more: Zone) -> None:
    assert await said(peer, {"nord.example": ["other text", record], **more}) == "pass"
    wrong = "2001:dead::1" if ":" in peer and "." not in peer else "198.51.100.1"
    if "+all" not in str((record, more)):
        assert await said(wrong, {"nord.example": [record], **more}) == "fail"


RESULTS: dict[str, tuple[str, dict[str, Sequence[str]]]] = {
    "softfail": ("v=spf1 ~all", {}),
    "neutral": ("v=spf1 ?all", {}),
    "neutral at the end": ("v=spf1", {}),
    "permerror include of nothing": ("v=spf1 include:b.example -all", {}),
    "permerror redirect to nothing": ("v=spf1 redirect=b.example", {}),
    "permerror a word nobody knows": ("v=spf1 ip5:1.2.3.4 -all", {}),
    "permerror behind the match": ("v=spf1 +all ipx", {}),
    "permerror ip4 that is none": ("v=spf1 ip4:192.0.2.300 -all", {}),
    "permerror ip6 as ip4": ("v=spf1 ip4:2001:db8::1 -all", {}),
    "permerror no value": ("v=spf1 include: -all", {}),
    "permerror a percent alone": ("v=spf1 exists:%x.example -all", {}),
    "permerror two redirects": ("v=spf1 redirect=a.example redirect=b.example", {}),
    "permerror all with a value": ("v=spf1 all:x", {}),
    "permerror itself": ("v=spf1 include:nord.example -all", {}),
    "permerror itself by redirect": ("v=spf1 redirect=nord.example", {}),
    "permerror eleven": ("v=spf1 " + " ".join(f"exists:e{n}.example" for n in range(11)) + " -all",
                         {f"e{n}.example TXT": [] for n in range(11)}),
    "permerror three in vain": ("v=spf1 a:x.example a:y.example a:z.example -all", {}),
    "permerror eleven mail servers": (
        "v=spf1 mx -all", {"nord.example MX": [f"1 m{n}.example." for n in range(11)]}),
    "fail ptr": ("v=spf1 ptr -all", {}),
    "temperror include": ("v=spf1 include:b.example -all", {"b.example": "away"}),
    "temperror a": ("v=spf1 a -all", {"nord.example A": "away"}),
    "fail but an include that is sure": ("v=spf1 include:b.example -all", {"b.example": ["v=spf1 -all"]}),
}  # fmt: skip


@pytest.mark.parametrize("case", RESULTS)
async def test_the_other_results(case: str) -> None:
    record, more = RESULTS[case]
    assert await said("192.0.2.7", {"nord.example": [record], **more}) == case.split(" ")[0]


async def test_ten_questions_are_answered_and_eleven_are_too_many() -> None:
    chain = {f"c{n}.example": [f"v=spf1 include:c{n + 1}.example -all"] for n in range(12)}
    for length, expected in ((9, "pass"), (10, "permerror")):
        ended = {**chain, f"c{length}.example": ["v=spf1 ip4:192.0.2.7 -all"]}
        assert await said("192.0.2.7", {"nord.example": ["v=spf1 include:c0.example -all"], **ended}) == expected


async def test_no_record_two_records_and_no_answer() -> None:
    assert await said("192.0.2.7", {}) == "none"
    assert await said("192.0.2.7", {"nord.example": ["v=spf10 +all", "hello"]}) == "none"
    assert await said("192.0.2.7", {"nord.example": ["v=spf1 +all", "v=spf1 -all"]}) == "permerror"
    assert await said("192.0.2.7", {"nord.example": "away"}) == "temperror"
    assert await said("unix", {"nord.example": ["v=spf1 +all"]}) == "none"


async def test_a_huge_record_is_read_in_time() -> None:
    record = "v=spf1 " + " ".join(f"ip4:10.{n % 256}.{n // 256}.0/24" for n in range(400)) + " " + "a" * 3000
    assert await said("192.0.2.7", {"nord.example": [record]}) == "permerror"
    assert await said("192.0.2.7", {"nord.example": ["v=spf1 exists:" + "%{s}" * 900 + " -all"]}) == "fail"
