"""Attachments in as few mails as their sizes allow."""

import pytest

from mailer.commands.fetching import packed
from mailer.mail.message import Attachment


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ([], []),
        ([3], [[3]]),
        ([3, 4, 3], [[3, 4, 3]]),
        ([3, 4, 4], [[3, 4], [4]]),
        ([9, 9, 1, 1], [[9], [9, 1], [1]]),
        ([11, 4], [[4]]),  # one that fits nowhere is in none
        ([10, 10], [[10], [10]]),
        ([12, 15], []),
        ([0, 10, 0], [[0, 10, 0]]),
    ],
)
def test_each_part_keeps_to_the_size_and_all_to_their_order(sizes: list[int], parts: list[list[int]]) -> None:
    attached = [Attachment(f"{n}.dat", "application/octet-stream", b"x" * size) for n, size in enumerate(sizes)]
    assert parts == [[one.size for one in part] for part in packed(attached, 10)]
