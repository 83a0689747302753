"""Do standbys stream, fall behind when their link is bad, catch up, and take over with all that was promised?"""

import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from apps.testbed.processes import LINUX, command, descendants, started_at
from apps.testbed.standby import replica_set
from tests.site import until

FIRST = {"synchronous_standby_names": "FIRST 1 (s1)"}


@pytest.fixture(scope="module")
def warm():
    with replica_set(2) as replicas:
        yield replicas


@pytest.fixture
def replicas(warm):
    """A set as new, with a table `t` that every standby has."""
    warm.rebuild()
    with warm.primary.connect() as connection:
        connection.execute("CREATE TABLE t (n bigint)")
    warm.wait_until_caught_up()
    return warm


@pytest.fixture
def primary(replicas):
    with replicas.primary.connect() as connection:
        yield connection


def one(connection, query, *values):
    return connection.execute(query, values).fetchone()[0]


def rows(server):
    with server.connect() as connection:
        return one(connection, "SELECT count(*) FROM t")


def sync_state(primary, name="s1"):
    return one(primary, "SELECT sync_state FROM pg_stat_replication WHERE application_name = %s", name)


def behind(primary, name="s1"):
    """Return how many bytes of the log a standby has not yet applied."""
    query = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) FROM pg_stat_replication"
    return one(primary, f"{query} WHERE application_name = %s", name)


def replicate_to_s1(replicas, primary):
    """Let commits wait for s1."""
    replicas.primary.configure(FIRST)
    until(lambda: sync_state(primary) == "sync", within_s=5, what="s1 is synchronous")


def test_each_standby_streams_by_its_name_and_shows_what_was_written(replicas, primary):
    primary.execute("INSERT INTO t SELECT generate_series(1, 100)")
    replicas.wait_until_caught_up()
    assert [rows(standby.server) for standby in replicas.standbys] == [100, 100]
    query = "SELECT application_name, state, sync_state FROM pg_stat_replication ORDER BY 1"
    assert primary.execute(query).fetchall() == [("s1", "streaming", "async"), ("s2", "streaming", "async")]


def test_a_standby_refuses_writes(replicas):
    with replicas.standbys[0].server.connect() as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("INSERT INTO t VALUES (1)")


def test_the_primary_sees_the_delay_of_a_link_as_lag_of_that_standby_alone(replicas, primary):
    replicas.standbys[0].link.shape(delay_ms=50, kbps=0)
    lags = "SELECT extract(epoch FROM flush_lag) * 1000 FROM pg_stat_replication ORDER BY application_name"

    def measured():
        primary.execute("INSERT INTO t VALUES (1)")
        return [row[0] for row in primary.execute(lags)]

    slow, fast = until(lambda: (got := measured())[0] and got[0] > 99 and got, within_s=5, what="s1 lags")
    assert 100 <= slow < 200  # there and back
    assert fast is None or fast < 100


def test_a_narrow_link_lets_a_standby_fall_behind(replicas, primary):
    replicas.standbys[0].link.shape(delay_ms=0, kbps=800)
    primary.execute("INSERT INTO t SELECT generate_series(1, 10000)")  # 0.6 MB of log, 6 s on this link
    until(lambda: behind(primary, "s2") == 0, within_s=5, what="s2 has it all")
    assert behind(primary) > 300_000
    replicas.standbys[0].link.shape(delay_ms=0, kbps=0)
    replicas.wait_until_caught_up()
    assert rows(replicas.standbys[0].server) == 10_000


def test_a_cut_link_loses_nothing_and_is_caught_up_within_a_second(replicas, primary):
    link = replicas.standbys[0].link
    link.cut()
    primary.execute("INSERT INTO t SELECT generate_series(1, 20000)")
    assert behind(primary) > 1_000_000
    until(lambda: behind(primary, "s2") == 0, within_s=5, what="s2 has it all")
    assert rows(replicas.standbys[0].server) == 0
    link.mend()
    replicas.wait_until_caught_up(timeout_s=1)
    assert rows(replicas.standbys[0].server) == 20000


