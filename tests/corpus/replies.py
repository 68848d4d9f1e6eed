"""Prints how well replies are told from quotes on the public sources: `python tests/corpus/replies.py [-v] [family]`.

A case is right where the new text equals the expected reply after white space is folded, or, where the source states
facts only, where all of them hold. `policy` names the cases where a source wants what the families do not agree on.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from mailer.mail.folding import fold
from mailer.mail.message import Body, Headers, Message
from mailer.mail.parse import parse

PLACE = Path(os.environ.get("MAILER_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))


def message(text: str, html: str = "", subject: str = "") -> Message:
    """A mail that holds only a text."""
    return Message(Headers(()), "", (), (), subject, (), (), (), (), None, text, html)


@dataclass
class Case:
    family: str
    name: str
    message: Message
    exact: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    all_white: bool = False
    policy: str = ""  # why the expectation is one source's own

    def faults(self, body: Body) -> list[str]:
        got, want = _folded(body.new_text, self.all_white), _folded(self.exact or "", self.all_white)
        found = [] if self.exact is None or got == want else ["not exact"]
        folded = _folded(body.new_text)
        found += [f"lost {w!r}" for w in self.facts.get("contains", []) if _folded(w) not in folded]
        found += [f"kept {w!r}" for w in self.facts.get("not_contains", []) if _folded(w) in folded]
        return found


def _folded(text: str, all_white: bool = False) -> str:
    return ("" if all_white else " ").join(text.split())


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "contains": row.get("contains", []) + row.get("latest_contains", []),
        "not_contains": row.get("not_contains", []) + row.get("latest_not_contains", []),
    }


def _text_family(family: str) -> Iterator[Case]:
    rows = json.loads((PLACE / family / "expected.json").read_text(encoding="utf-8"))
    for name, row in rows.items():
        text = (PLACE / family / "data" / name).read_text(encoding="utf-8", errors="replace")
        yield Case(family, name, message(text), row.get("reply", row.get("latest")), _facts(row))


_POLICY = {
    "standard_replies/iphone.eml": "keeps signatures",
    "standard_replies/sparrow.eml": "keeps signatures",
    "reply-separated-by-hr.html": "drops a name that the writer signed with",
}


def _talon() -> Iterator[Case]:
    for name, row in json.loads((PLACE / "talon" / "expected.json").read_text(encoding="utf-8")).items():
        path = PLACE / "talon" / "data" / name
        if name.endswith("_body"):
            continue
        raw = (
            path.read_bytes()
            if name.endswith(".eml")
            else html_mail(path.read_text(encoding="utf-8", errors="replace"))
        )
        policy = _POLICY.get(name, "")
        facts = {"not_contains": row.get("expected_not_contains", [])}
        family = "talon_standard" if name.startswith("standard") else "talon_html"
        yield Case(family, name, parse(raw), row.get("expected_reply"), facts, family == "talon_html", policy)


def html_mail(html: str) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode("utf-8", "replace")


_TEXT_POLICY = {0: "looks at one line only", 9: "keeps signatures", 42: "keeps forwards"}


def _talon_text() -> Iterator[Case]:
    rows = json.loads((PLACE / "talon" / "inline_text_pairs.json").read_text(encoding="utf-8"))
    for n, row in enumerate(rows):
        name = f"{n} {row['name']}"
        yield Case("talon_inline_text", name, message(row["input"]), row["expected"], policy=_TEXT_POLICY.get(n, ""))


_HTML_POLICY = {7: "keeps a blockquote at the end", 9: "drops a short quote that is answered", 13: "keeps a rule"}


def _talon_html_pairs() -> Iterator[Case]:
    rows = json.loads((PLACE / "talon" / "inline_html_pairs.json").read_text(encoding="utf-8"))
    for n, row in enumerate(rows):
        name = f"{n} {row['name']}"
        wanted = parse(html_mail(row["expected"])).text
        case = Case("talon_inline_html", name, parse(html_mail(row["input"])), wanted, all_white=True)
        yield Case(**{**case.__dict__, "policy": _HTML_POLICY.get(n, "")})


def _kde() -> Iterator[Case]:
    """What a reply would quote is the text without quotes; whatever is put aside must be its signature."""
    for path in sorted((PLACE / "kde_messagelib").rglob("*.plain.reply")):
        source = path.with_name(path.name.removesuffix(".plain.reply"))
        if source.exists():
            wanted = path.read_text(encoding="utf-8", errors="replace").split("\n-- \n")[0]
            mail = parse(source.read_bytes())
            if not mail.encrypted and "BEGIN PGP" not in mail.text:
                policy = "takes another part for the text" if source.name == "404698-gpg-attachments.mbox" else ""
                yield Case("kde_messagelib", source.name, mail, wanted, policy=policy)


FAMILIES = {
    "erp_github": lambda: _text_family("erp_github"),
    "erp_zapier": lambda: _text_family("erp_zapier"),
    "mail_parser_reply": lambda: _text_family("mail_parser_reply"),
    "kde_messagelib": _kde,
    "talon_standard": lambda: (c for c in _talon() if c.family == "talon_standard"),
    "talon_html": lambda: (c for c in _talon() if c.family == "talon_html"),
    "talon_inline_text": _talon_text,
    "talon_inline_html": _talon_html_pairs,
}


def results(family: str) -> list[tuple[Case, Body, list[str]]]:
    """Every case of the family, what became of it and what is wrong with that."""
    return [(case, body := fold(case.message), case.faults(body)) for case in FAMILIES[family]()]


def main() -> None:
    verbose, only = "-v" in sys.argv, [a for a in sys.argv[1:] if not a.startswith("-")]
    print(f"{'family':20} {'cases':>6} {'right':>6} {'%':>6} {'agreed':>7} {'right':>6} {'%':>6}")
    for family in only or FAMILIES:
        rows = results(family)
        right = sum(not faults for *_, faults in rows)
        agreed = [faults for case, _, faults in rows if not case.policy]
        held = sum(not f for f in agreed)
        print(
            f"{family:20} {len(rows):6} {right:6} {100 * right / len(rows):6.1f}"
            f" {len(agreed):7} {held:6} {100 * held / max(1, len(agreed)):6.1f}"
        )
        for case, body, faults in rows if verbose else ():
            if faults:
                print(
                    f"  {case.name} {case.policy}: {faults}\n    got  {body.new_text[:400]!r}\n    want {case.exact!r}"
                )


if __name__ == "__main__":
    main()
