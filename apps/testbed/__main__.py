"""How does one command get throw-away servers? `python -m apps.testbed COMMAND...` sets DATABASE_URL and REDIS_URL."""

import os
import subprocess
import sys

from apps.testbed.errors import EngineError
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server


def main(argv: list[str]) -> int:
    """Run `argv` beside throw-away servers and return its exit code."""
    with postgres_server() as database, redis_server() as redis:
        environment = {**os.environ, "DATABASE_URL": database.url, "REDIS_URL": redis.url}
        return subprocess.run(argv, env=environment).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EngineError as error:
        sys.exit(str(error))
