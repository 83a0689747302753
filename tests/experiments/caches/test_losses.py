from apps.experiments.caches.losses import lost, unconfirmed

WRITES = [(0, 7, 100), (1, 8, 101), (2, 7, 102), (3, 7, 105)]


def test_a_write_is_lost_if_no_store_has_it_or_a_later_one():
    assert lost(WRITES, {7: 102, 8: 101}) == (3,)
    assert lost(WRITES, {7: 105, 8: 101}) == ()


def test_each_write_counts_also_if_several_were_to_one_product():
    assert lost(WRITES, {8: 101}) == (0, 2, 3)


def test_a_write_that_the_cache_alone_has_is_not_lost():
    assert lost(WRITES, {7: 100}, {7: 105, 8: 101}) == ()


def test_what_a_batch_is_known_to_have_written_needs_no_look():
    assert unconfirmed(WRITES, {7: 102}) == [(1, 8, 101), (3, 7, 105)]
