import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.zipf import draw, popularity, shuffled_ids


@given(objects=st.integers(1, 5000), alpha=st.floats(0, 1.5))
def test_shares_fall_with_the_rank_and_add_up_to_one(objects, alpha):
    share = popularity(objects, alpha)
    assert share.sum() == pytest.approx(1)
    assert (np.diff(share) <= 0).all()


def test_without_skew_all_objects_are_alike():
    assert popularity(4, 0.0).tolist() == [0.25] * 4


def test_at_alpha_one_the_second_object_is_half_as_popular_as_the_first():
    share = popularity(1000, 1.0)
    assert share[1] / share[0] == pytest.approx(0.5)


@pytest.mark.parametrize("alpha", [0.0, 0.9, 1.2])
def test_drawn_ranks_follow_the_shares(alpha):
    share = popularity(50, alpha)
    drawn = np.bincount(draw(share, 200_000, np.random.default_rng(3)), minlength=50)
    expected = share * 200_000
    chi_square = ((drawn - expected) ** 2 / expected).sum()
    assert chi_square < 85.4  # 49 degrees of freedom, 1 in 1,000


def test_equal_seeds_draw_equal_requests():
    share = popularity(1000, 0.9)
    first, second = (draw(share, 500, np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()


def test_every_rank_gets_an_id_of_its_own():
    assert sorted(shuffled_ids(100, np.random.default_rng(1))) == list(range(1, 101))
