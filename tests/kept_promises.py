"""Whether the words that a mail offers mean what they say when they come back."""

from collections.abc import Sequence

from world import World

from mailer.community.grammar import Said, understand
from mailer.outbound.render import NO_WORDS, Press
from mailer.store.tables import mailing


def misunderstood(
    press: Press, offers: Sequence[str], shown: Sequence[str], written: str, known: Sequence[str]
) -> list[tuple[str, str, object]]:
    """The commands of `shown` whose word, as a mail written in `written` shows it, is not heard as that command by
    readers of the `known` languages: command, word, and what is heard instead."""
    words = press.words(*known)
    words_alone = [command for command in shown if command not in NO_WORDS and "=" not in command]
    said = [(command, press.shown(command, written)) for command in words_alone]
    heard = [(command, word, understand(word, offers, words)) for command, word in said]
    return [(command, word, what) for command, word, what in heard if what != Said(command)]


def broken(world: World) -> list[tuple[str, str, object]]:
    """Of everything this world has sent: kind and language of the mail, and what of its offers would go wrong."""
    press = world.app.house.press
    with world.app.store.reading() as conn:
        sent = {(row.kind, tuple(row.offers)) for row in conn.execute(mailing.select())}
    return [
        (f"{kind} in {language}", word, heard)
        for kind, offers in sorted(sent)
        for language in press.languages
        for _, word, heard in misunderstood(press, offers, offers, language, (language,))
    ]
