from decimal import Decimal

import pytest

from mailer.community.tally import Answer, Figures, Shape, Tally, count, fit, last_of_each, options_of, reached


@pytest.mark.parametrize(
    ("text", "shape", "options", "expected"),
    [
        ("Yes", "yes-no-maybe", (), "yes"),
        ("maybe", "yes-no", (), None),
        (" MAYBE ", "yes-no-maybe", (), "maybe"),
        ("2", "choice", ("Oslo", "Bergen"), "Bergen"),
        ("3", "choice", ("Oslo", "Bergen"), None),
        ("0", "choice", ("Oslo", "Bergen"), None),
        ("bergen", "choice", ("Oslo", "Bergen"), "Bergen"),
        ("9" * 5000, "choice", ("Oslo",), None),
        ("14.5 days", "number", (), "14.5 days"),
        ("14,5  days", "number", (), "14.5 days"),
        ("-3", "number", (), "-3"),
        ("about 3", "number", (), None),
        ("1" * 400, "number", (), None),
        ("  we  changed to ceramic ", "line", (), "we changed to ceramic"),
        ("", "line", (), None),
        ("x" * 501, "name", (), None),
    ],
)
def test_an_answer_is_read_by_its_shape(
    text: str, shape: Shape, options: tuple[str, ...], expected: str | None
) -> None:
    assert fit(text, shape, options) == expected


def test_the_last_answer_of_a_person_wins() -> None:
    answers = [Answer(1, "yes"), Answer(2, "no"), Answer(1, "maybe")]
    assert last_of_each(answers) == [Answer(1, "maybe"), Answer(2, "no")]
    assert count(answers, "yes-no-maybe") == Tally(2, counts={"yes": 0, "no": 1, "maybe": 1})


def test_fewer_than_the_minimum_keep_their_figures_to_themselves() -> None:
    answers = [Answer(person, "yes") for person in (1, 2, 3, 4)] + [Answer(4, "no")]
    assert count(answers, "yes-no", k_min=5) == Tally(4, private=True)
    assert count([*answers, Answer(5, "no")], "yes-no", k_min=5) == Tally(5, counts={"yes": 3, "no": 2})


def test_numbers_come_to_a_median_and_quartiles_of_the_usual_unit() -> None:
    answers = [Answer(i, v) for i, v in enumerate(["10 days", "12 Days", "20 days", "14.5 days", "3 weeks"])]
    expected = Figures(Decimal("13.25"), Decimal("11.50"), Decimal("15.875"), "days")
    assert count(answers, "number", k_min=5).figures == expected
    assert count([], "number").figures is None


def test_lines_and_names_are_listed_and_counted() -> None:
    assert count([Answer(1, "rope"), Answer(2, "glue")], "line").lines == ("rope", "glue")
    assert count([Answer(1, "Ana"), Answer(2, "Bo"), Answer(3, "Bo")], "name").counts == {"Bo": 2, "Ana": 1}


def test_a_threshold_counts_those_who_chose_it() -> None:
    tally = count([Answer(1, "yes"), Answer(2, "yes"), Answer(3, "no")], "yes-no")
    assert [reached(tally, wanted) for wanted in (None, 2, 3)] == [True, True, False]
    assert [reached(tally, wanted, "no") for wanted in (1, 2)] == [True, False]
    assert reached(count([Answer(1, "3"), Answer(2, "4")], "number"), 2)
    assert options_of("choice", ["a", "b"]) == ("a", "b")
