"""The shelf of kinds."""

from mailer.community.kinds import KINDS, kind_for
from mailer.community.tagging import tag


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
