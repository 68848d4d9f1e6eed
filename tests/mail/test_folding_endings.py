"""Signatures, legal notices, banners and footers of many languages; blocks that a sender repeats."""

import pytest

from mailer.mail.folding import fold
from mailer.mail.message import Body, Headers, Mailbox, Message
from mailer.mail.quotes.disclaimers import trailing_block

BO = Mailbox("Bo Lind", "bo.lind@wells.example")


def mail(text: str, html: str = "", subject: str = "Re: Which gasket?", sender: Mailbox = BO) -> Message:
    to = (Mailbox("Wells", "wells@cop.example"),)
    return Message(Headers(()), "", (), (), subject, (sender,), to, (), (), None, text, html)


def kinds(body: Body) -> list[str]:
    return [f.kind for f in body.folded]


QUOTED = "On Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@wells.example> wrote:\n"

# Signatures

SIGNATURES = {
    "delimiter": "-- \nBo Lind\nWells Ltd",
    "delimiter without blank": "--\nBo",
    "name and telephone": "Bo Lind\nSenior Engineer\nWells Ltd\n+47 22 33 44 55\nwww.wells.example",
    "rule": "----------------\n\nBo Lind\n\nWells Ltd\n\nt. +47 22 33 44 55\n\nhttps://wells.example",
    "dash": "-Bo",
    "slash": "/Bo",
    "en": "Kind regards,\n\nBo Lind",
    "en-title": "Best regards\nBo Lind\nHead of Wells\nWells Ltd, Oslo",
    "de": "Mit freundlichen Grüßen\nBo Lind",
    "fr": "Bien cordialement,\nBo Lind",
    "es": "Un saludo,\nBo",
    "pt": "Atenciosamente,\nBo",
    "it": "Cordiali saluti\nBo Lind",
    "nl": "Met vriendelijke groet,\nBo",
    "sv": "Med vänliga hälsningar\nBo",
    "da": "Venlig hilsen\nBo",
    "nb": "Vennlig hilsen\nBo",
    "fi": "Ystävällisin terveisin\nBo",
    "pl": "Pozdrawiam\nBo",
    "cs": "S pozdravem\nBo",
    "hu": "Üdvözlettel:\nBo",
    "tr": "Saygılarımla,\nBo",
    "ru": "С уважением,\nБо",
    "uk": "З повагою,\nБо",
    "el": "Με εκτίμηση,\nBo",
    "he": "בברכה,\nבו",
    "ar": "مع التحية،\nبو",
    "zh": "此致\n敬礼\n波",
    "vi": "Trân trọng,\nBo",
    "iphone en": "Sent from my iPhone",
    "iphone de": "Von meinem iPhone gesendet",
    "iphone fr": "Envoyé de mon iPhone",
    "iphone es": "Enviado desde mi iPhone",
    "iphone pt": "Enviado do meu iPhone",
    "iphone it": "Inviato da iPhone",
    "iphone nl": "Verzonden vanaf mijn iPhone",
    "iphone sv": "Skickat från min iPhone",
    "iphone da": "Sendt fra min iPhone",
    "iphone fi": "Lähetetty iPhonesta",
    "iphone pl": "Wysłane z iPhone'a",
    "iphone cs": "Odesláno z iPhonu",
    "iphone tr": "iPhone'umdan gönderildi",
    "iphone ru": "Отправлено с iPhone",
    "iphone uk": "Надіслано з iPhone",
    "iphone el": "Στάλθηκε από το iPhone μου",
    "iphone ja": "iPhoneから送信",
    "iphone zh": "发自我的 iPhone",
    "iphone ko": "나의 iPhone에서 보냄",
    "iphone he": "נשלח מה-iPhone שלי",
    "iphone ar": "أُرسلت من الـ iPhone",
    "outlook": "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "outlook de": "Holen Sie sich Outlook für iOS<https://aka.ms/o0ukef>",
    "android": "Sent from my Galaxy\n-------- Original message --------",
    "yahoo": "Sent from Yahoo Mail on Android",
    "windows": "Gesendet von Mail für Windows",
    "proton": "Sent with Proton Mail secure email.",
}


@pytest.mark.parametrize("name", [n for n in SIGNATURES if n != "android"])
def test_a_signature_is_folded(name: str) -> None:
    words = "The blue one holds.\n\nWe bought it in Oslo."
    body = fold(mail(f"{words}\n\n{SIGNATURES[name]}\n"))
    assert (body.new_text, len(body.folded), body.folded[0].text) == (words, 1, SIGNATURES[name])


@pytest.mark.parametrize("name", ["delimiter", "en", "iphone en", "name and telephone"])
def test_a_signature_above_or_below_the_quote_is_folded(name: str) -> None:
    quote = f"{QUOTED}> Which gasket?\n> Ana\n"
    above = fold(mail(f"The blue one.\n\n{SIGNATURES[name]}\n\n{quote}"))
    below = fold(mail(f"{quote}\nThe blue one.\n\n{SIGNATURES[name]}\n"))
    assert (above.new_text, below.new_text) == ("The blue one.", "The blue one.")
    assert (kinds(above), kinds(below)) == (["signature", "quote"], ["quote", "signature"])


