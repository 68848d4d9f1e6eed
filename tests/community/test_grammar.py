"""What a reply says, and what it does not."""

import unicodedata

import printing
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.community.grammar import COMMANDS, Near, Said, Words, first_line, understand, words_of
from mailer.community.likeness import plain
from mailer.community.vocabulary import DAYS, MONTHS

POST = ("thanks", "solved", "useful", "mute", "follow", "weekly", "help", "tag", "stop", "leave", "undo")
ASK = ("yes", "no", "maybe", "help")
NUMBER = ("number", "more", "help")
HOLD = ("ok", "no", "edit")

press = printing.press()
english = press.words("en")


def heard(text: str, offers: tuple[str, ...], *languages: str) -> Said | Near | None:
    return understand(text, offers, press.words(*languages))


@pytest.mark.parametrize(
    "text", ["Thanks", "thanks.", "*thanks*", "Thanks :)", "THANKS!!", "  Thank you \n", "🙏", "👍", "Merci"]
)
def test_a_word_is_heard_through_case_marks_and_smileys(text: str) -> None:
    assert Said("thanks") == heard(text, POST, "fr")


@pytest.mark.parametrize(
    "text", ["thanks\nBob Smith", "Thanks,\n\nBest regards,\nAna", "thanks\n--\nana", "Thanks\nA. van der Berg"]
)
def test_a_name_below_a_word_is_a_name(text: str) -> None:
    assert Said("thanks") == heard(text, POST)


@pytest.mark.parametrize(
    ("text", "whom"), [("Thanks Bob", "Bob"), ("thank you all", "all"), ("Thanks, Bob Smith!", "Bob Smith")]
)
def test_thanks_to_somebody_is_thanks(text: str, whom: str) -> None:
    assert Said("thanks", comment=whom) == heard(text, POST)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n\n",
        "Thanks for the tip, we will try it",
        "Thanks for the tip",
        "thanks\n\nWe changed to ceramic and it held.",
        "Help!\n\nOur pump is stuck at 900 m.",
        "solved\n\nIt was the valve, the spring had broken.",
        "We had to stop the pump",
        "We stop the pump weekly and then start it again",
        "#lesson\n\nWe lost 40 m3 in two hours.",
        "yes",  # nobody asked
        "daily",  # nobody offered
        "2",
        "Hello all,\n\nthanks\n\nWe changed to ceramic and it held.",
        "Hello all",
        "Dear pump\nstop",  # nobody of that name
        "must",
        "None.",  # of those asked about
        "Nothing",
        "Cute",  # nobody slips on the first letter
        "I can help",
        "I would like to help you",
        "I read the weekly report and mute the alarm",
    ],
)
def test_everything_else_is_a_post(text: str) -> None:
    assert heard(text, POST) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes", Said("yes")),
        ("Yes!", Said("yes")),
        ("👍", Said("yes")),
        ("ok", Said("yes")),
        ("I’ll be there", Said("yes")),
        ("Yes I will be there", Said("yes", comment="I will be there")),
        ("yes, but late", Said("yes", comment="but late")),
        ("Yes but late", Said("yes", comment="but late")),
        ("Yes — 10 minutes late", Said("yes", comment="10 minutes late")),
        ("No, sorry, travelling that week", Said("no", comment="sorry, travelling that week")),
        ("Yes, no problem", Said("yes", comment="no problem")),
        ("maybe, late", Said("maybe", comment="late")),
        ("yes\n\nI bring two people.\nAna", Said("yes", comment="I bring two people.\nAna")),
        ("yes, gladly\nI bring two people.", Said("yes", comment="gladly\nI bring two people.")),
        ("yes\n\nAna", Said("yes")),
        ("can't make it", Said("no")),
        ("> Will you come?\nyes", Said("yes")),
    ],
)
def test_an_answer_may_carry_a_comment(text: str, said: Said) -> None:
    assert said == heard(text, ASK)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("split", Said("split")),
        ("Split.\n\nBest regards\nAna", Said("split")),
        ("merge k7q", Said("merge", "k7q")),
        ("Merge [#K7Q]", Said("merge", "K7Q")),
        ("zusammenführen #k7q", Said("merge", "k7q")),
        ("title Which pumps last", Said("title", "Which pumps last")),
        ("Title: Which pumps last\nAna", Said("title", "Which pumps last")),
        ("Titel Welche Pumpen halten", Said("title", "Welche Pumpen halten")),
        ("タイトル 長持ちするポンプ", Said("title", "長持ちするポンプ")),
        ("split the flow into two pits", Near("split", "split the flow into two pits", "the flow into two pits")),
        ("Split\n\nThis is what we did with the flow last night.", None),
        ("merge these two, please", None),
        ("title Which pumps last\n\nI found this in a book on pumps yesterday.", None),
        ("title " + "word " * 16, None),
    ],
)
def test_what_facilitators_say_to_a_thread_is_the_whole_line(text: str, said: Said | Near | None) -> None:
    assert said == heard(text, ("thanks", "split", "merge", "title"), "de", "ja")


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Hi,\n\nYes please.\n\nKim", "en", Near("yes", "Yes please.")),
        ("Hi Ana,\n\nYes, I will be there.\n\nBest\nKim", "en", Said("yes", comment="I will be there.")),
        ("Dear Ms Lima,\nno", "en", Said("no")),
        ("Ana,\n\nmaybe", "en", Said("maybe")),
        ("Hello all,\n\nthanks", "en", Said("thanks")),
        ("Hi Ana, weekly", "en", Said("weekly")),
        ("Good morning! Stop.", "en", Said("stop")),
        ("Hi,\n2 but only in Q3", "en", Said("number", "2", "but only in Q3")),
        ("Hi Ana,\nprivate: psst", "en", Said("private", "private: psst", "psst")),
        ("Bonjour,\n\nOui, volontiers.", "fr", Said("yes", comment="volontiers.")),
        ("Bonjour à tous, désabonner", "fr", Said("leave")),
        ("Hola, sí", "es", Said("yes")),
        ("Estimada Ana:\n\nno puedo ir", "es", Said("no")),
        ("Sehr geehrte Frau Lima,\n\nja gerne", "de", Said("yes")),
        ("Liebe Kolleginnen,\nabmelden", "de", Said("leave")),
        ("Olá Ana,\nsim", "pt", Said("yes")),
        ("السلام عليكم،\nنعم", "ar", Said("yes")),
        ("Habari Ana,\nndiyo", "sw", Said("yes")),
        ("お世話になっております。\nはい", "ja", Said("yes")),
    ],
)
def test_a_greeting_is_no_line_of_its_own(text: str, language: str, said: Said | Near) -> None:
    offers = ("yes", "no", "maybe", "number", "thanks", "weekly", "stop", "leave", "private")
    assert said == heard(text, offers, language)


