"""The press: a template, a language and facts become subject, text and HTML.

A template is a directory `<language>/<name>` with `subject.txt` and `body.txt`; `en` also holds `sample.toml`, the
facts that a caller must give, with every variant. The body is written once and said twice, plainly and in HTML, by
the pieces of `_base`, so that both hold the same words; a `body.html` beside it takes the place of the second.
Everything is loaded and tried with its sample at construction: a broken template stops the start, not a mail. What
was tried as it is now is not tried again where that is kept.
Members' words are only ever data. Called by whoever sends a mail.
"""

import tomllib
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Template, TemplateSyntaxError

import mailer
from mailer.community.grammar import Words, words_of
from mailer.errors import Misconfigured
from mailer.outbound import clothes, sandbox, tried
from mailer.outbound.datelines import Datelines

DEFAULT = "en"
NO_WORDS = frozenset({"number", "tag", "find"})  # answered with words of one's own, so never a link
PARAGRAPH = '<p style="margin:0 0 1em;overflow-wrap:anywhere">'


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a mail says. `subject` is one line; `text` and `html` hold the same words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Language:
    """What one language brings: its words of replies, our phrases around them, its dates."""

    code: str
    direction: str
    words: Words
    phrases: Mapping[str, str]
    dates: Datelines


@dataclass(frozen=True, slots=True)
class _Mail:
    """The names of the templates of one mail in one language; each is loaded when first needed."""

    subject: str
    text: str
    html: str
    own_html: bool  # body.html, not the text in HTML's clothes


