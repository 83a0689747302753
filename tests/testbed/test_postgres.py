"""Does a PostgreSQL of ours start, keep strangers out, survive a crash, and say clearly what is wrong?"""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from apps.testbed.errors import EngineError
from apps.testbed.postgres import postgres_server
from apps.testbed.processes import descendants, started_at
from apps.testbed.scratch import scratch_directory
from tests.site import until


@pytest.fixture(scope="module")
def server():
    with postgres_server() as running:
        yield running


@pytest.fixture
def home():
    """A directory that the servers' user may enter; pytest's own are for nobody else."""
    with scratch_directory("home") as directory:
        yield directory


def test_it_answers_and_says_what_it_is(server):
    with server.connect() as connection:
        assert connection.execute("SHOW server_version").fetchone() == (server.version,)
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("tradeoff", "tradeoff")
    assert server.alive()


def test_its_dsn_and_its_url_lead_to_it(server):
    for address in (server.dsn, server.url):
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_listens_on_no_network(server):
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_wrong_password_is_refused(server):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        server.connect(password="wrong")


def test_commits_are_written_to_disk_as_on_a_real_server(server):
    with server.connect() as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_it_knows_upper_and_lower_case_of_every_script(server):
    with server.connect() as connection:
        assert connection.execute("SELECT lower('ÉΩЖ')").fetchone() == ("éωж",)


def test_what_was_committed_survives_a_crash():
    with postgres_server() as server:
        with server.connect() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.crash()
        assert not server.alive()
        server.start()
        with server.connect() as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_pid_file_that_names_a_stranger_does_not_stop_it():
    with postgres_server() as server:
        server.crash()
        # After a reboot the number in the file may belong to any process, say to this one.
        (server.directory / "postmaster.pid").write_text("1\n/elsewhere\n")
        server.start()
        assert server.alive()


def test_alter_system_wins_over_our_settings():
    with postgres_server(config={"work_mem": "8MB"}) as server:
        with server.connect() as connection:
            assert connection.execute("SHOW work_mem").fetchone() == ("8MB",)
            connection.execute("ALTER SYSTEM SET work_mem = '16MB'")
            connection.execute("SELECT pg_reload_conf()")
        with server.connect() as connection:
            assert connection.execute("SHOW work_mem").fetchone() == ("16MB",)


def test_a_kept_one_is_found_again_even_with_a_new_password(home):
    kept = {"directory": home / "data", "persistent": True}
    with postgres_server(**kept, password="first") as server, server.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with postgres_server(**kept, password="it's another") as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_two_servers_never_share_a_directory(home):
    second = postgres_server(directory=home / "data")
    with postgres_server(directory=home / "data"), pytest.raises(EngineError, match="Another process runs"):
        second.__enter__()


def test_a_directory_of_another_version_is_named(home):
    (home / "data").mkdir()
    (home / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EngineError, match=r"was made by PostgreSQL 9 and this is \d+: move it away"):
        postgres_server(directory=home / "data").__enter__()


def test_a_directory_of_something_else_is_left_alone(home):
    (home / "data").mkdir()
    (home / "data" / "letter.txt").write_text("Dear Ada")
    with pytest.raises(EngineError, match="is not a PostgreSQL data directory"):
        postgres_server(directory=home / "data").__enter__()
    assert (home / "data" / "letter.txt").exists()


def test_a_damaged_directory_is_told_in_the_servers_words(home):
    with postgres_server(directory=home / "data") as server:
        pass
    (server.directory / "global" / "pg_control").unlink()
    with pytest.raises(EngineError, match=r"PostgreSQL did not start: .*pg_control"):
        postgres_server(directory=home / "data", password=server.password).__enter__()


def test_a_setting_that_it_does_not_know_is_told_in_its_words():
    with pytest.raises(EngineError, match="no_such_setting"):
        postgres_server(config={"no_such_setting": "1"}).__enter__()


def test_a_server_that_outlived_its_owner_makes_way():
    with postgres_server() as server:
        orphan = server.process
        server.start()  # as the next owner would, who holds the lock
        assert orphan.wait(10) is not None
        assert server.alive()


def test_a_crash_spares_no_query_however_busy():
    with postgres_server() as server:
        below = descendants(server.process.pid)
        with server.connect() as busy, ThreadPoolExecutor() as pool:
            # Counts without a pause in which PostgreSQL would look whether its main process still lives.
            answer = pool.submit(busy.execute, "SELECT count(*) FROM generate_series(1, 1000000000)")
            until(lambda: is_active(server), within_s=5, what="the query runs")
            server.crash()
            assert isinstance(answer.exception(timeout=5), psycopg.OperationalError)
        until(lambda: not any(started_at(pid) for pid in below), within_s=5, what="nothing is left")
        server.start()
        assert server.alive()


def is_active(server):
    with server.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
        return connection.execute(query).fetchone()[0]
