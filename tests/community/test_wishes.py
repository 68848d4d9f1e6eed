"""A wish about one's own mail, in one's own words, is known for what it is; what is meant for people is not."""

import printing
import pytest

from mailer.community.grammar import Near
from mailer.community.wishes import wish

press = printing.press()
tables = press.words(*press.languages)

WISHES = [
    ("Can I get these once a week?", "weekly", ""),
    ("please only send me one mail a week", "weekly", ""),
    ("Could I get a weekly digest instead?", "weekly", ""),
    ("Hi,\n\nI would like to receive these mails only once a\nweek, is that possible?\n\nThanks\nKim", "weekly", ""),
    ("Too many mails, can I have them once a day?", "daily", ""),
    ("Too many emails!", "daily", ""),
    ("Switch me to weekly", "weekly", ""),
    ("Can I get the digest on Fridays?", "weekly", "friday"),
    ("No more than 5 mails a day please", "cap", "5"),
    ("Please stop mails until 5 April", "away", "5 april"),
    ("How do I stop these emails?", "leave", ""),
    ("Please take my name off the list", "leave", ""),
    ("Please stop emailing me.", "leave", ""),
    ("Please stop this thread", "mute", ""),
    ("Can you send me the attachment?", "files", ""),
    ("only send me invitations", "events", ""),
    ("Please write to me in French", "language", "fr"),
    ("I get these daily, could I get them weekly?", "settings", ""),
    ("I don't want the weekly mail", "settings", ""),
    ("How do I change my settings?", "settings", ""),
    ("delete my account", "erase", ""),
    ("My new address is kim@new.example", "also", "kim@new.example"),
    ("je ne veux plus recevoir ces mails", "leave", ""),
    ("Est-ce que je peux recevoir ces mails une fois par semaine ?", "weekly", ""),
    ("Bonjour,\nun mail par semaine me suffit, merci.\nCordialement\nClaire", "weekly", ""),
    ("Trop de mails !", "daily", ""),
    ("Merci de me retirer de cette liste de diffusion", "leave", ""),
    ("écrivez-moi en anglais svp", "language", "en"),
    ("ma nouvelle adresse est kim@nouveau.example", "also", "kim@nouveau.example"),
    ("quiero darme de baja", "leave", ""),
    ("¿Puedo recibir esto una vez por semana?", "weekly", ""),
    ("Prefiero un solo correo a la semana", "weekly", ""),
    ("solo una vez a la semana, por favor", "weekly", ""),
    ("por favor envíenme los adjuntos", "files", ""),
    ("bitte nur einmal die Woche", "weekly", ""),
    ("Kann ich das auch einmal pro Woche bekommen?", "weekly", ""),
    ("Eine Mail pro Woche reicht mir", "weekly", ""),
    ("Kann ich die Mails gesammelt bekommen?", "daily", ""),
    ("Bitte nehmen Sie mich von der Liste", "leave", ""),
    ("não quero mais receber estes emails", "leave", ""),
    ("posso receber isto uma vez por semana?", "weekly", ""),
    ("لا أريد استلام هذه الرسائل", "leave", ""),
    ("هل يمكنني استلامها مرة في الأسبوع؟", "weekly", ""),
    ("sitaki barua pepe hizi tena", "leave", ""),
    ("naweza kupata mara moja kwa wiki?", "weekly", ""),
    ("週に一度だけ送ってください", "weekly", ""),
    ("退会したいです", "leave", ""),
]


@pytest.mark.parametrize(("text", "command", "argument"), WISHES)
def test_a_wish_is_known(text: str, command: str, argument: str) -> None:
    found = wish(text, tables)
    assert found and (found.command, found.argument) == (command, argument)


def test_the_line_is_what_was_written_without_greeting_and_name() -> None:
    text = "Hi,\n\nCan I get these\nonce a week?\n\nThanks\nKim"
    assert wish(text, tables) == Near("weekly", "Can I get these once a week?", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks",
        "We test the valves once a week.",
        "How often do you test? We do it once a week.",
        "Can you test it once a day please?",
        "We get a weekly report from the rig and stop the pump",
        "Stop the pump and remove the plug",
        "Please remove the plug from the list of spare parts",
        "I am away until 5 April",
        "My new address is 12 Harbour Road, Bergen",
        "Please send the mud report to bob@nord.example",
        "Can I get the pressure in bar instead?",
        "I would like to receive the offers of all suppliers by Friday",
        "Could you send me one of these beads?",
        "Too many pumps fail in the first week",
        "How do I stop these losses?",
        "Nous testons les vannes une fois par semaine.",
        "Puis-je recevoir la courbe de pression ?",
        "Recibimos el lodo una vez por semana",
        "Wir prüfen die Ventile einmal die Woche.",
        "Bitte nehmen Sie den Druck von der Leitung",
        "週に一度バルブを点検してください",
        "Can I get these once a week?\n\nWe have changed to ceramic, and it held for two months at 900 m.",
        "please " * 200,
    ],
)
def test_what_is_meant_for_people_is_no_wish(text: str) -> None:
    assert wish(text, tables) is None


@pytest.mark.parametrize(
    "piece", ["Ana\n", "hi,\n", "mail ", "a week ", "a@b.example ", "@", "1 ", "\u3042", "until ", "'"]
)
def test_hostile_lines_cost_no_more_than_their_length(piece: str) -> None:
    wish(piece * 20_000, tables)


@pytest.mark.parametrize("language", press.languages)
def test_each_language_has_words_for_each_wish(language: str) -> None:
    english = {name for name in press.words("en")[0].table if name.startswith("?")}
    [words] = (one for one in tables if one.language == language)
    assert english - set(words.table) == set()
