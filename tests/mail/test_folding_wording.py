"""Headings that lack a part, lines run together, goodbyes and devices of many languages; words that only look so."""

import pytest

from mailer.mail.folding import fold
from mailer.mail.message import Headers, Mailbox, Message

BO = Mailbox("Bo Lind", "bo.lind@wells.example")
ANSWER = "The blue one, I would say."
ASKED = "Hello all,\n\nwhich gasket fits the old pump?\n\nAna"


def new_text(text: str, sender: Mailbox = BO) -> str:
    to = (Mailbox("Wells", "wells@cop.example"),)
    return fold(Message(Headers(()), "", (), (), "Re: Pump", (sender,), to, (), (), None, text, "")).new_text


# Above a quote without marks

HEADINGS = {
    "no date": "Ana Ruiz <ana@wells.example> wrote:",
    "no date, small words in the name": "Carmen de la Rosa via Wells <wells@cop.example> wrote:",
    "no date ru": "Анна Руис <ana@wells.example> написала:",
    "no date tr": "Ana Ruiz <ana@wells.example> şunu yazdı:",
    "no colon": "On Tue, 3 Mar 2026 10:15:43 +0300 Ana Ruiz <ana@wells.example> wrote",
    "pl, the verb first": "Wiadomość napisana przez Ana Ruiz ana@wells.example w dniu 3.03.2026, o godz. 10:15:",
    "below a telephone's line": "Sent from my iPhone\n\nana@wells.example wrote:",
    "below a telephone's line fi": "Lähetetty iPhonesta\n\nana@wells.example kirjoitti:",
    "behind its rule": "-------- Original message --------From: Ana <ana@wells.example> Date: 3/3/26 10:15 To: Bo",
    "behind its rule, no address": "-------- Original message --------From: Ana Ruiz  Date: 03.03.26  10:15  To: Bo",
    "behind its rule de": "------ Weitere Nachricht ------Von: Ana <ana@wells.example> Datum: 03.03.26 10:15 An: Bo",
    "a table": "---- Replied Message ----\n| From | Ana<ana@wells.example> |\n| Date | 03/03/2026 10:15 |\n| To | Bo |",
    "a table zh": "---- 回复的原邮件 ----\n| 发件人 | Ana<a@x.example> |\n| 日期 | 2026年03月03日 10:15 |",
    "a table ko": "보낸 사람 | Ana <ana@wells.example>\n보낸 날짜 | 2026-03-03 10:15\n제목 | Pump",
    "below an answer that ends with a colon": "Subject: Pump\nFrom: Ana <ana@wells.example>\nDate: 3 Mar 2026 10:15",
    "blank lines between": "From: Ana <ana@wells.example>\n\n\n\nDate: 3 Mar 2026 10:15\n\n\nTo: Bo",
    "one field": "Begin forwarded message:\n\nFrom: Ana Ruiz <ana@wells.example>",
}


@pytest.mark.parametrize("name", HEADINGS)
def test_a_heading_that_lacks_a_part_is_known(name: str) -> None:
    assert new_text(f"{ANSWER}\n\n{HEADINGS[name]}\n\n{ASKED}\n") == ANSWER


