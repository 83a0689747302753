"""Does a Redis of ours start, keep strangers out, and keep what it must?"""

import pytest
import redis

from apps.testbed.redis import find_redis, redis_server


def test_it_answers_and_says_what_it_is():
    with redis_server() as server:
        info = server.connect().info("server")
        assert server.alive()
        assert server.version in {info["redis_version"], info.get("valkey_version")}
        assert server.engine in {"Redis", "Valkey"}


def test_it_listens_on_no_network():
    with redis_server() as server:
        assert server.connect().config_get("port") == {"port": "0"}


def test_a_wrong_password_is_refused():
    with redis_server() as server, pytest.raises(redis.AuthenticationError):
        redis.Redis(unix_socket_path=str(server.socket), password="wrong").ping()


def test_it_is_found():
    assert find_redis().name in {"redis-server", "valkey-server"}
