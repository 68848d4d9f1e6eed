"""Real bounces of three public collections, where they are at hand (MAILER_CORPORA)."""

import pytest
from corpus.bounces import CORPORA, FAMILIES, score


@pytest.mark.parametrize("family", FAMILIES)
def test_recipients_of_real_bounces(family: str) -> None:
    if not (CORPORA / family).exists():
        pytest.skip(f"no {family} under {CORPORA}; MAILER_CORPORA names the folder")
    table = score(family)
    assert {
        "right": table["right"] >= 0.98 * table["files"],
        "with status": table["with status"] >= 0.98 * table["files"],
        "wrong": table["wrong"] <= 0.01 * table["named"],
    } == {"right": True, "with status": True, "wrong": True}