@pytest.mark.parametrize(
    "text",
    [
        "no idea how that works, but we had the same thing in well four",
        "No one here has seen that before, I am afraid to say it",
        "Yesterday we ran the casing, and no losses were seen at all",
        "no-one in our group has ever tried it that way, I think",
        "Nothing to report from our side this week, thanks for asking",
    ],
)
def test_prose_is_no_answer(text: str) -> None:
    assert heard(text, ASK) is None


@pytest.mark.parametrize(
    ("text", "command", "offers"),
    [
        ("unsubcribe pls", "leave", POST),
        ("please unsubscribe me", "leave", POST),
        ("STOP!!", "stop", POST),
        ("stop please", "stop", POST),
        ("I want to stop this", "stop", POST),
        ("I would like the weekly", "weekly", POST),
        ("mutee", "mute", POST),
        ("mtue", "mute", POST),
        ("thnaks", "thanks", POST),
        ("weekly\n\nWe test the valves every week.", "weekly", POST),
        ("yes please", "yes", ASK),
        ("yess", "yes", ASK),
        ("yes?", "yes", ASK),
        ("Sorry, I can't make it that day", "no", ASK),
        ("yes and no", "yes", ASK),
        ("yes, or no", "yes", ASK),
        ("yes or no, not sure", "yes", ASK),
        ("Yes or not sure, I cannot say yet", "yes", ASK),
        ("No idea", "no", ASK),
        ("Yes, " + "because we had the very same thing in another well " * 5, "yes", ASK),
        ("the second or third", "number", NUMBER),
        ("2 or 3", "number", NUMBER),
        ("1, 3", "number", NUMBER),
        ("2/3", "number", NUMBER),
        ("2 please", "number", NUMBER),
        ("We did 3 trials in May", "number", NUMBER),
    ],
)
def test_a_near_miss_is_asked_back(text: str, command: str, offers: tuple[str, ...]) -> None:
    assert Near(command, first_line(text)) == heard(text, offers)


@pytest.mark.parametrize(
    ("text", "language", "command"),
    [
        ("oui merci", "fr", "yes"),
        ("s'il vous plaît désabonner", "fr", "leave"),
        ("sí por favor", "es", "yes"),
        ("ja bitte", "de", "yes"),
        ("bitte abmelden", "de", "leave"),
    ],
)
def test_politeness_of_other_languages_is_asked_back(text: str, language: str, command: str) -> None:
    assert Near(command, text) == heard(text, (*ASK, "leave"), language)


