"""Do the sums of the lesson on capacity come out as it says, and does its program measure what it says it measures?"""

import os

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/04-capacity-estimation"
own = module_of_tab(LESSON, "Python")
sums = module_of_tab(LESSON, "The sums")
REQUESTS = 20e6 + 5e6 + 300_000 + 40_000
PRODUCTS = 5_000_000


def test_requests_servers_and_what_is_in_flight():
    november = sums.per_second(REQUESTS, peak=12)
    assert round(sums.per_second(REQUESTS)) == 293
    assert november == pytest.approx(3500, rel=0.01)
    assert sums.servers(november, cpu_s=0.02) == 16
    assert sums.servers(sums.per_second(REQUESTS, peak=4), cpu_s=0.02) == 6
    assert sums.in_flight(november, 0.06) == pytest.approx(210, rel=0.01)


@pytest.mark.parametrize(
    ("a_day", "each", "overhead", "days", "gigabytes"),
    [
        (40_000, 1500, 1.5, 365, 33),
        (40_000, 1500, 1.5, 3 * 365, 99),
        (20e6, 200, 1, 365, 1460),
        (50_000, 2.4e6, 1, 365, 43_800),
        (50_000 * 1440, 100, 1.5, 3 * 365, 23_652 / 2),
    ],
)
def test_storage(a_day, each, overhead, days, gigabytes):
    assert sums.gigabytes(a_day, each, days, overhead) == pytest.approx(gigabytes, rel=0.01)


def test_bandwidth_is_told_in_bits():
    november = sums.per_second(20e6, peak=12)
    assert sums.gigabits_s(november, 1.25e6) == pytest.approx(28, abs=0.5)
    assert sums.gigabits_s(november, 50e3 + 0.05 * 1.2e6) == pytest.approx(2.4, abs=0.1)


def zipf(reads_s, alpha=0.9):
    """Groups of products of nearly the same popularity, from the best seller down."""
    ends, first, groups = [], 1, []
    while first <= PRODUCTS:
        last = min(PRODUCTS, max(first, int(first * 1.002)))
        groups.append((last - first + 1, ((first + last) / 2) ** -alpha))
        ends.append(last)
        first = last + 1
    whole = sum(n * share for n, share in groups)
    return [(n, reads_s * share / whole) for n, share in groups]


@pytest.mark.parametrize(("reads_s", "ttl_s", "hits"), [(926, 60, 36), (926, 600, 54), (2778, 60, 44), (2778, 600, 64)])
def test_a_cache_that_holds_everything_is_limited_by_freshness(reads_s, ttl_s, hits):
    assert 100 * sums.ttl_hit_ratio(zipf(reads_s), ttl_s) == pytest.approx(hits, abs=1)


@pytest.mark.parametrize(("kept", "alpha", "share"), [(0.2, 0.7, 61), (0.2, 0.9, 81), (0.2, 1.1, 96), (0.01, 0.9, 54)])
def test_twenty_percent_is_one_point_of_one_curve(kept, alpha, share):
    seen, reads = 0, 0
    for n, rate in zipf(1, alpha):
        seen += n
        reads += n * rate
        if seen >= kept * PRODUCTS:
            break
    assert 100 * reads == pytest.approx(share, abs=1)


def test_the_median_leaves_out_the_warming_up():
    calls = []
    assert own.median_us(lambda: calls.append(1), times=5) > 0
    assert len(calls) == 15


def test_every_number_is_measured():
    assert {name for name, us in own.own_numbers().items() if us > 0} == {
        "copy_1_mb", "compress_1_kb", "local_round_trip", "sync_4_kb",
    }  # fmt: skip


def test_a_row_takes_more_than_its_values():
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connected:
        connected.execute("DROP TABLE IF EXISTS ce_orders")
        connected.execute("CREATE TABLE ce_orders (id bigint PRIMARY KEY, customer int, total int, note text)")
        connected.execute(
            "INSERT INTO ce_orders SELECT i, i % 1000, 1, repeat('x', 200) FROM generate_series(1, 20000) AS i"
        )
        connected.execute("CREATE INDEX ON ce_orders (customer)")
        connected.execute("VACUUM ANALYZE ce_orders")
        tables = {row[0]: row[1:] for row in connected.execute(code_of_tab(LESSON, "SQL", "sql")).fetchall()}
        connected.execute("DROP TABLE ce_orders")
    rows, row_bytes, index_bytes = tables["ce_orders"]
    assert rows == 20000
    assert 216 < row_bytes < 300
    assert 10 < index_bytes < 60
