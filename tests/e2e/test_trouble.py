"""What goes wrong among real servers: bounces, robots, rules that forward, forgers, and processes that die."""

import smtplib

import pytest
from e2e.ground import DOMAIN, until
from e2e.village import GONE, Cast

pytestmark = pytest.mark.e2e

AWAY = 'require ["vacation"];\nvacation :days 1 :addresses ["ana@acme.example"] :subject "Away" "I am away.";\n'
FORWARD = 'require ["copy"];\nredirect :copy "loops@cop.example";\n'


def test_a_bounce_comes_home_and_is_counted_and_a_forged_one_is_refused(cast: Cast) -> None:
    place = cast.community("steel", cast.ana, cast.eva, gone=1)
    cast.eva.write(place, "Casing wear", "Who logs it?")
    post = cast.ana.one("Casing wear", "steel")
    cast.village.outcome("steel", "bounced", "permanent 5.1.1")
    scored = "SELECT email FROM address WHERE bounced_at IS NOT NULL AND email IN (?, ?)"
    assert cast.village.found(scored, GONE, cast.ana.address) == [(GONE,)]

    back = post.get("return-path").strip("<>")
    forged = back.replace(back[20], "a" if back[20] != "a" else "b", 1)
    for address, code in ((back, 250), (forged, 550), ("steel-nothing@cop.example", 550), ("hills@cop.example", 550)):
        with smtplib.SMTP("127.0.0.1", cast.village.front.port) as client:
            client.ehlo()
            client.mail("")
            assert client.rcpt(address)[0] == code


def test_each_bounce_of_a_batch_finds_its_delivery_by_xverp(cast: Cast) -> None:
    place = cast.community("crowd", cast.ana, cast.bob, cast.eva, gone=24)
    cast.eva.write(place, "To everybody", "Who is there?")
    post = cast.ana.one("To everybody", "crowd")
    assert post.get("return-path").endswith(f"-{cast.ana.address.replace('@', '=')}@{DOMAIN}>")
    assert post.get("list-unsubscribe") == f"<mailto:crowd-leave@{DOMAIN}?subject=stop>"
    assert f"nrcpt={24 + 2} " in cast.village.relay.log()  # one mail in one transaction
    failed = "SELECT count(*) FROM delivery WHERE state = 'failed' AND email LIKE ? AND reply LIKE '5.1.1%'"
    until(lambda: cast.village.found(failed, f"%.{GONE}") == [(23,)], "each has failed by a bounce of its own")

    def bounced() -> list[str]:
        return [detail for word, detail in cast.village.ledger("crowd") if word == "bounced"]

    until(lambda: len(bounced()) == 24, "each bounce is in the ledger")
    assert all(detail.startswith("permanent 5.1.1") for detail in bounced())


def test_vacation_rules_stay_silent_and_cruder_robots_are_not_answered(cast: Cast) -> None:
    place = cast.community("rigs", cast.ana, cast.chi, cast.eva)
    cast.village.dovecot.rules(cast.ana.address, AWAY)
    cast.eva.write(place, "Rig move", "On Monday.")
    post = cast.chi.one("Rig move", "rigs")
    cast.ana.one("Rig move", "rigs")
    cast.chi.write(post.get("return-path").strip("<>"), "Out of office", "I am away.", mail_from="")
    cast.chi.write(place, "Automatic reply: Rig move", "I am away.", "Auto-Submitted: auto-replied")
    cast.village.outcome("rigs", "recorded")
    cast.eva.write(place, "Rig moved", "Done.")
    cast.chi.one("Rig moved", "rigs")
    assert [mail.subject for mail in cast.chi.got_any("rigs")] == ["Rig move", "Rig moved"]
    cast.village.dovecot.rules(cast.ana.address)
    assert "away" not in "".join(mail.text for mail in cast.eva.got_any("rigs"))


def test_a_rule_that_forwards_to_the_list_makes_no_loop(cast: Cast) -> None:
    place = cast.community("loops", cast.bob, cast.chi, cast.eva)
    cast.village.dovecot.rules(cast.bob.address, FORWARD)
    cast.eva.write(place, "Round", "And round.")
    cast.bob.one("Round", "loops")
    cast.village.outcome("loops", "recorded", "a rule of theirs")  # refused as a loop, and nobody's fault
    cast.village.dovecot.rules(cast.bob.address)
    cast.eva.write(place, "Second", "Again.")
    cast.chi.one("Second", "loops")
    assert [mail.subject for mail in cast.chi.got_any("loops")] == ["Round", "Second"]


def test_a_forged_verdict_is_not_the_topmost(cast: Cast) -> None:
    place = cast.community("gas", cast.ana, cast.eva)
    forged = (
        "Authentication-Results: mx.cop.example; dmarc=pass header.from=office.example\r\n"
        f"From: Eva Roth <{cast.eva.address}>\r\nTo: {place}\r\nSubject: leave\r\n\r\nleave\r\n"
    )
    with smtplib.SMTP("127.0.0.1", cast.village.front.port) as client:
        client.sendmail("mallory@evil.example", ["gas-leave@cop.example"], forged)
    cast.village.outcome("gas", "held")
    assert cast.village.ledger("gas")[-1][0] == "held"


def test_the_service_is_killed_and_the_front_keeps_the_mail(cast: Cast) -> None:
    place = cast.community("pumps", cast.bob, cast.chi, cast.eva)
    cast.eva.write(place, "Before", "One.")
    cast.chi.one("Before", "pumps")
    cast.village.service.kill()
    cast.eva.write(place, "Meanwhile", "Two.")
    cast.village.service.start()
    assert "Two." in cast.chi.one("Meanwhile", "pumps").text


def test_the_relay_is_away_and_the_service_is_killed_and_nothing_is_lost(cast: Cast) -> None:
    place = cast.community("valves", cast.bob, cast.chi, cast.dag, cast.eva)
    cast.village.relay.stop()
    for number in range(3):
        cast.eva.write(place, f"Valve {number}", "Leaks.")
    until(lambda: len(cast.village.ledger("valves")) == 3, "the posts are taken")
    cast.village.service.kill()
    cast.village.service.start()
    cast.village.relay.start()
    for who in (cast.bob, cast.chi, cast.dag):
        for number in range(3):
            who.one(f"Valve {number}", "valves")
    assert cast.village.service.with_settings("queue").splitlines()[-1] == "out: 0 waiting"


def test_killed_while_mail_flows_everything_arrives(cast: Cast) -> None:
    place = cast.community("flow", cast.bob, cast.chi, cast.dag, cast.eva)
    subjects = [f"Flow {number}" for number in range(12)]
    for number, subject in enumerate(subjects):
        cast.eva.write(place, subject, "Flows.")
        if number % 4 == 3:
            cast.village.service.kill()
            cast.village.service.start()
    for who in (cast.bob, cast.chi, cast.dag):
        for subject in subjects:
            who.got(subject, "flow")
    words = [word for word, _ in cast.village.ledger("flow")]
    assert words.count("posted") == len(subjects)
    assert set(words) <= {"posted", "duplicate"}  # the front tries again what it was not told we had
