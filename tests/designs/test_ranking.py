from hypothesis import given

from apps.designs.ranking import crossings, rank
from tests.designs.graphs import diagram, diagrams


def rows(edges, **more):
    return [list(row) for row in rank(diagram(edges, **more)).rows]


def test_a_chain_takes_one_row_for_each_box():
    assert rows(["a>b", "b>c"]) == [["a"], ["b"], ["c"]]


def test_the_longest_way_decides_the_row():
    ranking = rank(diagram(["a>b", "b>c", "a>c"]))
    assert ranking.rank_of()["c"] == 2


def test_an_answer_does_not_move_boxes():
    assert rows(["a>b", "a<b"]) == [["a"], ["b"]]


def test_a_circle_is_cut_where_it_closes():
    assert rows(["a>b", "b>c", "c>a"]) == [["a"], ["b", "2:1"], ["c"]]


def test_a_source_stands_just_before_its_first_follower():
    assert rank(diagram(["a>b", "b>c", "late>c"])).rank_of()["late"] == 1


def test_boxes_change_places_so_that_arrows_do_not_cross():
    ranking = rank(diagram(["a>x", "b>y"], nodes=["a", "b", "y", "x"]))
    assert crossings(ranking.rows, [("a", "x"), ("b", "y")]) == 0


def test_without_arrows_all_boxes_share_one_row_in_the_order_of_the_author():
    assert rows([], nodes=["b", "a", "c"]) == [["b", "a", "c"]]


@given(diagrams())
def test_every_box_has_one_place_and_every_arrow_climbs_row_by_row(drawn):
    ranking = rank(drawn)
    ranks = ranking.rank_of()
    placed = [name for row in ranking.rows for name in row]
    assert len(placed) == len(set(placed))
    assert set(drawn.nodes) <= set(placed)
    assert all(row for row in ranking.rows)
    for edge, chain in zip(drawn.edges, ranking.chains, strict=True):
        assert {chain[0], chain[-1]} == {edge.source, edge.target}
        assert [ranks[name] for name in chain] == list(range(ranks[chain[0]], ranks[chain[0]] + len(chain)))
