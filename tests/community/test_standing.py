from mailer.community.standing import Edge, Standing, contributor, standings

ANA, BO, CAI, DEE = 1, 2, 3, 4


def thanks(*pairs: tuple[int, int]) -> list[Edge]:
    return [Edge(giver, receiver, "thanks") for giver, receiver in pairs]


def test_many_givers_count_more_than_one_who_thanks_often() -> None:
    edges = thanks(*[(ANA, BO)] * 9, (ANA, CAI), (BO, CAI), (DEE, CAI))
    assert standings(edges) == [Standing(CAI, 3, 3, 0), Standing(BO, 1, 2, 0)]
    assert contributor(edges) == Standing(CAI, 3, 3, 0)


def test_nobody_thanks_themselves_and_one_giver_is_not_enough() -> None:
    assert contributor(thanks((ANA, ANA), (ANA, ANA), (BO, ANA), (BO, ANA))) is None
    assert contributor([]) is None


def test_lessons_add_to_thanks_but_a_heap_of_them_is_volume() -> None:
    edges = thanks((ANA, BO), (CAI, BO)) + [Edge(BO, BO, "lesson")] * 10 + [Edge(DEE, DEE, "lesson")] * 50
    assert standings(edges) == [Standing(BO, 2, 2, 3), Standing(DEE, 0, 0, 3)]
    assert contributor(edges) == Standing(BO, 2, 2, 3)


def test_the_excluded_are_passed_over_and_ties_always_end_alike() -> None:
    edges = thanks((ANA, BO), (CAI, BO), (ANA, DEE), (CAI, DEE))
    assert contributor(edges) == contributor(reversed(edges)) == Standing(BO, 2, 2, 0)
    assert contributor(edges, excluded={BO}) == Standing(DEE, 2, 2, 0)
    assert contributor(edges, excluded={BO, DEE}) is None