@pytest.mark.parametrize(
    ("text", "argument", "comment"),
    [
        ("2", "2", ""),
        ("2.", "2", ""),
        ("#2", "2", ""),
        ("(2)", "2", ""),
        ("٢", "2", ""),
        ("２", "2", ""),
        ("second", "2", ""),
        ("the second one", "2", ""),
        ("2 but only in Q3", "2", "but only in Q3"),
        ("2\n\nbut only in Q3", "2", "but only in Q3"),
        ("two, but later", "2", "but later"),
        ("14.5 days", "14.5 days", ""),
        ("14,5 days", "14,5 days", ""),
        ("14 working days, but only in winter", "14 working days", "but only in winter"),
        ("50 %", "50 %", ""),
        ("3: we changed to ceramic. And yes to the webinar.", "3", "we changed to ceramic. And yes to the webinar."),
    ],
)
def test_a_number_with_unit_and_comment(text: str, argument: str, comment: str) -> None:
    assert Said("number", argument, comment) == heard(text, NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        "3 people came to the meeting and it was great",
        "two of us use ceramic and we like it a lot",
        "One more request. Would you add tests?",
        "This one is applied, thanks.",
    ],
)
def test_prose_with_a_number_is_no_choice(text: str) -> None:
    assert heard(text, NUMBER) is None


def test_tags_on_a_line_of_their_own() -> None:
    assert Said("tag", "#lesson #cementing") == heard("#lesson #cementing\n\nAna", POST)
    assert Said("tag", "#leçon") == heard("#leçon", POST)
    assert heard("#lesson", ASK) is None
    assert heard("#2", POST) is None


def test_firm_words_keep_what_follows() -> None:
    assert Said("stop", comment="I get too many mails from you.") == heard(
        "Stop\n\nI get too many mails from you.", POST
    )


def test_a_facilitators_reason_follows_the_word() -> None:
    assert Said("no", comment="it names a client") == heard("no: it names a client", HOLD)
    assert Said("edit", comment="Losses at the shoe\nWe lost 40 m3.") == heard(
        "edit\nLosses at the shoe\nWe lost 40 m3.", HOLD
    )
    assert Said("ok") == heard("yes", HOLD)


SETTINGS = (
    *("weekly", "tags", "mute", "follow", "away", "none", "cap", "own", "receipts", "plain", "html"),
    "name",
    "zone",
)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("weekly friday", "en", Said("weekly", "friday")),
        ("Weekly, on Fridays.", "en", Said("weekly", "friday")),
        ("hebdo vendredi", "fr", Said("weekly", "friday")),
        ("hebdo le vendredi", "fr", Said("weekly", "friday")),
        ("semanal los viernes", "es", Said("weekly", "friday")),
        ("wöchentlich freitags", "de", Said("weekly", "friday")),
        ("semanal à sexta", "pt", Said("weekly", "friday")),
        ("أسبوعي يوم الجمعة", "ar", Said("weekly", "friday")),
        ("kila wiki Ijumaa", "sw", Said("weekly", "friday")),
        ("毎週 金曜日", "ja", Said("weekly", "friday")),
        ("毎週金曜日", "ja", Said("weekly", "friday")),
        ("weekly friday", "ja", Said("weekly", "friday")),
        ("tags #cementing #ppg", "en", Said("tags", "#cementing #ppg")),
        ("Tags: #cementing, #ppg", "en", Said("tags", "#cementing #ppg")),
        ("mute #ppg", "en", Said("mute", "#ppg")),
        ("follow #leçon", "en", Said("follow", "#leçon")),
        ("silence #boue", "fr", Said("mute", "#boue")),
        ("away until 3 March", "en", Said("away", "3 March")),
        ("pause until 2 weeks", "en", Said("away", "2 weeks")),
        ("absent jusqu'au 3 mars", "fr", Said("away", "3 mars")),
        ("absent jusqu’au 3 mars", "fr", Said("away", "3 mars")),
        ("pause jusqu'au 3 mars", "fr", Said("away", "3 mars")),
        ("pause", "fr", Said("none")),
        ("休暇 3月15日まで", "ja", Said("away", "3月15日まで")),
        ("at most 5 a day", "en", Said("cap", "5")),
        ("No more than 5 mails a day", "en", Said("cap", "5")),
        ("au plus 5 par jour", "fr", Said("cap", "5")),
        ("最大5", "ja", Said("cap", "5")),
        ("على الأكثر ٥", "ar", Said("cap", "5")),
        ("at most off", "en", Said("cap", "off")),
        ("own posts on", "en", Said("own", "on")),
        ("mes messages non", "fr", Said("own", "off")),
        ("receipts off", "en", Said("receipts", "off")),
        ("text only", "en", Said("plain")),
        ("HTML", "en", Said("html")),
        ("name Ana Lopes", "en", Said("name", "Ana Lopes")),
        ("zone: Europe/Paris", "en", Said("zone", "Europe/Paris")),
        ("own posts", "en", Said("own")),
    ],
)
def test_a_word_may_take_what_follows_it(text: str, language: str, said: Said) -> None:
    assert said == heard(text, SETTINGS, language)


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("weekly fryday", "weekly", "friday"),
        ("mute ppg", "mute", "#ppg"),
        ("tags cementing", "tags", "#cementing"),
        ("own posts maybe", "own", ""),
        ("at most many", "cap", ""),
    ],
)
def test_what_all_but_fits_is_asked_back(text: str, command: str, argument: str) -> None:
    assert Near(command, text, argument) == heard(text, SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        "Weekly meetings of the rig crew are on Friday from now on",
        "Follow the money through the whole contract",
        "mute #ppg\n\nis what I would like to say to this thread, but it is interesting.",
        "Follow #ppg and the pumps and you will see where it leads us",
    ],
)
def test_prose_that_begins_like_a_setting_is_a_post(text: str) -> None:
    assert heard(text, POST) is None


