import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.search.spelling import Speller, distance, mask

COUNTS = {"caching": 9, "catching": 1, "cache": 20, "sharding": 5, "load": 9, "balancer": 3, "lag": 2, "p99": 4}
KNOWN = Speller(COUNTS)
letters = st.text(alphabet="abcd", max_size=7)


def slowly(one, other):
    """Return the distance by its definition: swaps of neighbours count one, and nothing is edited twice."""
    if not one or not other:
        return len(one) + len(other)
    options = [
        slowly(one[1:], other) + 1,
        slowly(one, other[1:]) + 1,
        slowly(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        options.append(slowly(one[2:], other[2:]) + 1)
    return min(options)


@given(st.text(alphabet="abc", max_size=5), st.text(alphabet="abc", max_size=5))
def test_the_distance_is_that_of_its_definition(one, other):
    exact = slowly(one, other)
    for most in (1, 2):
        assert distance(one, other, most) == min(exact, most + 1)


@given(letters, letters)
def test_the_mask_never_hides_a_word_that_is_near(one, other):
    slips = distance(one, other, 2)
    if slips <= 2:
        assert (mask(one) ^ mask(other)).bit_count() <= 2 * slips


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cahcing", "caching"),
        ("caching", "caching"),
        ("ccahe", "cache"),
        ("kache", "cache"),
        ("shrading", "sharding"),
    ],
)
def test_the_nearest_word_is_meant(typed, meant):
    assert KNOWN.nearest(typed) == [meant]


@pytest.mark.parametrize("typed", ["p98", "la", "xyzzy", "lead9"])
def test_what_is_short_far_or_has_digits_is_left_alone(typed):
    assert KNOWN.nearest(typed) == []


def test_words_run_together_are_parted():
    assert KNOWN.parted("loadbalancer") == ("load", "balancer")
    assert KNOWN.parted("loadfactor") is None