class Press:
    """Every template and table of words, loaded and tried. Raises Misconfigured that names file and line."""

    def __init__(self, place: Path | None = None, kept: Path | None = None) -> None:
        """`kept` is a directory for what was compiled: the next start is spared it."""
        self._place = place or home()
        try:
            self._text, self._html = sandbox.plain(self._place, kept), sandbox.dressed(self._place, kept)
        except Exception as error:
            raise Misconfigured(_where(error, self._place) or f"{self._place / '_base'}: {error!r}") from None
        self._languages = {path.parent.name: _language(path) for path in sorted(self._place.glob("*/words.toml"))}
        if DEFAULT not in self._languages:
            raise Misconfigured(f"{self._place / DEFAULT / 'words.toml'}: no such file")
        self._samples = {path.parent.name: _toml(path) for path in sorted(self._place.glob(f"{DEFAULT}/*/sample.toml"))}
        self._common = _toml(self._place / "_base" / "sample.toml")
        self.names = tuple(sorted(self._samples))
        self._frames = (
            self._load(self._text, "_base/frame.txt"),
            self._load(self._html, "_base/frame.html"),
        )
        self._mails = {(code, name): self._mail(code, name) for code, name in self._directories()}
        self._try_all_once(kept)

    def render(self, name: str, language: str, facts: Mapping[str, Any]) -> Rendered:
        """The mail `name` in the language, or in English where it is not written in that one.

        Raises jinja2.UndefinedError for a fact that the sample names and the caller did not give.
        """
        language = self.speaks(name, language)
        mail, context = self._mails[language, name], self._context(language, facts)
        subject, text = self._words(mail, context)
        if mail.own_html:
            return Rendered(subject, text, self._html.get_template(mail.html).render(context))
        said = self._html.get_template(mail.html).make_module(context)
        body = clothes.as_html(str(said), PARAGRAPH)
        framed = {**context, "subject": subject, "goes_to": getattr(said, "goes_to", ""), "body": body}
        return Rendered(subject, text, self._frames[1].render(framed))

    def _words(self, mail: _Mail, context: dict[str, Any]) -> tuple[str, str]:
        """Subject and text."""
        said = self._text.get_template(mail.text).make_module(context)
        framed = {**context, "goes_to": getattr(said, "goes_to", ""), "body": str(said)}
        subject = self._text.get_template(mail.subject).render(context)
        return clothes.one_line(subject), clothes.as_text(self._frames[0].render(framed))

    def _context(self, language: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts, with what the language brings: a mail that falls back to English shows English words."""
        spoken = self._languages[language]
        words = [{**word, "word": self.shown(word["command"], language)} for word in facts["words"]]
        return {
            **facts,
            "words": words,
            "language": language,
            "direction": spoken.direction,
            "phrases": spoken.phrases,
            "dates": spoken.dates,
            "shown": lambda command: self.shown(command, language),
            "trying": facts.get("trying", False),
            "to_click": [word for word in words if word["command"] not in NO_WORDS],
        }

    def speaks(self, name: str, language: str) -> str:
        """The language that the mail `name` would be written in for a reader of `language` ("fr-CA", "fr")."""
        wanted = (language.lower(), language.lower().partition("-")[0])
        return next((code for code in wanted if (code, name) in self._mails), DEFAULT)

    def words(self, *languages: str) -> tuple[Words, ...]:
        """The words of these languages in their order, then English; a language unknown here is passed over."""
        codes = dict.fromkeys(language.lower().partition("-")[0] for language in (*languages, DEFAULT))
        return tuple(self._languages[code].words for code in codes if code in self._languages)

    def shown(self, command: str, language: str) -> str:
        """The word displayed for a command; the command itself where no table knows it."""
        return next((words.table[command][0] for words in self.words(language) if command in words.table), command)

    def valued(self, value: str, language: str) -> str:
        """What follows a command, as the language says it: "friday" is "vendredi"; anything else is itself."""
        return next(
            (words.table[f"={value}"][0] for words in self.words(language) if f"={value}" in words.table), value
        )

    def phrase(self, name: str, language: str) -> str:
        """One of our phrases, in the language or else in English."""
        spoken = self._languages.get(language.lower().partition("-")[0], self._languages[DEFAULT])
        return spoken.phrases.get(name) or self._languages[DEFAULT].phrases[name]

    def offer(self, commands: Sequence[str], language: str, address: str, code: str = "") -> list[dict[str, str]]:
        """The fact `words`: what a mail may be answered with, each with a mail to `address` that says so."""
        mark = f" [#{code}]" if code else ""
        shown = ((command, self.shown(command, language)) for command in commands)
        return [
            {"command": command, "word": word, "mailto": mailto(address, word + mark, word)} for command, word in shown
        ]

    def sample(self, name: str, variant: str = "", language: str = DEFAULT) -> dict[str, Any]:
        """The facts of the sample, `words` made from its `offers`; a variant replaces some of them."""
        own = self._samples[name]
        chosen = own.get("variants", {}).get(variant, {}) if variant else {}
        facts = {**self._common, **own, **chosen}
        facts.pop("variants", None)
        offers = facts.pop("offers", [])
        address = facts["community"]["address"].replace("@", "-r-sample@")
        return {**facts, "words": self.offer(offers, self.speaks(name, language), address, facts["code"])}

    def variants(self, name: str) -> tuple[str, ...]:
        """The names of the sample's variants; '' is the sample itself and comes first."""
        return ("", *self._samples[name].get("variants", {}))

    def offers(self, name: str) -> tuple[str, ...]:
        """The commands that the sample of this mail offers: what callers usually give and keep."""
        return tuple(self._samples[name].get("offers", ()))

    def source(self, name: str, language: str = DEFAULT) -> Path:
        """Where the mail is written."""
        return self._place / self.speaks(name, language) / name / "body.txt"

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._languages)

    def _directories(self) -> list[tuple[str, str]]:
        found = [(path.parent.name, path.name) for path in sorted(self._place.glob("*/*/")) if path.is_dir()]
        mails = [(code, name) for code, name in found if code in self._languages]
        if stray := [f"{code}/{name}" for code, name in mails if name not in self._samples]:
            raise Misconfigured(f"{self._place / DEFAULT}: no sample.toml for {', '.join(stray)}")
        return mails

    def _mail(self, code: str, name: str) -> _Mail:
        own_html = (self._place / code / name / "body.html").exists()
        return _Mail(
            f"{code}/{name}/subject.txt",
            f"{code}/{name}/body.txt",
            f"{code}/{name}/body.{'html' if own_html else 'txt'}",
            own_html,
        )

    def _load(self, environment: sandbox.Sandbox, path: str) -> Template:
        try:
            return environment.get_template(path)
        except Exception as error:  # whatever is wrong with a template, it stops the start
            raise Misconfigured(_where(error, self._place) or f"{self._place / path}: {error!r}") from None

    def _try_all_once(self, kept: Path | None) -> None:
        """Unless it was done before with the very same."""
        if kept is None:
            self._try_all()
        elif not tried.before(mark := tried.mark(self._place), kept):
            self._try_all()
            tried.keep(mark, kept)

    def _try_all(self) -> None:
        """Print every mail with every variant of its sample; HTML only where it is not the same template again."""
        for (code, name), mail in self._mails.items():
            for variant in self.variants(name):
                facts = {**self.sample(name, variant, code), "trying": True}
                try:
                    self._words(mail, self._context(code, facts))
                    if mail.own_html:
                        self.render(name, code, facts)
                except Exception as error:
                    directory = self._place / code / name
                    raise Misconfigured(_where(error, self._place) or f"{directory}: {error!r}") from None


def mailto(address: str, subject: str = "", body: str = "") -> str:
    """A link that opens a mail already written (RFC 6068)."""
    fields = "&".join(
        f"{field}={quote(value, safe='')}" for field, value in (("subject", subject), ("body", body)) if value
    )
    return f"mailto:{quote(address, safe='@')}" + (f"?{fields}" if fields else "")


def home() -> Path:
    """The templates of the installed package, or of the checkout it runs from."""
    inside = Path(mailer.__file__).parent / "templates"
    return inside if inside.is_dir() else inside.parents[1] / "templates"


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"{path}: {error}") from None


def _language(path: Path) -> _Language:
    table = _toml(path)
    try:
        return _Language(
            path.parent.name,
            table["direction"],
            words_of(path.parent.name, table),
            table["phrases"],
            Datelines.of(table["dates"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Misconfigured(f"{path}: {error}") from None


def _where(error: BaseException, place: Path) -> str:
    """File, line and what is wrong there, or '' where no template is to blame."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: {error.message}"
    found = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file.startswith(str(place)):
            template = frame.f_globals.get("__jinja_template__")
            found = f"{file}:{template.get_corresponding_lineno(line) if template else line}: {error}"
    return found
