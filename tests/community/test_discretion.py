"""What looks meant for one, and all that does not: depths, part numbers, dates, meeting lines, signatures."""

import pytest

from mailer.community.discretion import looks_private

PRIVATE = [
    ("words", "Just between us: we broke the pump ourselves."),
    ("words", "This stays off the record, but the contractor left early."),
    ("words", "Please keep this\nto yourself for now."),
    ("words", "Entre toi et moi, la pompe était déjà cassée."),
    ("words", "Que cela reste entre nous : le contrat est perdu."),
    ("words", "Que quede entre nosotros, perdimos el contrato."),
    ("words", "Das bleibt unter uns, aber die Pumpe war schon kaputt."),
    ("words", "Bitte nicht weitersagen: wir haben den Auftrag verloren."),
    ("words", "Fica entre nós: a bomba já estava partida."),
    ("words", "هذا بيني وبينك: المضخة كانت معطلة"),
    ("words", "Hii ni kati yetu tu: pampu ilikuwa imeharibika."),
    ("words", "ここだけの話、ポンプは前から壊れていました。"),
    ("phone", "Call me on +47 91 23 45 67, I would rather say it."),
    ("phone", "Happy to explain. My number is 0171 4567 890."),
    ("phone", "Rufen Sie mich bitte an: 0171 4567890"),
    ("phone", "Appelez-moi au 06 12 34 56 78."),
    ("phone", "Llámame al 612 345 678 esta tarde."),
    ("phone", "O meu número é 912 345 678."),
    ("phone", "اتصل بي على 0501234567"),
    ("phone", "Nipigie 0712 345 678."),
    ("phone", "電話してください 03-1234-5678"),
    ("phone", "Sure, +44 7700 900123 after six."),
    ("account", "Send the deposit to GB82 WEST 1234 5698 7654 32 please."),
    ("account", "IBAN DE89370400440532013000"),
    ("account", "My card is 4111 1111 1111 1111."),
    ("account", "Our account number is 12345678, sort code 12-34-56."),
    ("account", "Meine Kontonummer: 1234567890"),
]

HARMLESS = [
    "We drilled from 2,300 m to 2,412 m at 1.32 sg and lost 40 m3.",
    "The well is 42-501-20130-03-00, spudded 2026-03-12 at 10:00.",
    "Part no. 4500123456, serial 4500 1234 5678 9012, rev 03.",
    "ISO 10426-1:2009 and API RP 10B-2 both say so.",
    "The shoe is at +59.329312 18.068612 on the map.",
    "Budget is +1 200 000 000 NOK for the campaign.",
    "Order 00471234567890 is late again.",
    "Pressures: 345 678 912 Pa, then 1 013 250 Pa.",
    "ISBN 978-3-16-148410-0 has a chapter on it.",
    "Join by phone: Teams, conference id 123 456 789#",
    "Try ceramic.\n\nBob Berg\nDrilling engineer\nNord\nTel: +47 91 23 45 67",
    "Tel: +47 91 23 45 67",
    "M +44 7700 900123",
    "The interface between us and the rig was unclear, so we lost a day.",
    "Happy to take this off-list if anyone wants the drawings.",
    "The private wells in the county are shallow; some records are confidential until 2028.",
    "We call it losses when the pit drops 5 m3; call me old-fashioned.",
    "My number one concern is the shoe; my phone died so I answer late.",
    "The gauge broke: nothing on the record after 14:00.",
    "> Just between us: we broke it.\n\nWe did not.",
    "Entre nous et la plateforme il y a 40 km.",
    "Zwischen uns und der Bohrinsel liegen 40 km.",
    "Entre nosotros hay quien usa cerámica.",
    "Rates rose by +12 % to 1,250,000 per day, 365 days, 2026-2027.",
    "thanks",
    "",
]


@pytest.mark.parametrize(("why", "text"), PRIVATE)
def test_what_looks_meant_for_one_is_seen(why: str, text: str) -> None:
    assert looks_private(text) == why


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_passes(text: str) -> None:
    assert looks_private(text) == ""


def test_an_article_is_no_confidence() -> None:
    assert looks_private("We measured the mud weight again.\n" * 200 + "just between us") == ""
