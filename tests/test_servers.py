"""Do tests that run side by side keep apart?"""

import os

from tests.servers import with_database


def test_a_worker_gets_a_redis_database_of_its_own():
    assert with_database("unix://:secret@/tmp/redis.sock", 2) == "unix://:secret@/tmp/redis.sock?db=2"
    assert with_database("redis://localhost:6379?db=0&protocol=2", 3) == "redis://localhost:6379?db=3&protocol=2"


def test_the_environment_names_both_servers_and_a_data_directory():
    assert {"DATABASE_URL", "REDIS_URL", "DATA_DIR"} <= set(os.environ)
