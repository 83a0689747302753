"""Which workers are alive? Each leaves a sign in Redis with every heartbeat; the readiness probe reads their age."""

import time

from celery.signals import heartbeat_sent

from apps.core.redis import client

QUEUES = ("interactive", "long", "maintenance")
LIFE_S = 30


@heartbeat_sent.connect
def leave_sign(sender=None, **_):
    """Note that this worker lives. The worker's node name begins with its queue: `interactive@host`."""
    name = sender.eventer.hostname
    client().set(f"worker:{name.split('@')[0]}:{name}", time.time(), ex=LIFE_S)


def worker_ages() -> dict[str, float | None]:
    """Return for each queue the seconds since a worker of it was last heard, or None if none was in 30 s."""
    now, ages = time.time(), {}
    for queue in QUEUES:
        signs = [value for key in client().scan_iter(f"worker:{queue}:*") if (value := client().get(key))]
        ages[queue] = round(now - max(map(float, signs)), 1) if signs else None
    return ages
