from concurrent.futures import ThreadPoolExecutor

from apps.core.limiter import seconds_to_wait
from apps.core.redis import client


def test_so_many_pass_and_the_next_is_told_when_to_come_back(broker):
    assert [seconds_to_wait("answer", "ada", limit=2, within_s=60) for _ in range(2)] == [0, 0]
    assert 58 <= seconds_to_wait("answer", "ada", limit=2, within_s=60) <= 60


def test_each_is_counted_alone(broker):
    assert seconds_to_wait("answer", "ada", limit=1) == 0
    assert seconds_to_wait("answer", "brian", limit=1) == 0
    assert seconds_to_wait("question", "ada", limit=1) == 0


def test_forty_at_once_count_as_forty(broker):
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: seconds_to_wait("answer", "ada", limit=25), range(40)))
    assert sum(wait == 0 for wait in waits) == 25


def test_the_count_ends_with_its_window(broker):
    seconds_to_wait("answer", "ada", limit=1, within_s=60)
    assert 0 < broker.ttl("limit:answer:ada") <= 60


def test_while_redis_is_away_nobody_is_refused(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client.cache_clear()
    try:
        assert seconds_to_wait("answer", "ada", limit=0) == 0
    finally:
        client.cache_clear()
    assert "not_counted" in caplog.text
