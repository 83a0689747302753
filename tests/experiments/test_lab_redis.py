import pytest
import redis

from apps.experiments.base import ExperimentError
from apps.experiments.lab_redis import LabRedis, outside_redis, own_redis
from apps.testbed.redis import redis_server


def test_a_crash_takes_all_keys_and_the_server_with_it():
    with own_redis() as lab:
        client, pid = lab.connect(), lab.pid
        client.set("tradeoff:a", 1)
        lab.crash()
        with pytest.raises(redis.RedisError):
            client.get("tradeoff:a")
        assert not lab.alive()
        lab.revive()
        assert lab.pid != pid
        assert client.get("tradeoff:a") is None


def test_a_revived_server_has_the_settings_of_the_run_and_is_reset_after_it():
    with own_redis() as lab:
        lab.configure({"maxmemory-policy": "allkeys-random"})
        lab.configure({"maxmemory": "50000000"})
        lab.configure({"maxmemory": "60000000"})
        lab.crash()
        lab.revive()
        assert lab.control.config_get("maxmemory*")["maxmemory-policy"] == "allkeys-random"
        assert lab.control.config_get("maxmemory")["maxmemory"] == "60000000"
        lab.reset()
        assert lab.control.config_get("maxmemory*")["maxmemory-policy"] == "noeviction"
        assert lab.control.config_get("maxmemory")["maxmemory"] == "0"


def test_it_can_crash_more_than_once():
    with own_redis() as lab:
        for _ in range(2):
            lab.crash()
            lab.revive()
        assert isinstance(lab, LabRedis)
        assert lab.alive()


def test_an_outside_server_is_not_ours_to_kill():
    with redis_server() as server, outside_redis(server.url) as lab:
        assert lab.pid is None
        with pytest.raises(ExperimentError, match="not ours to kill"):
            lab.crash()
        assert server.alive()
