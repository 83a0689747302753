from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.replicas import routing

STANDBYS = st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True)
DICE = st.floats(0, 1, exclude_max=True)


@given(STANDBYS, DICE)
def test_any_standby_is_one_of_them(standbys, dice):
    assert routing.any_replica(standbys, dice) in standbys


def test_every_standby_gets_its_share_and_without_one_the_primary_answers():
    drawn = [routing.any_replica([1, 2, 3], number / 99) for number in range(99)]
    assert [drawn.count(standby) for standby in (1, 2, 3)] == [33, 33, 33]
    assert routing.any_replica([], 0.5) == routing.PRIMARY


@given(STANDBYS, DICE)
def test_taking_turns_leaves_nobody_out(standbys, dice):
    assert sorted(routing.in_turn(standbys, dice)) == sorted(standbys)


def test_a_standby_is_fresh_enough_up_to_the_bound_and_never_without_a_measurement():
    assert routing.fresh_enough([1, 2, 3], {1: 0.1, 2: 0.1001}, 0.1) == [1]


@given(STANDBYS, st.dictionaries(st.integers(1, 3), st.integers(0, 100)), st.integers(0, 100))
def test_no_standby_behind_the_token_is_ever_chosen(standbys, positions, token):
    chosen = routing.caught_up(standbys, positions, token)
    if chosen is None:
        assert all(positions.get(standby, -1) < token for standby in standbys)
    else:
        assert positions[chosen] >= token