@pytest.mark.parametrize("language", press.languages)
def test_days_and_months_and_switches_are_told_apart_in_each_language(language: str) -> None:
    table = press.words(language)[0].table
    for group in (DAYS, MONTHS, ("on", "off"), ("days", "weeks", "months"), press.languages):
        said = {(plain(word), value) for value in group for word in table[f"={value}"]}
        assert len(said) == len({word for word, _ in said})


def test_find_takes_words() -> None:
    assert Said("find", "cement kick") == heard("find cement kick", ("find",))


@pytest.mark.parametrize(
    ("text", "language", "command"),
    [
        ("Oui !", "fr", "yes"),
        ("arreter", "fr", "stop"),
        ("Sí", "es", "yes"),
        ("gracias", "es", "thanks"),
        ("Vielen Dank!", "de", "thanks"),
        ("não", "pt", "no"),
        ("نعم", "ar", "yes"),
        ("شكرا", "ar", "thanks"),
        ("شُكراً", "ar", "thanks"),
        ("ndiyo", "sw", "yes"),
        ("asante sana", "sw", "thanks"),
        ("はい。", "ja", "yes"),
        ("ありがとうございます！", "ja", "thanks"),
        ("help", "ja", "help"),
        ("yes", "ar", "yes"),
    ],
)
def test_words_of_each_language_and_english(text: str, language: str, command: str) -> None:
    assert Said(command) == heard(text, (*ASK, "thanks", "stop"), language)


@pytest.mark.parametrize("language", press.languages)
def test_every_language_shows_one_word_of_its_own_for_every_command(language: str) -> None:
    shown = {command: press.shown(command, language) for command in COMMANDS}
    assert len(COMMANDS) == len(set(shown.values()))
    table = press.words(language)[0].table
    assert set() == {command for command in COMMANDS if command not in table}


@pytest.mark.parametrize("language", press.languages)
def test_what_is_shown_is_understood(language: str) -> None:
    for command in COMMANDS - {"number", "tag"}:
        assert Said(command) == heard(press.shown(command, language), (command,), language)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


AS_WRITTEN = {
    "with a capital": lambda word: word.capitalize(),
    "shouted": lambda word: word.upper(),
    "with a full stop": lambda word: f"{word}.",
    "with its full stop": lambda word: f"{word}。",
    "with a mark": lambda word: f"{word} !",
    "above a quote": lambda word: f"{word}\n\n> Who has cured losses?\n> Ana",
    "with a closing": lambda word: f"{word}\n\nBest regards,\nAna Lima",
    "below a greeting": lambda word: f"Hello Ana,\n\n{word}",
    "marked from right to left": lambda word: f"\u200f\u2068{word}\u2069\u200f",
    "full width": full_width,
    "decomposed": lambda word: unicodedata.normalize("NFD", word),
    "with hard spaces": lambda word: f"\u00a0{word}\u00a0".replace(" ", "\u00a0"),
    "in bold": lambda word: f"*{word}*",
    "in quotation marks": lambda word: f"“{word}”",
    "with a curly apostrophe": lambda word: word.replace("'", "’"),
}


