"""What does theory say of a placement? How many keys move, and how full the fullest shard gets."""

from __future__ import annotations

from math import sqrt

from apps.experiments.base import Expected
from apps.experiments.shards.settings import RINGS, Settings
from apps.simulator.hashing.spread import largest, ring_variation

WIDE = 3.0  # standard deviations of one ring's share, as the reference holds rings to


def expected(settings: Settings) -> dict[str, Expected]:
    """Return theory by figure. None for ranges, which follow their sample, and little where loads are bounded."""
    if settings.scheme in ("range", "bounded-ring"):
        return {}
    found = {"max_over_mean_keys": fullest(settings)}
    if settings.event == "none":
        return found
    share, source = moved(settings)
    chance = 1.96 * sqrt(share * (1 - share) / settings.keys)
    ring = WIDE * ring_variation(len(settings.everyone), settings.vnodes) / len(settings.everyone)
    tolerance = chance + (ring if settings.scheme in RINGS else 0.0)
    found["keys_moved"] = Expected(share, tolerance, source)
    if settings.alpha == 0:  # else a few popular keys decide, and they move or do not
        cold = settings.hit_ratio / (1 - settings.hit_ratio)
        found["cache_db_load"] = Expected(
            1 + cold * share, cold * tolerance, "Misses before, and hits lost with the keys that moved"
        )
    return found


def moved(settings: Settings) -> tuple[float, str]:
    """Return the share of the keys that have another shard after the change, and why."""
    n = settings.shards
    if settings.scheme == "modulo":
        last = n if settings.event == "shard-added" else n - 1
        return last / (last + 1), f"hash mod n and n {'+' if settings.event == 'shard-added' else '-'} 1 agree for 1/n"
    if settings.event == "shard-added":
        return 1 / (n + 1), "The new one of n + 1 shards takes its share, no other key moves"
    if settings.scheme == "jump" and settings.changed != n - 1:
        return 1 / n + (1 - 1 / (n - 1)) / n, "The keys of the removed shard, and of the last, which takes its place"
    return 1 / n, "The keys of the removed one of n shards, no other key moves"


def fullest(settings: Settings) -> Expected:
    """Return the largest over the mean of the shards' keys, after the change."""
    n = len(settings.after)
    if settings.scheme == "ring":
        points, source = 1 / (1 / settings.vnodes + n / settings.keys), "The largest of n sums of v spacings of a ring"
    else:
        points, source = settings.keys / n, "The largest of n shards among which keys are dealt at random"
    share = largest(n, points)
    return Expected(share.mean, max(share.high - share.mean, share.mean - share.low), source)
