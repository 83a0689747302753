"""How often may one address do a thing within a while? Counted in Redis, so that all web processes count together.

For writes that are cheap but should not be endless. What is dear, a run, is counted under a lock in PostgreSQL.
"""

import redis
import structlog

from apps.core.redis import client

log = structlog.get_logger(__name__)
HOUR_S = 3600


def seconds_to_wait(what: str, who: str, *, limit: int, within_s: int = HOUR_S) -> int:
    """Count one `what` of `who`; return 0 if it is within the limit, else in how many seconds to try again.

    A window begins with the first and ends `within_s` later. While Redis is away nothing is counted or refused.
    """
    key = f"limit:{what}:{who}"
    try:
        with client().pipeline() as pipe:
            pipe.set(key, 0, ex=within_s, nx=True)
            pipe.incr(key)
            pipe.ttl(key)
            _, count, left_s = pipe.execute()
    except redis.RedisError as error:
        log.warning("not_counted", what=what, error=str(error))
        return 0
    return max(1, left_s) if count > limit else 0