def test_a_connection_that_was_lost_is_made_again(replicas, primary):
    one(primary, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_replication")
    primary.execute("INSERT INTO t VALUES (1)")
    replicas.wait_until_caught_up(timeout_s=2)
    assert rows(replicas.standbys[0].server) == 1


def test_a_synchronous_commit_waits_for_a_cut_link_and_a_local_one_does_not(replicas, primary):
    replicate_to_s1(replicas, primary)
    replicas.standbys[0].link.cut()
    with ThreadPoolExecutor() as pool, replicas.primary.connect() as patient:
        commit = pool.submit(patient.execute, "INSERT INTO t VALUES (1)")
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        until(lambda: one(primary, waiting) == 1, within_s=5, what="the commit waits")
        primary.execute("SET synchronous_commit = local")
        primary.execute("INSERT INTO t VALUES (2)")
        assert not commit.done()
        replicas.standbys[0].link.mend()
        commit.result(timeout=5)


def test_a_standby_can_apply_late(replicas, primary):
    standby = replicas.standbys[0].server
    standby.configure({"recovery_min_apply_delay": "300ms"})
    written = time.monotonic()
    primary.execute("INSERT INTO t VALUES (1)")
    until(lambda: rows(standby) == 1, within_s=5, what="s1 has applied it")
    assert time.monotonic() - written >= 0.3
    standby.reset_settings()
    with standby.connect() as connection:
        assert one(connection, "SHOW recovery_min_apply_delay") == "0"


def test_a_paused_standby_receives_but_does_not_show(replicas, primary):
    standby = replicas.standbys[0]
    standby.pause_replay()
    primary.execute("INSERT INTO t VALUES (1)")
    flushed = "SELECT flush_lsn = pg_current_wal_lsn() FROM pg_stat_replication WHERE application_name = 's1'"
    until(lambda: one(primary, flushed), within_s=5, what="s1 has it on disk")
    assert rows(standby.server) == 0
    standby.resume_replay()
    until(lambda: rows(standby.server) == 1, within_s=5, what="s1 shows it")


@pytest.mark.faults
def test_a_promoted_standby_accepts_writes(replicas):
    replicas.crash_primary()
    replicas.promote(replicas.standbys[0])
    with replicas.standbys[0].server.connect() as connection:
        connection.execute("INSERT INTO t VALUES (1)")


@pytest.mark.faults
def test_a_synchronous_standby_takes_over_with_every_acknowledged_write(replicas, primary):
    replicate_to_s1(replicas, primary)
    replicas.standbys[0].link.shape(delay_ms=5, kbps=0)
    acknowledged = []

    def write():
        with replicas.primary.connect() as connection:
            for number in range(100_000):
                connection.execute("INSERT INTO t VALUES (%s)", [number])
                acknowledged.append(number)

    writer = threading.Thread(target=lambda: pytest.raises(psycopg.OperationalError, write))
    writer.start()
    until(lambda: len(acknowledged) > 20, within_s=10, what="some writes are acknowledged")
    replicas.crash_primary()
    writer.join()
    replicas.promote(replicas.standbys[0])
    with replicas.standbys[0].server.connect() as connection:
        kept = {row[0] for row in connection.execute("SELECT n FROM t")}
    assert set(acknowledged) <= kept


@pytest.mark.faults
def test_what_a_narrow_link_still_held_dies_with_the_primary(replicas, primary):
    replicas.standbys[0].link.shape(delay_ms=0, kbps=80)
    for number in range(200):
        primary.execute("INSERT INTO t VALUES (%s)", [number])
    replicas.crash_primary()
    replicas.promote(replicas.standbys[0])
    assert rows(replicas.standbys[0].server) < 200


@pytest.mark.faults
def test_after_a_failover_the_set_is_as_new_again(replicas, primary):
    replicate_to_s1(replicas, primary)
    replicas.standbys[0].link.shape(delay_ms=100, kbps=100)
    replicas.standbys[1].link.cut()
    replicas.crash_primary()
    replicas.promote(replicas.standbys[0])
    replicas.rebuild()
    assert replicas.alive()
    with replicas.primary.connect() as fresh:
        assert one(fresh, "SELECT to_regclass('t')") is None
        assert one(fresh, "SHOW synchronous_standby_names") == ""
        fresh.execute("CREATE TABLE t AS SELECT 1 AS n")
    replicas.wait_until_caught_up()
    assert [rows(standby.server) for standby in replicas.standbys] == [1, 1]


def test_a_set_can_have_another_number_of_standbys_the_next_time(replicas):
    replicas.rebuild(standbys=3)
    assert [standby.name for standby in replicas.standbys] == ["s1", "s2", "s3"]
    replicas.wait_until_caught_up()
    replicas.rebuild(standbys=2)
    assert len(replicas.servers) == 3
    replicas.wait_until_caught_up()


@pytest.mark.parametrize("standbys", [0, 4])
def test_a_set_of_no_or_too_many_standbys_is_refused(standbys):
    with pytest.raises(ValueError, match="has 1 to 3 standbys"):
        replica_set(standbys).__enter__()


def test_the_password_is_in_private_files_and_on_no_command_line(replicas):
    password = replicas.primary.password
    for server in replicas.servers:
        assert stat.S_IMODE(server.directory.stat().st_mode) == 0o700
        assert stat.S_IMODE((server.directory / "tradeoff.conf").stat().st_mode) == 0o600
        assert not any(password in command(pid) for pid in descendants(server.process.pid))


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_nothing_is_left_of_it():
    with replica_set(1) as replicas:
        links = [standby.link.process.pid for standby in replicas.standbys]
        pids = [server.process.pid for server in replicas.servers] + links
        replicas.standbys[0].link.cut()  # an orderly end would wait for the standby
    assert [pid for pid in pids if started_at(pid)] == []
    made_by = {int(line.split()[4]) for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]}
    assert made_by.isdisjoint(pids)