WRAPPED = {
    "de": "Ana Ruiz <ana@wells.example> schrieb am Di., 3.\nMärz 2026, 10:15:",
    "hu": "Ana Ruiz <ana@wells.example> ezt írta (időpont: 2026.\nmárc. 3., K, 10:15):",
    "ja": "Ana Ruiz さんは書きました:",
    "en": "Ana Ruiz via Wells wrote:",
    "nl": "Ana van den Berg schreef:",
    "de, the name below": "Am 3. März 2026 schrieb\nAna Ruiz:",
    "zh, the date below": "Ana Ruiz <ana@wells.example> 于\n2026年3月3日周二 10:15写道：",
    "ko, the verb below": "2026년 3월 3일 (화) 오전 10:15, Ana <ana@wells.example>님이\n작성:",
    "he": "Ana Ruiz כתבה:",
    "a rule of hyphens": "‐‐‐‐‐ Original Message ‐‐‐‐‐\nOn Tuesday, March 3, 2026 10:15 AM, Ana <a@x.example> wrote:\n",
    "a dash before": "- On 2026-03-03 10:15, Ana Ruiz wrote:",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_heading_goes_whole_with_its_marked_quote(name: str) -> None:
    marked = "\n".join(f"> {line}" for line in ASKED.split("\n"))
    assert new_text(f"{ANSWER}\n\n{WRAPPED[name]}\n{marked}\n") == ANSWER


# At the end

ENDINGS = {
    "goodbye fi": "Hyvästi,\nBo",
    "goodbye tr": "Görüşmek üzere\nBo Lind",
    "goodbye pl": "Do widzenia,\n\nBo",
    "goodbye ru": "До свидания,\nБо",
    "goodbye zh": "再见\n波",
    "goodbye ja": "さようなら\nBo",
    "goodbye ko": "안녕히 계세요.\nBo",
    "goodbye ar": "مع السلامة\nبو",
    "goodbye he": "להתראות,\nבו",
    "goodbye nl": "Tot ziens,\nBo",
    "goodbye sv": "Hej då\nBo",
    "goodbye vi": "Tạm biệt,\nBo",
    "goodbye fr": "Au revoir,\nBo",
    "goodbye es": "Hasta luego,\nBo",
    "goodbye de": "Auf Wiedersehen\nBo",
    "goodbye pt": "Até logo,\nBo",
    "goodbye sw": "Wasalaam,\nBo",
    "with a place": "Viele Grüße aus Oslo\nBo Lind",
    "with the name behind": "Best regards, Bo Lind",
    "with a smile": "Cheers 🎉\nBo",
    "ko, behind the name": "보 린드 드림",
    "rule and name": "---\nBo Lind\nWells Ltd",
    "device zh": "发自我的iPhone",
    "device ja": "私のiPadから送信",
    "device sl": "Poslano iz mojega iPhona",
    "device sw": "Imetumwa kutoka kwa iPhone yangu",
    "device of no known name": "Sent from my Wiko Ridge",
    "device of no known name sv": "Skickat från min Doro 8050",
    "device behind an unseen sign": "\u2063Get BlueMail for Android \u200b",
    "links that are long": (
        "Bo Lind\nWells Ltd\n[cid:image001.png@01DBAD.5F3A]\n+47 22 33 44 55 | wells.example"
        f"<https://eur03.safelinks.example/?url=https%3A%2F%2Fwells.example&data={'05%7C02' * 30}>"
    ),
    "a program nobody knows": "Sent from Wavemail<https://wavemail.example/r?b=1>",
    "two languages": "Kind regards / Cordialement,\nBo Lind",
    "a notice in two languages": "If you are not the intended recipient, delete it.\nIt is confidential.\n\n"
    "Falls Sie nicht der Adressat sind, löschen Sie diese vertrauliche Nachricht.",
    "no accents de": "Mit freundlichen Gruessen\n\nBo",
    "no accents sv": "Med vanlig halsning,\nBo Lind",
    "no accents pl": "Serdecznie pozdrawiam\nBo",
    "no accents tr": "Saygilarimla\nBo Lind",
    "no accents vi": "Tran trong,\nBo Lind",
    "no accents pt": "Abracos,\nBo",
    "a card in a table": "| |\nBo Lind\n|\n|\nbo.lind@wells.example\n|",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_what_ends_a_mail_in_many_languages_is_put_aside(name: str) -> None:
    assert new_text(f"{ANSWER}\n\n{ENDINGS[name]}\n") == ANSWER


# Words that only look so

OWN = {
    "a form": "Trip:\nFrom: Lewes\nTo: Plumpton\nDate: Saturday 7 March 2026, 9:30\n\nWho drives?",
    "a table": "| From | Lewes |\n| To | Oslo |\n| Date | 3 March 2026 |\n\nIs that the cheapest?",
    "a name that wrote": "Ana Ruiz wrote:\n\nNever dig in the wet.\n\nI think she is right.",
    "a sentence that wrote": "On Monday 2 March at 10:00 Ana <ana@x.example> wrote the minutes.\n\nRead them.",
    "my colleague wrote": "My colleague Ana <ana@x.example> wrote:\n\nNo.\n\nWhat now?",
    "delimiter above a list": "Options:\n\n--\na) wait\nb) dig now",
    "delimiter above a question": "We have two pumps\n--\nA old\nB new\n\nWhich one?",
    "two versions": "--- Original ---\nThe pump is in the yard.\n\n--- New ---\nThe pump is in the shed.",
    "sent from": "The notice was sent from my iPhone app",
    "sent by": "Sent by courier on Monday",
    "sent with a link": "Sent with love (https://x.example/photo)",
    "get": "Get Outlook to stop adding that line, please",
    "regards": "Kind regards to your mother from all of us in the shed",
    "an address": "Please write to Bob <bob@wells.example>:\n\nhe has the key.",
    "a regret": "I posted it twice.\n\nThe second was sent in error: please delete it and notify Bo.",
    "a regret de": "Sorry.\n\nIch habe sie irrtümlich gelöscht. Bitte informieren Sie mich, ehe alles vernichtet ist.",
    "a regret fr": "C'est ma faute.\n\nMerci de supprimer le mail d'hier, parti au mauvais destinataire par erreur.",
    "how to leave": "Go on:\n\nGo to https://x.example and press unsubscribe, then the mailing list leaves you alone.",
    "how to leave es": "Hola,\n\npara darse de baja de la lista de correo hay que ir a https://x.example y esperar.",
    "how to leave de": "Wie?\n\nZum Abmelden vom Verteiler genügt eine Mail an wells-leave@x.example, und das war es.",
    "an address of a provider": "I moved.\n\nWrite to me at bo.lind@hotmail.com from now on.",
    "a program": "It is clean.\n\nThe file is virus-free, I checked it at https://x.example before I sent it.",
    "a warning": "Warning: a mail is going round from outside with a link to a bank. Do not click it.\n\nI did.",
    "a warning de": "Vorsicht, eine Mail von außerhalb mit einem Link ist da. Nicht klicken.\n\nIch war es nicht.",
    "words of a warning": "The external supplier sent a safe new seal, attention to the colour.\n\nIt is blue.",
    "nearly a formula": "Mine leaks.\n\nYours is better,\nBo",
    "a date that ends": "We meet on 3.\nBring 4 spades:\n\nthe red ones.",
    "words led to": "Do it as the manual says:\n\n> Close the valve.\n> Wait.\n> Open it again.",
    "words led to fr": "C'est dans le manuel, comme suit :\n> Fermez la vanne.\n> Attendez.",
    "words led to ru": "Вот что сказано об этом в паспорте:\n> Закройте кран.\n> Подождите.",
    "an agenda": "-------- Agenda 3 March 2026 --------\n10:00 Dig\n12:00 Soup",
}


@pytest.mark.parametrize("name", OWN)
def test_words_that_only_look_like_a_heading_or_an_ending_stay(name: str) -> None:
    marked = "\n\nOn Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@wells.example> wrote:\n> Hello all,\n> which one?\n"
    assert (new_text(OWN[name]), new_text(OWN[name] + marked)) == (OWN[name], OWN[name])


def test_weak_notices_are_put_aside_below_a_signature() -> None:
    for notice in (
        "This mail was sent to be read by the addressee; if by mistake, delete it and notify us.",
        "You get this as one who subscribed to the mailing list at https://x.example, unsubscribe there.",
        "Please consider the environment before you print this mail.",
    ):
        assert new_text(f"{ANSWER}\n\nKind regards\nBo Lind\n\n{notice}\n") == ANSWER


def test_a_formula_that_is_all_a_person_wrote_is_what_they_said() -> None:
    quoted = "2026년 3월 3일 (화) 오전 10:15, Ana <ana@wells.example>님이\n작성:\n> hello\n"
    assert new_text(f"감사합니다.\n\n{quoted}") == "감사합니다."