# Notices, footers, banners

DISCLAIMERS = {
    "en": "This e-mail and any attachments are confidential and intended solely for the addressee. If received in "
    "error, please notify the sender and delete it.",
    "de": "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Haben Sie sie irrtümlich erhalten, "
    "informieren Sie bitte den Absender und vernichten Sie die Nachricht.",
    "fr": "Ce message est confidentiel et destiné à l'usage exclusif du destinataire. En cas d'erreur, merci d'avertir "
    "l'expéditeur et de détruire ce message.",
    "es": "Este mensaje es confidencial y va dirigido a su destinatario. Si lo recibe por error, elimínelo; está "
    "prohibida su divulgación.",
    "pt": "Esta mensagem é confidencial e destina-se ao destinatário. Se a recebeu por engano, apague; a divulgação é "
    "proibida.",
    "it": "Questo messaggio è riservato. Se ricevuto per errore è vietato l'uso; vogliate avvisare il mittente e "
    "cancellare il messaggio.",
    "nl": "Dit bericht is vertrouwelijk en bestemd voor de geadresseerde. Ten onrechte ontvangen? Verwijder het; "
    "openbaarmaking is verboden.",
    "pl": "Wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Jeśli to omyłka, prosimy usunąć wiadomość; "
    "rozpowszechnianie jest zabronione.",
    "tr": "Bu e-posta gizlidir ve yalnızca alıcı içindir. Yanlışlıkla aldıysanız gönderene bildiriniz ve siliniz; "
    "kullanılması yasaktır.",
    "ru": "Это сообщение конфиденциально и предназначено адресату. Если получили по ошибке, сообщите отправителю и "
    "удалите его; использование запрещено.",
    "zh": "本邮件及其附件含有机密信息，仅限于发送给收件人。禁止任何其他人使用或泄露。"
    "如果您错收了本邮件，请立即通知发件人并删除本邮件，"
    "谢谢合作，未经许可禁止以任何形式使用本邮件中的信息，包括但不限于全部或部分复制。",
}


@pytest.mark.parametrize("language", DISCLAIMERS)
def test_a_legal_notice_is_folded(language: str) -> None:
    body = fold(mail(f"The blue one.\n\nBest regards\nBo\n\n{DISCLAIMERS[language]}\n"))
    assert (body.new_text, kinds(body)) == ("The blue one.", ["signature", "disclaimer"])


BANNERS = [
    "[EXTERNAL]",
    "[EXTERNE]",
    "CAUTION: This email originated from outside the organization. Do not click links or open attachments.",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Klicken Sie nicht auf Links.",
    "ATTENTION : ce message vient de l'extérieur. Ne cliquez pas sur les liens.",
    "VARNING: Detta meddelande är externt. Klicka inte på länkar från okänd avsändare, var försiktig (extern).",
    "You don't often get email from ana@wells.example. Learn why at https://aka.ms/LearnAboutSenderIdentification",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_the_banner_of_a_gateway_is_folded(banner: str) -> None:
    body = fold(mail(f"{banner}\n\nThe blue one.\n"))
    assert (body.new_text, kinds(body)) == ("The blue one.", ["disclaimer"])


FOOTERS = [
    "_______________________________________________\nvalves mailing list\nvalves@lists.example\nhttps://lists.example/valves",
    "-- \nYou received this message because you are subscribed to a Group.\nTo unsubscribe, mail valves@lists.example.",
    '--\nTo unsubscribe from this list: send "unsubscribe valves" to lists@lists.example',
    "Reply to this mail to answer everybody.\nTo stop, answer stop. [#k7q]",
    "Virus-free. www.avast.com <https://www.avast.com/sig>",
    "-- \nUm sich abzumelden, schreiben Sie an valves-leave@lists.example\nMailingliste valves",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_footer_is_folded(footer: str) -> None:
    body = fold(mail(f"The blue one.\n\n{footer}\n"))
    assert (body.new_text, kinds(body)) == ("The blue one.", ["footer"])


def test_everything_at_the_end_is_folded_piece_by_piece() -> None:
    text = f"The blue one.\n\nRegards,\nBo\n\n{DISCLAIMERS['en']}\n\n{FOOTERS[0]}\n"
    assert kinds(fold(mail(text))) == ["signature", "disclaimer", "footer"]


def test_a_block_that_a_sender_repeats_is_learnt() -> None:
    block = "Wells Ltd wins the Oslo prize for the best\nplace to work, third year in a row"
    learnt = {trailing_block(fold(mail(f"{words}\n\n{block}")).new_text) for words in ("One.", "Two.", "Three.")}
    assert len(learnt) == 1
    again = fold(mail("Four.\n\n" + block.replace("\n", " ")), learnt=learnt)
    assert (again.new_text, kinds(again)) == ("Four.", ["disclaimer"])


def test_short_blocks_and_whole_mails_are_not_learnt() -> None:
    assert (
        trailing_block("It holds.\n\nThanks,\nBo"),
        trailing_block("It holds at forty bar since the last winter."),
    ) == (
        "",
        "",
    )
