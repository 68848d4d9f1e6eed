from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from posting import NOW

from mailer.config import Relay
from mailer.outbound import backoff
from mailer.outbound.backoff import Answer

RELAY = Relay()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("step", "code", "verdict"),
    [
        ("dot", 250, "delivered"),
        ("dot", 451, "deferred"),
        ("dot", 554, "failed"),
        ("dot", 421, "deferred"),
        ("dot", 0, "deferred"),
        ("dot", 354, "deferred"),
        ("RCPT", 550, "failed"),
        ("RCPT", 450, "deferred"),
        ("RCPT", 552, "deferred"),
        ("RCPT", 503, "deferred"),
        ("RCPT", 250, "deferred"),
        ("MAIL", 550, "deferred"),
        ("MAIL", 530, "deferred"),
        ("MAIL", 552, "failed"),
        ("DATA", 554, "failed"),
        ("DATA", 503, "deferred"),
        ("connect", 0, "deferred"),
        ("connect", 554, "deferred"),
    ],
)
def test_what_a_reply_means(step: backoff.Step, code: int, verdict: str) -> None:
    assert backoff.verdict(Answer(step, code, "")) == verdict


@pytest.mark.fault("F7")
def test_only_a_reply_to_rcpt_blames_the_address() -> None:
    steps: tuple[backoff.Step, ...] = ("connect", "MAIL", "RCPT", "DATA", "dot")
    assert [step for step in steps if backoff.blames_address(Answer(step, 550, ""))] == ["RCPT"]


@pytest.mark.fault("F8")
@given(st.integers(1, 2**40))
def test_the_second_try_comes_after_five_to_fifteen_minutes(id: int) -> None:
    assert 5 * MINUTE <= backoff.wait(RELAY, 1, id) <= 15 * MINUTE


@pytest.mark.fault("F6")
@given(st.integers(1, 2**40))
def test_a_mail_that_never_goes_is_tried_up_to_150_times_in_five_days_and_at_least_hourly(id: int) -> None:
    at, tries = NOW, 1
    while not backoff.given_up(RELAY, NOW, at):
        wait = backoff.wait(RELAY, tries, id)
        assert wait <= 72 * MINUTE
        at += wait
        tries += 1
    assert 90 <= tries <= 150
    assert at - NOW >= timedelta(days=5)


def test_waits_double_and_spread() -> None:
    waits = [backoff.wait(RELAY, tries, 7) for tries in range(1, 8)]
    minutes = [5, 10, 20, 40, 60, 60, 60]
    assert all(low * MINUTE <= wait <= low * 1.2 * MINUTE for low, wait in zip(minutes, waits, strict=True))
    assert len({backoff.wait(RELAY, 1, id) for id in range(100)}) == 100
    assert backoff.wait(RELAY, 3, 9) == backoff.wait(RELAY, 3, 9)
    assert backoff.wait(RELAY, 10_000, 9) <= 72 * MINUTE
