"""When two pieces of text count as the same."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailer.community.likeness import plain


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(max_codepoint=127), max_size=40))
@example("STOP!! :-)")
@example("don't `quote' me\x00\x7f")
def test_ascii_alone_reads_as_it_does_beside_any_other_letter(text: str) -> None:
    assert f"e {plain(text)}".strip() == plain(f"é {text}")
