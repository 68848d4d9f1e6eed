"""Words that say that nobody is there, in many languages, without a header; and people who write the same words."""

import pytest

from mailer.mail.dsn import bounces
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.robots import automatic


def mail(subject: str, text: str, *headers: str) -> Message:
    head = ["From: Ann <ann@far.example>", "To: wells@cop.example", f"Subject: {subject}", *headers]
    return parse("\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", text, ""]).encode())


ANSWERS = {
    "no longer there": ("Re: Gasket", "Ann Reed no longer works at Far Ltd. Please write to office@far.example."),
    "no longer there de": ("AW: Dichtung", "Frau Reed ist nicht mehr für uns tätig: buero@far.example"),
    "no longer there fr": ("RE: Joint", "Ann Reed ne travaille plus ici. Merci de contacter bureau@far.example."),
    "no longer there es": ("RE: Junta", "Ya no trabajo aquí. Escriba a oficina@far.example."),
    "no longer there nl": ("RE: Pakking", "Ann is niet meer werkzaam bij Far. Mail naar info@far.example."),
    "no longer there pl": ("ODP: Uszczelka", "Ann już nie pracuje w firmie. Proszę o kontakt: biuro@far.example"),
    "no longer there ru": ("RE: Прокладка", "Анна больше не работает. Пишите на office@far.example."),
    "no longer there ja": ("RE: ガスケット", "担当の安は3月末で退職いたしました。"),
    "with a child": ("Re: Gasket", "I am on parental leave until January."),
    "with a child de": ("AW: Dichtung", "Ich bin in Elternzeit. Meine Vertretung ist Herr Klein."),
    "with a child sv": ("SV: Packning", "Jag är föräldraledig till januari."),
    "with a child pt": ("RES: Junta", "Estou em licença de maternidade até janeiro."),
    "a ticket": ("[Case 48211] Gasket", "Your request has been received. We answer within two days."),
    "a ticket de": ("[#7741] Dichtung", "Ihre Anfrage ist bei uns eingegangen."),
    "a ticket fr": ("Re: Joint", "Nous avons bien reçu votre demande 4411. Merci de patienter."),
    "a ticket es": ("Re: Junta", "Hemos recibido su consulta. Su número es 4411."),
    "a ticket it": ("Re: Guarnizione", "La sua richiesta è stata ricevuta con il numero 4411."),
    "a ticket ru": ("Re: Прокладка", "Ваше обращение принято под номером 4411."),
    "a ticket tr": ("YNT: Conta", "Talebiniz alınmıştır: 4411"),
    "a ticket, its number again": (
        "Support ticket [#482911]",
        "A request for support has been created and assigned #482911.\nA colleague will follow up with you soon.",
    ),
    "a ticket, its number again de": ("Ihre Anfrage [Ticket#2026031210000012]", "Ihr Ticket: 2026031210000012."),
    "a ticket, its number again ru": ("[ID 9912] Прокладка", "Ваша заявка зарегистрирована под номером 9912."),
    "a ticket, by its head": ("Ticket received - Gasket", "We have received your mail; its ticket is on its way."),
    "a ticket, by its head es": ("[Solicitud recibida] Junta", "Su solicitud está siendo revisada por nuestro equipo."),
    "behind the tag of a list": ("[wells] AutoReply: Gasket", "Greetings."),
    "sw": ("Re: Gasketi", "Niko likizo hadi tarehe 8 Juni."),
    "ca": ("RE: Junta", "Soc fora de l'oficina fins al 8 de juny."),
    "hr": ("RE: Brtva", "Na godišnjem sam odmoru do 8. lipnja."),
    "hi": ("Re: गैस्केट", "मैं 8 जून तक छुट्टी पर हूँ।"),
    "bn": ("Re: গ্যাসকেট", "আমি 8 জুন পর্যন্ত ছুটিতে আছি।"),
    "ms": ("Re: Gasket", "Saya sedang bercuti sehingga 8 Jun."),
    "ka": ("Re: შუასადები", "8 ივნისამდე შვებულებაში ვარ."),
    "words before the sign": ("OOO Re: Gasket", "I am out until Monday 4th with no access."),
    "words before another sign": ("Abwesend AW: Dichtung", "Ich bin bis zum 4. Mai nicht im Büro."),
    "thanks and no day de": ("AW: Dichtung", "Vielen Dank für Ihre Nachricht. Ich bin zurzeit nicht im Büro."),
    "thanks and no day pt": ("RES: Junta", "Obrigado por escrever. Estou de férias."),
    "an older Notes": ("Out of Office Notification: Gasket", "Back soon."),
    "a machine's own tag": ("[AUTO GENERATED] Gasket", "Done."),
}


