"""Quotes told from answers; people's own words never folded; nothing lost."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.mail.folding import fold
from mailer.mail.message import Body, Headers, Mailbox, Message
from mailer.mail.quotes.sentlines import SentLines

BO = Mailbox("Bo Lind", "bo.lind@wells.example")


def mail(text: str, html: str = "", subject: str = "Re: Which gasket?", sender: Mailbox = BO) -> Message:
    to = (Mailbox("Wells", "wells@cop.example"),)
    return Message(Headers(()), "", (), (), subject, (sender,), to, (), (), None, text, html)


def kinds(body: Body) -> list[str]:
    return [f.kind for f in body.folded]


# People's own words

OWN = {
    "from": "From my experience the gasket fails at 40 bar.\nOn 3 March at 10:15 it failed again.",
    "rule": "First the results.\n\n---\n\nThen the plan for May, which is long.\n\n- one\n- two",
    "titled rule": "Hello all\n\n----- Results -----\n40 bar: fails\n\n----- Plan -----\nWe meet on 12 May.",
    "dated rule": "Minutes\n\n=== 2026-05-12 10:00 Agenda ===\n1. Gaskets\n2. Bolts",
    "event": "Next call:\n\nDate: 12 May 2026 10:00\nPlace: Berlin\nContact: bob@wells.example\n\nPlease come.",
    "journey": "My trip:\nFrom: Berlin\nTo: Oslo\nDate: 12 May 2026\n\nWho joins me?",
    "hours": "Workshop\nDatum: 12.5.2026\nVon: 10:00\nBis: 12:00\nThema: Dichtungen\n\nWer kommt?",
    "fields": "Name: Ana\nPhone: +34 600 100 200\nEmail: ana@wells.example\n\nis who you should call about this.",
    "colon": "At 10:15 on 3 March 2026 the operator told us this:\n\nClose valve three first.\nThen wait.",
    "two colons": "We tried two things:\n1. cold at 10:00:\nit fails\n2. warm at 12:00:\nit holds",
    "address": "Ask bob@wells.example on 12 May 2026 at 10:00 for the following:\n\nthe drawing\nthe list",
    "link": "See https://wells.example/list/2026-03 and write to ana@wells.example about it, please.",
    "unsubscribe": "Please unsubscribe me from this mailing list, thank you, or tell ann@wells.example to do it.",
    "phone": "Here is the number of the hotel:\n\nHotel Adlon\nUnter den Linden 77\n+49 30 22 61 00",
    "mobile": "Here is another mail.\n\nSent from my desk, which is easier than my mobile phone.",
    "confidential": "Is the report confidential?\n\nI would share it.",
    "more": "We need\n>50% of the votes\nto pass.",
    "escaped": "As I said.\n>From now on we close valve three first.\nAll agreed.",
    "arrow": "Look at\n>>> >>>  https://wells.example <<<\nbefore you answer",
    "postscript": "It holds now.\n\nRegards,\nBo\n\nPS: bring the old gasket with you, please.",
    "regards inside": "He sends his\nregards\nand asks when we will close the second valve on the left.",
    "patch": "The change.\n---\n valve.c | 2 ++\n 1 file changed\n\n@@ -1,2 +1,4 @@\n+ int bar = 40;\n+ close(3);",
    "trailers": "Fixed.\n\nCc: Ana Ruiz <ana@wells.example>\nReviewed-by: Cy Oh <cy@wells.example>\n---\n one | 1 +",
    "more trailers": "Fixed.\n\nFixes: 0ae2562 (valve)\nReported-by: Ana <ana@b.example>\nCc: cy@wells.example\n---",
    "commit": "Commit 0ae2562:\n\nAuthor: Ana Ruiz <ana@b.example>\nDate: Tue Mar 3 10:15:00 2026\n\n  Valve\n\nOk?",
    "copyright": "+# (C) 2012-2026 by Ana Ruiz <ana@wells.example>\n+#\n+# Free to use.\n\nIs this right?",
    "document": "Author:\n   Ana <ana@b.example>\nHelp:\n   Bo <bo.lind@wells.example>\nCreated:\n   3/3/2026\n\nText.",
    "form": "Filled in:\n--------\nName: Ana\nE-mail: ana@b.example\nMessage: 3/3/2026 leak\n--------\nOk?",
    "agenda": "See you.\n\nCheers,\nBo\n\nAgenda\nGaskets\nBolts\nSalt water\nPumps\nLunch",
    "footnotes": "See [1].\n\nThe old one [2] fails.\n\n[1] https://wells.example/blue\n[2] https://wells.example/red",
    "list": "Which?\n\n- Berlin\n- Oslo",
    "answer": "yes",
    "name": "Anna",
    "thanks": "It holds.\n\nThanks,\nBo",
    "times": "10:15: closed\n10:20: open\n10:25: closed:",
    "saying": "My mother said:\n\n> Never trust a red seal.\n\nShe was right.",
    "told": "At 10:15 the operator told us:\n> close valve three\n\nSo we did.",
    "said": "On 3 March at 10:15 Bo wrote:\n\nFirst close valve three. Then open it.",
    "attending": "Coming are:\n\nBo Lind\nAna Ruiz\nCy Oh",
    "here": "Bo here, and two questions on seals\nwww.wells.example\nwhich one?",
    "device": "It holds.\n\nSent the Samsung drawings to Ana",
    "german": "Von meinem Standpunkt: die Dichtung hält.\nAm 3. März um 10:15 hielt sie.",
    "finnish": "Lähettäjä: minä\nPaine oli 40 bar.",
    "polish": "Od: wczoraj\nDo: jutra\nzamknięte.",
}


@pytest.mark.parametrize("name", OWN)
def test_what_people_write_is_not_folded(name: str) -> None:
    body = fold(mail(OWN[name]))
    assert (body.new_text, body.folded) == (OWN[name], ())


# Quotes

QUOTED = "On Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@wells.example> wrote:\n"


def test_answers_between_the_lines_keep_the_quotes_they_answer() -> None:
    inline = f"Hi Ana,\n\n{QUOTED}> Which gasket?\n\nThe blue one.\n\n> At what pressure?\n\n40 bar."
    body = fold(mail(inline + "\n\n> Ana\n> Wells Ltd\n"))
    assert (body.new_text, kinds(body)) == (inline, ["quote"])


def test_answers_need_no_blank_lines() -> None:
    inline = "> Which gasket?\nblue\n> At what pressure?\n40 bar\n> Since when?\nMay"
    assert fold(mail(inline)).new_text == inline


def test_one_quote_with_the_whole_answer_below_is_folded() -> None:
    body = fold(mail(f"{QUOTED}> Which gasket\n> do you use?\n>\n> Ana\n\nThe blue one.\n"))
    assert (body.new_text, kinds(body), body.flagged) == ("The blue one.", ["quote"], False)


def test_words_around_a_quote_stay_in_order() -> None:
    body = fold(mail(f"Thanks Ana.\n\n{QUOTED}> Which gasket?\n\nThe blue one.\n"))
    assert (body.new_text, kinds(body)) == ("Thanks Ana.\n\nThe blue one.", ["quote"])


def test_a_short_quote_of_ones_own_choosing_stays_with_its_answer() -> None:
    chosen = "> which gasket?\n\nThe blue one."
    assert fold(mail(chosen)).new_text == chosen


def test_the_quote_below_the_quote_goes_too() -> None:
    deep = f"{QUOTED}> Yes.\n>\n> On 2 Mar 2026, at 9:00, Cy Oh <cy@wells.example> wrote:\n>> Who?\n>> Me?\n"
    assert fold(mail(f"Blue.\n\n{deep}")).new_text == "Blue."


def test_a_wrapped_link_does_not_end_a_quote() -> None:
    text = f"Blue.\n\n{QUOTED}> See this (https://wells.example/a?b\n=c)\n> or that.\n"
    assert fold(mail(text)).new_text == "Blue."


def test_an_attribution_on_the_line_of_the_answer_is_parted_from_it() -> None:
    body = fold(mail("The blue one. On Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@wells.example> wrote:\n> Which?\n> Ana"))
    assert (body.new_text, kinds(body)) == ("The blue one.", ["quote"])


def test_indented_quotes_are_told_from_answers() -> None:
    text = (
        'On 3/3/26, 10:15 AM, "Ana Ruiz" <ana@wells.example> wrote:\n\n    Which gasket holds 40 bar?\n\n'
        "The blue one.\n\n"
        "    And where do you buy it?\n\nIn Oslo.\n\n    Ana\n    Wells Ltd\n"
    )
    body = fold(mail(text))
    assert ("The blue one." in body.new_text, "In Oslo." in body.new_text, "Wells Ltd" in body.new_text) == (
        True,
        True,
        False,
    )
    assert body.flagged is False


def test_where_nothing_is_new_the_whole_body_is_the_post() -> None:
    text = f"{QUOTED}> Which gasket?\n> Ana\n"
    assert fold(mail(text)) == Body(text, text, (), None, True)


def test_a_quote_without_marks_and_without_answer_is_the_post() -> None:
    text = f"{QUOTED}\nWhich gasket holds 40 bar?\n"
    body = fold(mail(text))
    assert (body.new_text.split(), body.flagged) == (text.split(), True)


def test_an_empty_text_is_not_flagged() -> None:
    assert fold(mail(" \n")) == Body(" \n", " \n", (), None, False)


# Nothing is lost

POST = (
    "Ana Ruiz asks:\n\nWhich gasket holds 40 bar for longer than one year in salt water?\nWe have tried the red one "
    "and the green one, and both failed.\n\nSee https://wells.example/gaskets for the list of those we tried.\n\n"
    "Reply to this mail to answer everybody.\n[#k7q]\n"
)


_LINES = st.sampled_from(
    [
        *["", " ", "a b", "> a", ">> b", "-- ", "--", "---", "____________", "Regards,", "Bo", "Sent from my iPhone"],
        *["On Tue, 3 Mar 2026 at 10:15, Ana <a@b.example> wrote:", "From: Ana <a@b.example>", "Sent: 3/3/2026 10:15"],
        *["x:", "Subject: Re: Which", "-----Original Message-----", "+47 22 33 44 55", "http://x.example", "    inset"],
        *["[EXTERNAL]", "[#k7q]", "---------- Forwarded message ---------", POST[:100]],
        "confidential, delete in error, notify the sender of this mail now please",
    ]
)


def _words(*texts: str) -> Counter[str]:
    return Counter(line.strip() for text in texts for line in text.split("\n") if line.strip())


@given(st.lists(_LINES, max_size=30).map("\n".join) | st.text(max_size=400), st.booleans())
@settings(max_examples=400, deadline=None)
def test_every_line_is_in_the_new_text_or_in_a_fold(text: str, with_sent: bool) -> None:
    body = fold(mail(text), SentLines.of([POST, text[:200]]) if with_sent else None)
    assert _words(body.new_text, *(f.text for f in body.folded)) == _words(text)


@given(st.text(alphabet="> \n:-_*@On1. <a", max_size=300))
@settings(max_examples=300, deadline=None)
def test_every_letter_is_in_the_new_text_or_in_a_fold(text: str) -> None:
    body = fold(mail(text))
    pieces = Counter("".join([body.new_text, *(f.text for f in body.folded)]).replace("\n", "").replace(" ", ""))
    assert pieces == Counter(text.replace("\n", "").replace(" ", ""))


def test_hostile_texts_are_read() -> None:
    for text in ("x" * 100_000, ">" * 100_000, "> a\n" * 20_000, ">a\nb\n" * 10_000, "-" * 50_000 + "x", "a@" * 30_000):
        assert fold(mail(text)).text == text