@pytest.mark.parametrize("written", AS_WRITTEN)
def test_every_word_of_every_language_is_heard_however_it_is_written(written: str) -> None:
    lost = []
    for language in press.languages:
        words = press.words(language)
        for command in COMMANDS - {"number", "tag"}:
            for word in words[0].table[command]:
                said = understand(AS_WRITTEN[written](word), (command,), words)
                if not isinstance(said, Said) or (said.command, said.comment) != (command, ""):
                    lost.append((language, word, said))
    assert lost == []


@pytest.mark.parametrize("language", press.languages)
def test_yes_no_and_maybe_share_no_word(language: str) -> None:
    words: Words = press.words(language)[0]
    said = [word for command in ("yes", "no", "maybe") for word in words.table[command]]
    assert len(said) == len(set(said))


def test_a_table_with_an_unknown_command_is_refused() -> None:
    with pytest.raises(ValueError, match="shout"):
        words_of("en", {"words": {"shout": ["hey"]}})


def test_hostile_lines_cost_no_more_than_their_length() -> None:
    for piece in ("yes ", "2,", "#a ", "-", "'", "(", "\u0301", "yes\n", " .", "1.1"):
        heard(piece * 20_000, (*POST, *ASK, *NUMBER))


WRITTEN = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [word for words in press.words(*press.languages) for some in words.table.values() for word in some]
        ),
        st.sampled_from(["\n", "\n\n", ", ", " ", ". ", "!", "?", "2", "14.5", "#lesson", "Ana", "> ", ":"]),
    ),
    max_size=8,
).map("".join)


@given(WRITTEN, st.lists(st.sampled_from(sorted(COMMANDS)), unique=True))
def test_whatever_is_written_only_an_offered_word_is_heard(text: str, offers: list[str]) -> None:
    heard = understand(text, offers, press.words(*press.languages))
    assert heard is None or heard.command in offers
    if isinstance(heard, Near):
        assert heard.line in " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("language", ["es", "pt"])
def test_one_word_for_two_commands_is_told_apart_by_what_follows(language: str) -> None:
    """As a mail to facilitators offers it: "retirar" takes back, "retirar Ana" takes Ana out."""
    offers = ("undo", "remove", "members")
    assert heard("retirar", offers, language) == Said("undo")
    assert heard("retirar Ana Silva", offers, language) == Said("remove", "Ana Silva")


@pytest.mark.parametrize(
    "text",
    ["Thanks Ana, very helpful", "Thank you, Ana! This is useful.", "thanks all, cheers", "Merci Ana, très utile"],
)
def test_thanks_with_a_name_and_a_kind_word_is_thanks(text: str) -> None:
    said = heard(text, ("thanks", "mute"), "fr", "en")
    assert isinstance(said, Said) and said.command == "thanks"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please stop sending me these mails, I have no use for them", "en"),
        ("I no longer wish to receive these emails.", "en"),
        ("Je ne veux plus recevoir ces mails", "fr"),
        ("No quiero recibir más correos de esta lista", "es"),
        ("Bitte keine Mails mehr an mich", "de"),
        ("Não quero receber mais estes emails", "pt"),
    ],
)
def test_a_phrase_that_means_to_go_is_asked_about(text: str, language: str) -> None:
    said = heard(text, ("thanks", "stop", "leave"), language, "en")
    assert isinstance(said, Near) and said.command == "leave"


def test_a_phrase_in_a_post_is_a_post() -> None:
    text = "Our client does not wish to receive samples from the rig any more; who else ships them to the lab by air?"
    assert heard(text, ("thanks", "leave"), "en") is None


def test_politeness_after_an_answer_is_no_comment() -> None:
    assert heard("Sim, obrigada!", ("yes", "no"), "pt") == Said("yes")
    assert heard("Yes, but late", ("yes", "no"), "en") == Said("yes", comment="but late")


def test_ok_thanks_answers_where_there_is_a_question() -> None:
    assert heard("ok, thanks", ("ok", "no", "thanks"), "en") == Said("ok")
    assert heard("Ok thanks", ("thanks", "mute"), "en") == Said("thanks")


@pytest.mark.parametrize(
    ("text", "language"),
    [("Sorry, can't make it", "en"), ("Je ne pourrai pas venir", "fr"), ("Lo siento, no puedo", "es")],
)
def test_a_regret_is_a_no(text: str, language: str) -> None:
    assert heard(text, ("yes", "no", "maybe"), language, "en") == Said("no")
