"""How do we talk to the site's Redis? Fail fast in a page, wait patiently in a stream, never share the two."""

import os
from functools import cache

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PROTOCOL = int(os.environ.get("REDIS_PROTOCOL") or 3)


@cache
def client() -> redis.Redis:
    """Return the process's client for short calls: gives up within about 2 s, so that pages degrade and do not hang."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 1),
        protocol=PROTOCOL,
    )


def blocking_client() -> redis.asyncio.Redis:
    """Return a new asynchronous client for reads that block up to 5 s: its timeout is longer, and still an end."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_connect_timeout=1, socket_timeout=10, protocol=PROTOCOL
    )
