"""Does the code in the sharding lesson place, move and merge as the lesson says, and do its ids tell the shard?"""

import hashlib
import itertools
import os
from collections import Counter
from types import SimpleNamespace

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "building-blocks/03-sharding"
shards = module_of_tab(LESSON, "Python")
routing = module_of_tab(LESSON, "Django")
TEN = [f"db{number}" for number in range(10)]


def test_a_tenant_is_on_the_same_logical_shard_in_every_process_and_language():
    expected = int(hashlib.sha256(b"42").hexdigest()[:16], 16) % 480
    assert shards.logical_shard(42) == expected == 237


def test_logical_shards_get_about_the_same_number_of_tenants():
    counts = Counter(map(shards.logical_shard, range(48_000)))
    assert len(counts) == 480
    assert 50 < min(counts.values()) <= max(counts.values()) < 150  # 100, give or take five deviations


def test_servers_hold_the_same_number_of_logical_shards():
    assert set(Counter(shards.Directory(TEN).server_of.values()).values()) == {48}


def test_one_more_server_takes_its_share_from_all_and_nothing_else_moves():
    directory = shards.Directory(TEN)
    before = dict(directory.server_of)
    for shard, server in directory.plan():
        assert before[shard] == server
        directory.moved(shard, "new")
    held = Counter(directory.server_of.values())
    assert held["new"] == 480 // 11 == 43
    assert set(held.values()) == {43, 44}
    changed = [shard for shard in before if directory.server_of[shard] != before[shard]]
    assert len(changed) == 43


def test_tenants_move_with_their_shard_only():
    directory = shards.Directory(TEN)
    before = {tenant: directory.server(tenant) for tenant in range(10_000)}
    for shard, _ in directory.plan():
        directory.moved(shard, "new")
    moved = [tenant for tenant in before if directory.server(tenant) != before[tenant]]
    assert {directory.server(tenant) for tenant in moved} == {"new"}
    assert 0.07 < len(moved) / 10_000 < 0.11


def test_the_newest_of_all_are_merged_from_the_newest_of_each():
    rows = {server: [(time, server) for time in range(90 + number, 0, -10)] for number, server in enumerate(TEN)}
    found, missing = shards.newest(TEN, lambda server, count: rows[server][:count])
    assert found == sorted(itertools.chain.from_iterable(rows.values()), reverse=True)[:20]
    assert missing == []


def test_a_server_that_is_away_is_named_and_the_others_answer():
    def ask(server, count):
        if server == "db3":
            raise TimeoutError
        return [(5, server)]

    found, missing = shards.newest(TEN, ask)
    assert len(found) == 9
    assert missing == ["db3"]


def model(app_label, alias=None):
    return SimpleNamespace(_meta=SimpleNamespace(app_label=app_label), _state=SimpleNamespace(db=alias))


def test_queries_go_to_the_tenants_server_and_shared_tables_stay_where_they_are():
    router, directory = routing.ShardRouter(), shards.Directory(TEN)
    with routing.tenant(42, directory):
        assert router.db_for_read(model("orders")) == router.db_for_write(model("orders")) == directory.server(42)
        assert router.db_for_read(model("auth")) == "default"


def test_a_query_without_a_tenant_is_an_error_and_not_a_guess():
    with pytest.raises(LookupError):
        routing.ShardRouter().db_for_read(model("orders"))
    with routing.tenant(42, shards.Directory(TEN)):
        pass
    with pytest.raises(LookupError):
        routing.ShardRouter().db_for_read(model("orders"))


def test_rows_of_two_servers_are_not_related_and_migrations_go_to_all_shards():
    router = routing.ShardRouter()
    assert router.allow_relation(model("orders", "db1"), model("orders", "db1"))
    assert not router.allow_relation(model("orders", "db1"), model("orders", "db2"))
    assert [router.allow_migrate(alias, "orders") for alias in ("default", "db1")] == [False, True]
    assert [router.allow_migrate(alias, "auth") for alias in ("default", "db1")] == [True, False]


@pytest.fixture
def shard_237():
    """A connection in which the lesson's schema stands, and is gone in the end."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        yield connected
        connected.rollback()


def test_ids_are_unique_say_their_shard_and_follow_time(shard_237):
    insert = "INSERT INTO shard_237.orders (tenant_id, total_cents) VALUES (42, 100) RETURNING id"
    ids = [shard_237.execute(insert).fetchone()[0] for _ in range(1_000)]
    assert len(set(ids)) == 1_000
    assert {(each >> 10) & 8191 for each in ids} == {237}
    since_2026_s = [(each >> 23) / 1_000 for each in ids]
    assert since_2026_s == sorted(since_2026_s)
    now = shard_237.execute("SELECT extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01 00:00:00Z')")
    assert since_2026_s[-1] == pytest.approx(float(now.fetchone()[0]), abs=60)
