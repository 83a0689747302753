"""Why does a real cache hit more or less often than an exact one? In points of hit ratio, and in words."""

from __future__ import annotations

from math import isnan

from apps.experiments.caches.settings import Settings

REASONS = {
    "allkeys-lru": "Redis drops the oldest of ten keys drawn at random, not of all, and notes reads in whole seconds",
    "allkeys-lfu": "Redis counts reads with chance and on a logarithm, and drops the least of ten keys drawn at random",
    "allkeys-random": "chance draws other victims than in the model",
    "volatile-ttl": "Redis drops what ends next of ten keys drawn at random, not of all",
    "noeviction": "which products came before the cache was full is a matter of microseconds",
}


def gap(settings: Settings, measured: float, model: float, as_held: float, *, held: float, together: float) -> str:
    """Return where the measured hit ratio leaves the model's. `as_held` is the model with the size that Redis had,
    `held` products; `together` the share of reads that missed while another reader was loading the same product."""
    parts = [f"Measured: {_per_cent(measured)} of the reads hit. The model of the same requests: {_per_cent(model)}."]
    if not isnan(held):
        parts.append(
            f"Redis held {held:,.0f} products, {settings.capacity:,} were planned: its limit is in bytes and counts "
            f"buffers too. With room for {held:,.0f} the model says {_per_cent(as_held)}."
        )
    reasons = [REASONS[settings.eviction]] if not isnan(held) else []
    if settings.ttl_s:
        reasons.append("a copy lives from the moment when it is stored, not when it is asked for")
    if settings.db_cost == "aggregate":
        reasons.append("a load takes so long that other reads come before it is there")
    reasons.append("two reads that overlap may change places")
    parts.append(f"The other {_points(measured - as_held)}: {'; '.join(reasons)}.")
    if together > 0:
        parts.append(
            f"{_per_cent(together)} of the reads asked the database while another was loading the same product; in the "
            "model the first has it at once."
        )
    return " ".join(parts)


def _per_cent(share: float) -> str:
    return f"{share * 100:.3g} %"


def _points(difference: float) -> str:
    points = abs(difference) * 100
    return f"{points:.2g} points" if points >= 0.05 else "less than a tenth of a point"
