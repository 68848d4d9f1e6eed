"""A yes to an event in the last words of a post is taken out of it; a sentence about events is not."""

import pytest
from printing import press

from mailer.community.asides import aside

WORDS = press().words("en", "fr", "es", "de", "pt")
EVENTS = {"4": "Webinar: barriers", "5": "Réunion du mardi"}


@pytest.mark.parametrize(
    ("text", "rest", "said"),
    [
        ("we changed to ceramic. And yes to the webinar.", "we changed to ceramic.", [("4", "yes")]),
        ("Ceramic it is.\n\nno to the webinar, sadly", "Ceramic it is.", [("4", "no")]),
        ("De la céramique. Et oui pour le webinar.", "De la céramique.", [("4", "yes")]),
        ("Keramik. Und ja zum Webinar!", "Keramik.", [("4", "yes")]),
        ("Cerámica. Y sí al webinar.", "Cerámica.", [("4", "yes")]),
        ("Ceramic. Yes to the webinar. Maybe for the réunion.", "Ceramic.", [("4", "yes"), ("5", "maybe")]),
    ],
)
def test_the_last_words_may_answer_an_event(text: str, rest: str, said: list[tuple[str, str]]) -> None:
    assert aside(text, EVENTS, WORDS) == (rest, said)


@pytest.mark.parametrize(
    "text",
    [
        "No webinar has ever helped us.",
        "We tried it. No webinar has ever helped us.",
        "We tried it. Yes to the party.",
        "Yes to the webinar. But first: who brings the beads?",
        "We tried it. Yes, the webinar in 2019 said so, and it named the beads that we had bought before.",
        "yes to the webinar",
        "",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert aside(text, EVENTS, WORDS) == (text, [])
