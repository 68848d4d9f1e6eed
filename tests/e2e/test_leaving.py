"""Leaving by the button of a mail program (RFC 8058), with curl as the program and the link of a delivered mail."""

import re

import pytest
from e2e.ground import run
from e2e.village import Cast

pytestmark = pytest.mark.e2e


def test_one_click_leaves_and_a_look_does_not(cast: Cast) -> None:
    place = cast.community("exits", cast.ana, cast.bob, cast.eva)
    cast.eva.write(place, "News", "Something new.")
    post = cast.bob.one("News", "exits")
    found = re.search(r"<(http://[^>]+)>", post.get("list-unsubscribe"))
    assert found and post.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    page = run("curl", "-sS", "--fail", found[1])  # what a scanner does
    assert "<button" in page
    assert [word for word, _ in cast.village.ledger("exits")] == ["posted"]
    run("curl", "-sS", "--fail", "-d", "List-Unsubscribe=One-Click", found[1])
    cast.bob.one("You have left Exits", "exits")
    cast.eva.write(place, "More", "News.")
    cast.ana.one("More", "exits")
    assert [mail.subject for mail in cast.bob.got_any("exits")] == ["News", "You have left Exits"]
    assert [word for word, _ in cast.village.ledger("exits")] == ["posted", "left", "posted"]