@pytest.mark.parametrize(("subject", "text"), ANSWERS.values(), ids=ANSWERS)
def test_answers_of_programs(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) == "auto-reply"


def test_an_answer_that_says_itself_that_nobody_wrote_it() -> None:
    text = "I am out of the office.\n\nThis is an automated response to your message."
    reply = "In-Reply-To: <post-1@cop.example>"
    assert automatic(mail("Re: Gasket", text, reply)) == "auto-reply"
    assert automatic(mail("Re: Gasket", "I am out of the office and typed this by hand.", reply)) is None
    assert automatic(mail("Re: Gasket", "This is an automated response, says their form.", reply)) is None
    assert automatic(mail("Re: Gasket", f"What is this?\n\n{text}", reply)) is None


ASKING = {
    "en": ("Re: Minutes", "I am out of the office next week, until the 8th. Can someone take the minutes?"),
    "de": ("AW: Protokoll", "Ich bin bis zum 8. Juni im Urlaub, kann jemand das Protokoll schreiben?"),
    "fr": ("RE: Compte rendu", "Je suis en congé jusqu'au 8 juin, qui peut prendre les notes ?"),
    "es": ("RE: Acta", "Estoy de vacaciones hasta el 8, ¿alguien puede tomar notas?"),
    "pt": ("RES: Ata", "Estou de férias até dia 8, alguém pode fazer a ata?"),
    "it": ("R: Verbale", "Sono in ferie fino all'8: chi scrive il verbale?"),
    "nl": ("RE: Notulen", "Ik ben tot 8 juni op vakantie, wie kan notuleren?"),
    "sv": ("SV: Protokoll", "Jag är på semester till den 8 juni, kan någon skriva?"),
    "pl": ("ODP: Protokół", "Jestem na urlopie do 8 czerwca, kto napisze protokół?"),
    "ru": ("RE: Протокол", "Я в отпуске до 8 июня, кто может написать протокол?"),
    "tr": ("YNT: Tutanak", "8 Haziran'a kadar izindeyim, tutanağı kim yazabilir?"),
    "ar": ("رد: محضر", "أنا في إجازة حتى 8 يونيو، هل يمكن لأحد كتابة المحضر؟"),
    "sw": ("Re: Kumbukumbu", "Niko likizo hadi tarehe 8, nani anaweza kuandika?"),
    "zh": ("回复: 会议纪要", "我休假到8日，谁能帮忙写会议纪要？"),
    "ja": ("Re: 議事録", "8日まで休暇です。どなたか議事録をお願いできますか。よろしくお願いします。"),
    "ko": ("RE: 회의록", "8일까지 휴가라서 회의록을 써 주실 수 있나요?"),
    "a subject that asks": ("Out of office: who has the keys?", "They are not in the drawer."),
    "a text that asks": ("Out of office", "I am away from the 3rd. Who chairs on Tuesday?"),
    "fr subject": ("Absence du bureau : qui ouvre ?", "Je n'ai plus la clé."),
    "auto as a word": ("Auto: which garage?", "Mine has closed."),
    "a tag of people": ("[AUTO] club evening", "The motor club meets at seven. Bring cake."),
    "about replies": ("How to set up an automatic reply", "Settings, then Mail, then Answers."),
    "who sells tickets": ("Ticket prices [#118]", "The price for 118 is 4 pounds, as your request for it was late."),
    "who closes a ticket": ("Leak [Ticket#31001]", "I closed 31001: your request for the drawings goes to Leeds."),
    "a year": ("Minutes [2024]", "The minutes of 2024, as they have been created by Ann."),
    "who got a wish": ("Request received - council", "The council has read our wish and will answer in May."),
    "no day, nobody else": ("Re: Meeting", "Sorry, I will be out of office then. Another day suits me."),
}


@pytest.mark.parametrize(("subject", "text"), ASKING.values(), ids=ASKING)
def test_people_who_are_away_too(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) is None


