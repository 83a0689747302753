"""Does a Redis of ours start, keep strangers out, and keep what it must?"""

from pathlib import Path

import pytest
import redis

from apps.testbed.errors import EngineError
from apps.testbed.redis import find_redis, redis_server
from apps.testbed.scratch import scratch_directory


@pytest.fixture(scope="module")
def server():
    with redis_server() as running:
        yield running


@pytest.fixture
def home():
    """A directory that the servers' user may enter; pytest's own are for nobody else."""
    with scratch_directory("home") as directory:
        yield directory


def test_it_answers_and_says_what_it_is(server):
    with server.connect() as client:
        info = client.info("server")
    assert server.alive()
    assert server.version in {info["redis_version"], info.get("valkey_version")}
    assert server.engine in {"Redis", "Valkey"}


def test_it_listens_on_no_network(server):
    with server.connect() as client:
        assert client.config_get("port") == {"port": "0"}


def test_a_wrong_password_is_refused(server):
    stranger = redis.Redis(unix_socket_path=str(server.socket), password="wrong", retry=None)
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_its_password_is_on_no_command_line(server):
    assert server.password.encode() not in Path(f"/proc/{server.process.pid}/cmdline").read_bytes()


def test_it_is_found():
    assert find_redis().name in {"redis-server", "valkey-server"}


def test_a_throw_away_one_forgets_at_a_crash():
    with redis_server() as server:
        with server.connect() as client:
            client.set("kept", "no")
        server.crash()
        assert not server.alive()
        server.start()
        with server.connect() as client:
            assert client.get("kept") is None


def test_a_kept_one_remembers_after_an_end_and_a_start(home):
    with redis_server(directory=home / "data", persistent=True) as server, server.connect() as client:
        client.set("kept", "yes")
    with redis_server(directory=home / "data", persistent=True) as server, server.connect() as client:
        assert client.get("kept") == b"yes"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_settings_of_the_caller_win():
    with redis_server(config={"maxmemory-policy": "allkeys-lfu"}) as server, server.connect() as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "allkeys-lfu"}


def test_a_setting_that_it_does_not_know_is_told_in_its_words():
    with pytest.raises(EngineError, match="did not start: .*no-such-setting.*Bad directive"):
        redis_server(config={"no-such-setting": "1"}).__enter__()
