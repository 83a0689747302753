"""Which executable do we take, and what if there is none?"""

import os

import pytest

from apps.testbed import engines, homes
from apps.testbed.engines import Engine, postgres_engine, redis_engine, redis_engines
from apps.testbed.errors import EngineMissing
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server
from apps.testbed.scratch import scratch_directory
from apps.testbed.users import passable, service_user

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")


@pytest.fixture
def on_path(monkeypatch):
    """Put a program that says `words` at --version on PATH, where nothing else is."""
    with scratch_directory("path") as directory:
        monkeypatch.setenv("PATH", str(directory))

        def put(name, words):
            program = directory / name
            program.write_text(f"#!/bin/sh\necho '{words}'\n")
            program.chmod(0o755)
            return program

        yield put


@pytest.fixture
def no_wheels(monkeypatch):
    monkeypatch.setattr(engines, "_inside_wheel", lambda *_: None)


def test_a_newer_redis_on_path_is_preferred(on_path):
    program = on_path("redis-server", "Redis server v=99.1.2 sha=0")
    assert redis_engine() == Engine(program, "Redis", "99.1.2")


def test_a_newer_valkey_on_path_is_preferred(on_path):
    on_path("redis-server", "Redis server v=6.0.1 sha=0")
    on_path("valkey-server", "Valkey server v=98.0.0 sha=0")
    assert (redis_engine().name, redis_engine().version) == ("Valkey", "98.0.0")


def test_a_program_that_is_a_server_only_by_the_name_of_its_link_is_called_by_that_name(on_path):
    program = on_path("redis-check-rdb", "")
    program.write_text('#!/bin/sh\ncase "$0" in *redis-server) echo "Redis server v=99.1.2 sha=0";; esac\n')
    link = program.with_name("redis-server")
    link.symlink_to(program.name)
    assert redis_engine() == Engine(link, "Redis", "99.1.2")


def test_versions_compare_as_numbers(on_path, no_wheels):
    on_path("redis-server", "Redis server v=7.10.0 sha=0")
    on_path("valkey-server", "Valkey server v=7.9.9 sha=0")
    assert [engine.version for engine in redis_engines()] == ["7.10.0", "7.9.9"]


def test_a_program_that_does_not_run_here_is_passed_over(on_path, no_wheels):
    on_path("redis-server", "").write_bytes(b"\x7fELF of another machine")
    assert redis_engines() == []


def test_a_machine_without_engines_is_told_what_to_install(on_path, no_wheels):
    with pytest.raises(EngineMissing, match="No Redis for this machine .* install redis-server"):
        redis_engine()
    with pytest.raises(EngineMissing, match="No PostgreSQL for this machine .* on PATH, or set DATABASE_URL"):
        postgres_engine()


@pytest.fixture
def private_home(monkeypatch):
    """A directory that only root may enter, and a stand-in for root's own place under /var/lib."""
    with scratch_directory("root") as directory:
        for module in (engines, homes):
            monkeypatch.setattr(module, "ROOT_HOME", directory / "lib")
        (directory / "home").mkdir(mode=0o700)
        yield directory / "home"


@only_root
def test_engines_in_a_private_home_are_copied_for_the_servers_user(private_home, monkeypatch):
    monkeypatch.setattr(engines, "reachable", lambda path, _: path.is_relative_to(engines.ROOT_HOME))
    with postgres_server() as postgres, redis_server() as redis:
        assert postgres.alive()
        assert redis.alive()
    copies = [postgres_engine().path, redis_engine().path]
    assert all(copy.is_relative_to(engines.ROOT_HOME) for copy in copies)


@only_root
def test_data_wanted_in_a_private_home_is_placed_elsewhere_with_a_link(private_home):
    wanted = private_home / "postgres"
    with postgres_server(directory=wanted, persistent=True, password="p") as server:
        assert server.directory == wanted.resolve()
        assert server.directory.is_relative_to(homes.ROOT_HOME)
    with postgres_server(directory=wanted, persistent=True, password="p") as again:
        assert again.directory == server.directory


@only_root
def test_removing_the_link_begins_afresh_and_loses_nothing(private_home):
    wanted = private_home / "data"
    first = homes.settle(wanted, service_user())
    (first / "letter.txt").write_text("Dear Ada")
    wanted.unlink()
    second = homes.settle(wanted, service_user())
    assert (list(second.iterdir()), second) == ([], first)
    assert [path.read_text() for path in first.parent.glob("data-*/letter.txt")] == ["Dear Ada"]


@only_root
def test_root_knows_where_the_servers_user_may_go(private_home):
    assert not passable(private_home, service_user())
    assert passable(private_home.parent, service_user())
