"""What of a forwarded mail may go on: its words, not the addresses in the block above them."""

from mailer.mail.folding import without_heading

WORDS = "Dear Bob,\n\nthe new float shoe is out.\n\nTo: everyone who asked\n\nKim"


def test_rule_and_header_block_are_left_out_and_the_words_kept() -> None:
    block = "From: Kim Lee <kim@supplier.example>\nDate: Mon, 2 Mar 2026 10:00\nSubject: Shoes\nTo: <bob@nord.example>"
    for above in (
        f"---------- Forwarded message ---------\n{block}\n\n",
        f"-----Original Message-----\n{block}\n\n",
        f"{block}\n\n",
        f"Begin forwarded message:\n\n{block}\n\n",
    ):
        assert without_heading(above + WORDS) == WORDS


def test_words_without_a_heading_stay_as_they_are() -> None:
    assert without_heading(WORDS) == WORDS
    assert without_heading("") == ""
