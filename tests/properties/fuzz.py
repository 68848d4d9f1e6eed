"""The reader under a fuzzer that sees which branches a mail takes: `make fuzz`, or `make fuzz SECONDS=3600`.

What holds for every mail is asked of each: read without an error, sound, no word of its text lost in folding. A mail
that breaks it, or takes over ten seconds, is left in `.venv/.fuzz` and stops the run with its name.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mailer.mail", "mailer.community"]):
    from mailer.community import segments
    from mailer.mail import authenticate, domainkeys
    from mailer.mail.folding import fold
    from mailer.mail.parse import parse
    from mailer.verbs.read import facts

from test_any_bytes import SEED, sound

HERE = Path(".venv/.fuzz")
LONGEST = 20_000  # octets of a seed: short ones are changed more often


def one(raw: bytes) -> None:
    """Everything that is done to a mail before anyone decides what it is."""
    message = parse(raw)
    sound(message)
    facts("", message)
    body = fold(message)
    kept = "\n".join([body.new_text, *(part.text for part in body.folded)])
    assert sorted(words(message.text)) == sorted(words(kept)), "folding lost or doubled words"
    segments.segments(segments.laid_out(body), {"1": "Seals", "2": "Beads"})
    authenticate.authenticate(message, "mx.cop.example", trusted=True)
    domainkeys.signatures(domainkeys.Signed.of(raw))


def words(text: str) -> list[str]:
    return text.split()


def seeds(into: Path, corpora: Path) -> None:
    """What the fuzzer begins with: a mail with some of everything, our own, and real ones where they are at hand."""
    into.mkdir(parents=True, exist_ok=True)
    (into / "seed").write_bytes(SEED)
    for number, path in enumerate([*Path("tests/mail").rglob("*.eml"), *corpora.glob("*/data/**/*")]):
        if path.is_file() and path.stat().st_size <= LONGEST:
            (into / f"{number}").write_bytes(path.read_bytes())


def main(seconds: str, corpora: str) -> None:
    seeds(HERE / "corpus", Path(corpora))
    bounds = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", f"-max_len={LONGEST}"]
    atheris.Setup([sys.argv[0], *bounds, f"-artifact_prefix={HERE}/", str(HERE / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
