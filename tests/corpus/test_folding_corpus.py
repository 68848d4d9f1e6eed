"""Replies of public collections told from their quotes, where they are at hand (MAILER_CORPORA)."""

from collections import Counter
from pathlib import Path

import pytest
from corpus import replies

from mailer.errors import Malformed
from mailer.mail.folding import fold
from mailer.mail.parse import parse

# Of the cases on which the families agree what a reply is; and of all.
REACHED = {
    "erp_github": (1.0, 1.0),
    "erp_zapier": (1.0, 1.0),
    "mail_parser_reply": (1.0, 1.0),
    "kde_messagelib": (1.0, 0.8),
    "talon_standard": (1.0, 0.83),
    "talon_html": (1.0, 0.91),
    "talon_inline_text": (1.0, 0.93),
    "talon_inline_html": (1.0, 0.81),
}


@pytest.mark.parametrize("family", REACHED)
def test_latest_replies_are_exact(family: str, corpora: Path) -> None:
    rows = replies.results(family)
    agreed = [not faults for case, _, faults in rows if not case.policy]
    right = [not faults for *_, faults in rows]
    least_agreed, least = REACHED[family]
    assert (sum(agreed) >= least_agreed * len(agreed), sum(right) >= least * len(right)) == (True, True)


def test_no_line_of_any_mail_is_lost(corpora: Path) -> None:
    lost = []
    for path in sorted(p for p in corpora.glob("*/data/**/*") if p.is_file() and p.stat().st_size < 200_000):
        try:
            mail = parse(path.read_bytes())
        except Malformed:
            continue
        body = fold(mail)
        if _letters(mail.text) != _letters(body.new_text, *(f.text for f in body.folded)):
            lost.append(path.name)
    assert lost == []


def _letters(*texts: str) -> Counter[str]:
    return Counter("".join("".join(texts).split()))
