"""Small exact caches to hold theory against: one request after the other, nothing averaged."""

from collections import OrderedDict

import numpy as np

from apps.experiments.zipf import draw


def replay(share, capacity, requests, policy, lives, seed):
    """Return, for each request to a cache that starts empty, whether it hit. Times are in requests."""
    random = np.random.default_rng(seed)
    filled, hits = OrderedDict(), np.zeros(requests, dtype=bool)
    for now, wanted in enumerate(draw(share, requests, random).tolist()):
        if now - filled.get(wanted, -np.inf) < lives:
            hits[now] = True
            if policy == "lru":
                filled.move_to_end(wanted)
            continue
        filled.pop(wanted, None)
        if len(filled) >= capacity:
            make_room(filled, now - lives, policy, random)
        if len(filled) < capacity:
            filled[wanted] = now
    return hits


def make_room(filled, dead_since, policy, random):
    """Remove what has died, or else one entry, unless the policy is to refuse."""
    dead = [entry for entry, since in filled.items() if since <= dead_since]
    if not dead and policy in ("lru", "fifo"):
        filled.popitem(last=False)
    elif not dead and policy == "random":
        dead = [list(filled)[random.integers(len(filled))]]
    for entry in dead:
        del filled[entry]