CHALLENGED = {
    "who hands out proofs": ("Tuesday", "Please verify that you are coming on Tuesday: https://cop.example/poll"),
    "who keeps a list": ("Newsletter", "We need a list of approved senders, see https://cop.example/wiki."),
    "who confirms": ("Re: Tuesday", "Please confirm your message of Monday."),
    "who writes about it": ("Spam", "My provider now sends a challenge-response mail to everybody."),
}


@pytest.mark.parametrize(("subject", "text"), CHALLENGED.values(), ids=CHALLENGED)
def test_people_who_speak_of_proofs(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) is None


def test_a_wish_to_be_approved_comes_with_a_link() -> None:
    text = "I only get mail from senders I have approved. Fill this in once: https://c.example/ask"
    assert automatic(mail("Your mail to Ann", text)) == "auto-reply"


READ = {
    "pt": ("Lida: Junta", "A sua mensagem\n\nPara: Ann\nAssunto: Junta\nEnviada: 2/3/2026 09:00\n\nfoi lida."),
    "da": ("Læst: Pakning", "Din meddelelse\n\nTil: Ann\nEmne: Pakning\nSendt: 2-3-2026 09:00\n\nblev læst."),
    "fi": (
        "Luettu: Tiiviste",
        "Viestisi\n\nVastaanottaja: Ann\nAihe: Tiiviste\nLähetetty: 2.3.2026 9:00\n\non luettu.",
    ),
    "cs": ("Přečteno: Těsnění", "Zpráva\n\nKomu: Ann\nPředmět: Těsnění\nOdesláno: 2.3.2026 9:00\n\nbyla přečtena."),
    "tr": ("Okundu: Conta", "İletiniz\n\nKime: Ann\nKonu: Conta\nTarih: 2.3.2026 09:00\n\nokundu."),
    "vi": ("Đã đọc: Gioăng", "Thư của bạn\n\nTới: Ann\nChủ đề: Gioăng\nNgày: 2/3/2026 9:00\n\nđã được đọc."),
    "deleted": (
        "Nicht gelesen: Dichtung",
        "Ihre Nachricht\n\nAn: Ann\nBetreff: Dichtung\nGesendet: 2.3.2026 09:00\n\nwurde ungelesen gelöscht.",
    ),
}


@pytest.mark.parametrize(("subject", "text"), READ.values(), ids=READ)
def test_read_receipts_in_more_languages(subject: str, text: str) -> None:
    assert automatic(mail(subject, text)) == "receipt"


def test_who_passes_a_receipt_on_is_a_person() -> None:
    parts = (
        "--b\nContent-Type: text/plain\n\nWhat is this good for?\n--b\n"
        "Content-Type: message/disposition-notification\n\nDisposition: x; displayed\n--b--"
    )
    raw = "From: Ben <ben@far.example>\nSubject: {}\nContent-Type: multipart/mixed; boundary=b\n\n" + parts
    assert automatic(parse(raw.format("Fwd: Read: Gasket").encode())) is None
    assert automatic(parse(raw.format("Read: Gasket").encode())) == "receipt"


@pytest.mark.parametrize("subject", ["Read: chapter 3", "Lu: le chapitre 3", "Gelesen: drei Bücher"])
def test_people_who_read(subject: str) -> None:
    assert automatic(mail(subject, "Please read it before Tuesday at 9:00.")) is None
    assert automatic(mail(subject, "When: Tuesday, 9:00\nWhere: Leeds\nWho: all of us")) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Abwesend", "Ich bin bis 5.1.26 im Urlaub. Bitte wenden Sie sich an ben@far.example."),
        ("Re: Gasket", "I am out until 5.1.26. Urgent: ben@far.example"),
        ("Re: Gasket", "I no longer work here. Mails to me are not delivered: write to ben@far.example."),
    ],
)
def test_who_is_away_is_not_out_of_reach(subject: str, text: str) -> None:
    message = mail(subject, text)
    assert (automatic(message, ""), bounces(message, "")) == ("auto-reply", ())


def test_a_refusal_may_say_that_somebody_has_left() -> None:
    message = mail("Your mail", "550 <cleo@far.example> no longer works here, the mail was not delivered")
    assert [one.recipient for one in bounces(message, "")] == ["cleo@far.example"]
