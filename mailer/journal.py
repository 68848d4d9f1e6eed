"""The life of a mail in the log: one verb a line, found by the mail's id.

Never bodies; addresses only as a keyed hash, also in what a relay says and in what an error quotes, so that a log can
be shown to a stranger.
"""

import hashlib
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

Verb = Literal[
    "accepted",
    "refused",
    "routed",
    "recorded",
    "held",
    "archived",
    "queued",
    "sent",
    "deferred",
    "failed",
    "shunted",
]

_ADDRESS = re.compile(r"""[^\s<>()\[\]{}"',;:=@]{1,64}@[^\s<>()\[\]{}"',;:=@]{1,255}""")
_OF_MACHINES = ("sqlalchemy.", "psycopg", "mailer.errors")  # what they raise quotes nobody
_log = logging.getLogger("mailer")
_key = b"mailer"


def setup(level: str = "INFO", key: bytes = b"mailer", *, json: bool = False) -> None:
    """Send the journal to standard error. `key` keys the hashes of addresses."""
    global _key
    _key = hashlib.blake2b(key, digest_size=16).digest()
    plain = structlog.dev.plain_traceback  # the default shows the variables too: mails, tokens, keys
    words = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    last = structlog.processors.JSONRenderer() if json else words
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
                _unnamed,
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd writes message lines at DEBUG
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _unnamed,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _unnamed(logger: object, name: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Each address in words from elsewhere becomes its hash."""
    for key, value in facts.items():
        if isinstance(value, str) and "@" in value:
            facts[key] = _ADDRESS.sub(lambda found: who(found[0]), value)
    return facts


def note(verb: Verb, mail: int | None = None, **facts: object) -> None:
    """One step in the life of a mail; `mail` is the inbox id, the one the sender was told."""
    if _log.isEnabledFor(logging.INFO):
        structlog.get_logger("mailer").info(verb, mail=mail, **facts)


def trouble(what: str, error: BaseException | None = None, **facts: object) -> None:
    """Something an operator should look at; the traceback goes to the log and nowhere else."""
    if error is not None:
        facts["exception"] = told(error)
    structlog.get_logger("mailer").error(what, **facts)


def told(error: BaseException) -> str:
    """Where an error came from and what it is. What it says in words is told where a machine says it, its first line;
    any other may quote the mail that brought it about."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    machine = isinstance(error, OSError) or type(error).__module__.startswith(_OF_MACHINES)
    words = f": {str(error).partition(chr(10))[0]}" if machine else ""
    return f"{frames}{type(error).__name__}{words}"


def say(what: str, **facts: object) -> None:
    """A fact about the service itself: started, listening, closing."""
    structlog.get_logger("mailer").info(what, **facts)


def who(address: str) -> str:
    """A short keyed hash of an address: the same person is recognised in the log, not named."""
    return hashlib.blake2b(address.lower().encode("utf-8", "replace"), key=_key, digest_size=5).hexdigest()
