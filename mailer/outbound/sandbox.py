"""Where templates run: Jinja's sandbox, with the few filters and functions that the mails are written with.

There are two, one for text and one for HTML; the same template runs in both, and is compiled once a process.
What was compiled is kept beside the database, where a place for it is given: compiling all takes longer than all else
at the start. Refuses to make a long text out of a short one. Made by `render`; nothing of it is for anyone else.
"""

import contextlib
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailer.outbound import clothes

LONGEST_PRODUCT = 10_000  # characters or elements of 'x' * n in a template


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which also refuses to make a long text out of a short one."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        sizes = [side for side in (left, right) if isinstance(side, int)]
        plain = all(isinstance(side, int | float) for side in (left, right))
        if operator == "**" or (not plain and (operator == "%" or any(side > LONGEST_PRODUCT for side in sizes))):
            raise SecurityError(f"{operator} makes too much here")
        return super().call_binop(context, operator, left, right)


class Compiled(FileSystemBytecodeCache):
    """Compiled templates, kept by place and content. One that cannot be kept or read is compiled again."""

    def __init__(self, place: Path, sort: str) -> None:
        """`sort` tells apart what one template becomes in different sandboxes."""
        made = (jinja2.__version__, sort, *sorted(Sandbox.intercepted_binops))
        self._salt = hashlib.sha256("\n".join(made).encode()).hexdigest()[:16]
        super().__init__(str(place), f"{sort}-%s")

    def get_source_checksum(self, source: str) -> str:
        return self._salt + super().get_source_checksum(source)

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # cut short by a power failure, say
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):  # a full disk, or a place that may not be written
            super().dump_bytecode(bucket)


@lru_cache(8)
def plain(place: Path, kept: Path | None = None) -> Sandbox:
    environment = Sandbox(autoescape=False, **_options(place, kept, "text"))
    return _dress(environment, "_base/pieces.txt", clothes.kept_text, str)


@lru_cache(8)
def dressed(place: Path, kept: Path | None = None) -> Sandbox:
    environment = Sandbox(autoescape=True, **_options(place, kept, "html"))
    return _dress(environment, "_base/pieces.html", clothes.kept_html, clothes.live)


def _options(place: Path, kept: Path | None, sort: str) -> dict[str, Any]:
    if kept is not None:
        with contextlib.suppress(OSError):
            kept.mkdir(mode=0o700, exist_ok=True)
    return {
        "loader": FileSystemLoader(place),
        "bytecode_cache": Compiled(kept, sort) if kept is not None and kept.is_dir() else None,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
        "cache_size": -1,
    }


def _dress(environment: Sandbox, pieces: str, kept: Callable[[str], str], live: Callable[[str], str]) -> Sandbox:
    """The filters and functions that templates may use: `templates/README.md` lists them."""
    environment.filters |= {
        "kept": kept,
        "live": live,
        "short": clothes.short,
        "bare": clothes.bare,
        "size": clothes.size,
        "quote": lambda text: "\n".join(f"> {line}".rstrip() for line in clothes.clean(text).strip("\n").split("\n")),
        "when": pass_context(lambda context, moment, zone: context["dates"].at(moment, zone)),
        "span": pass_context(lambda context, start, end, zone: context["dates"].between(start, end, zone)),
        "elsewhere": pass_context(lambda context, start, one, other: not context["dates"].same(start, one, other)),
        "day": pass_context(lambda context, when: context["dates"].in_day(when)),
        "month": pass_context(lambda context, when: context["dates"].in_month(when)),
    }
    environment.globals |= {
        "KEEP": clothes.KEEP,
        "word": _word,
        "say": _say,
        "named": _named,
        "offered": _offered,
        "count": _count,
        "sum_up": _sum_up,
    }
    module = environment.get_template(pieces).module
    environment.globals |= {name: getattr(module, name) for name in vars(module) if not name.startswith("_")}
    return environment


@pass_context
def _word(context: Context, command: str) -> str:
    """A word to send, as the reader sees it: in quotes, and in HTML a link that sends it.

    Raises LookupError, where a sample is tried, for a word that the mail does not offer.
    """
    mailtos = {word["command"]: word["mailto"] for word in context["words"]}
    if command not in mailtos and context["trying"]:
        raise LookupError(f'the word "{command}" is said but not offered')
    phrases, piece = context["phrases"], context["word_to_send"]
    said: str = piece(context["shown"](command), mailtos.get(command, ""), phrases["open"], phrases["close"])
    return said


@pass_context
def _say(context: Context, command: str) -> str:
    """A word in quotes, offered or not: for telling what may be said to other mails."""
    return _named(context, context["shown"](command))


@pass_context
def _named(context: Context, text: object) -> str:
    """A title or a word in the quotation marks of the language."""
    phrases = context["phrases"]
    return f"{phrases['open']}{text}{phrases['close']}"


@pass_context
def _offered(context: Context, command: str) -> bool:
    """Whether this mail may be answered with the command's word."""
    return any(each["command"] == command for each in context["words"])


@pass_context
def _count(context: Context, number: int, one: str, many: str) -> str:
    """ "1 person", "84 people". French counts 0 as one."""
    single = number in (0, 1) if context["language"] == "fr" else number == 1
    return f"{number} {one if single else many}"


@pass_context
def _sum_up(context: Context, *counts: tuple[int, str, str]) -> str:
    """ "2 conversations, 1 event ahead": what there is none of is not named."""
    return ", ".join(_count(context, *each) for each in counts if each[0])
