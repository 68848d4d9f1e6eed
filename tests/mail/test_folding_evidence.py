"""What the HTML and our own memory of what we sent tell about a text."""

from mailer.mail.folding import fold
from mailer.mail.message import Body, Headers, Mailbox, Message
from mailer.mail.quotes.sentlines import SentLines

BO = Mailbox("Bo Lind", "bo.lind@wells.example")


def mail(text: str, html: str = "", subject: str = "Re: Which gasket?", sender: Mailbox = BO) -> Message:
    to = (Mailbox("Wells", "wells@cop.example"),)
    return Message(Headers(()), "", (), (), subject, (sender,), to, (), (), None, text, html)


def kinds(body: Body) -> list[str]:
    return [f.kind for f in body.folded]


# What HTML tells


def test_html_tells_where_an_unknown_heading_begins() -> None:
    html = '<div>The blue one.</div><div id="divRplyFwdMsg">Qlim Ana Ruiz vrbx Tuesday noon</div><p>Which gasket?</p>'
    body = fold(mail("The blue one.\n\nQlim Ana Ruiz vrbx Tuesday noon\n\nWhich gasket?\n", html))
    assert (body.new_text, kinds(body)) == ("The blue one.", ["quote"])


def test_html_tells_which_lines_are_the_signature() -> None:
    html = '<p>The blue one.</p><div><div id="ms-outlook-mobile-signature">Greetings from the far north</div></div>'
    body = fold(mail("The blue one.\n\nGreetings from the far north\n", html))
    assert (body.new_text, kinds(body)) == ("The blue one.", ["signature"])


def test_words_below_the_signature_of_the_html_are_kept() -> None:
    html = '<div id="AppleMailSignature">Bo of the wells</div><p>It is the blue one.</p>'
    assert fold(mail("Bo of the wells\n\nIt is the blue one.\n", html)).new_text == "It is the blue one."


# What we sent

POST = (
    "Ana Ruiz asks:\n\nWhich gasket holds 40 bar for longer than one year in salt water?\nWe have tried the red one "
    "and the green one, and both failed.\n\nSee https://wells.example/gaskets for the list of those we tried.\n\n"
    "Reply to this mail to answer everybody.\n[#k7q]\n"
)


def test_what_we_sent_is_known_without_any_mark() -> None:
    sent = SentLines.of([POST])
    body = fold(mail(f"The blue one.\n\nAna kirjutas mulle\n\n{POST}"), sent)
    assert (body.new_text, kinds(body)) == ("The blue one.\n\nAna kirjutas mulle", ["quote"])


def test_answers_between_unmarked_lines_of_ours_are_new() -> None:
    sent = SentLines.of([POST])
    header = (
        "From: Wells <wells@cop.example>\nSent: Tuesday, 3 March 2026 10:15\nTo: Bo Lind\nSubject: Which gasket?\n\n"
    )
    lines = POST.split("\n")
    answered = "\n".join([*lines[:3], "", "The blue one, by far.", "", *lines[3:]])
    body = fold(mail(f"See below.\n\n{header}{answered}"), sent)
    assert ("See below." in body.new_text, "The blue one, by far." in body.new_text) == (True, True)
    assert "both failed" not in body.new_text


def test_rewrapped_lines_and_rewritten_links_are_known_again() -> None:
    sent = SentLines.of([POST])
    words = POST.replace("https://wells.example/gaskets", "https://safe.example/?u=https%3A%2F%2Fwells").split()
    wrapped = "\n".join(" ".join(words[i : i + 6]) for i in range(0, len(words), 6))
    assert fold(mail(f"The blue one.\n\n{wrapped}"), sent).new_text == "The blue one."


def test_scripts_without_spaces_are_known_again() -> None:
    post = "谁知道哪一种垫片在盐水中可以承受四十巴的压力超过一年？我们试过红色和绿色的，都失败了。"
    assert fold(mail(f"蓝色的。\n\n{post[:20]}\n{post[20:]}"), SentLines.of([post])).new_text == "蓝色的。"


def test_a_common_phrase_is_not_taken_for_ours() -> None:
    sent = SentLines.of(["Thank you very much for your help.\n" + POST])
    assert fold(mail("It holds.\n\nThank you very much for your help."), sent).folded == ()
