"""Every word a mail offers is understood when it comes back in reply to that very mail, in each language.

What callers really offer, beyond the samples, is looked at after every journey: tests/journeys/conftest.
"""

import printing
import pytest
from kept_promises import misunderstood

from mailer import commands
from mailer.inbound.route import ANSWERS, VERDICTS
from mailer.outbound.notices import ALWAYS

press = printing.press()
HEARD = frozenset(commands.by_word()) | ANSWERS | VERDICTS | {"comment", "private", "all"}


@pytest.mark.parametrize("language", press.languages)
def test_each_word_of_the_footer_is_understood_in_reply(language: str) -> None:
    wrong = {}
    for name in press.names:
        written = press.speaks(name, language)  # an English mail to a reader of Swahili shows English words
        for variant in press.variants(name):
            offers = tuple(word["command"] for word in press.sample(name, variant, language)["words"])
            if heard := misunderstood(press, (*offers, *ALWAYS), offers, written, (language,)):
                wrong[name, variant] = heard
    assert wrong == {}


def test_somebody_hears_what_is_offered() -> None:
    offered = {
        (name, word["command"])
        for name in press.names
        for variant in press.variants(name)
        for word in press.sample(name, variant)["words"]
    }
    assert offered
    assert {(name, command) for name, command in offered if command not in HEARD} == set()
