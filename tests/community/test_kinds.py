"""The shelf of kinds."""

import pytest

from mailer.community.kinds import KINDS, Kind, gathered, kind_for
from mailer.community.tagging import tag
from mailer.errors import Misconfigured


def test_every_kind_is_on_the_shelf() -> None:
    names = "bestpractice charter checklist faq gap idea lesson offer post request risk rule story study template win"
    assert sorted(KINDS) == names.split()


def test_each_kind_is_found_by_its_own_name_and_its_tags_are_tags() -> None:
    for name, kind in KINDS.items():
        assert kind_for([name]) == kind
        assert [tag(each) for each in kind.tags] == list(kind.tags)


def test_the_first_tag_that_makes_a_kind_decides() -> None:
    assert kind_for(["ceramic", "lessonlearned", "faq"]) == KINDS["lesson"]
    assert kind_for(["ceramic"]) is None
    assert kind_for([]) is None


def test_two_kinds_with_one_tag_or_name_stop_the_start() -> None:
    one = Kind("one", ("one", "both"), "One", "First.")
    with pytest.raises(Misconfigured, match="#both is claimed by one and two"):
        gathered([one, Kind("two", ("two", "both"), "Two", "Second.")])
    with pytest.raises(Misconfigured, match="two kinds are called 'one'"):
        gathered([one, one])
