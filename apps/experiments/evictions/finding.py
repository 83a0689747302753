"""What did a run of the eviction lab find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.evictions.settings import Settings
from apps.experiments.params import Params


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    held = f"With room for {settings.capacity:,} objects {settings.name} answered {_share(figures['hit_ratio'])}"
    best = f"{_share(figures['bound_hit_ratio'])} is the most that any policy could"
    if settings.policy == "optimal":
        return f"{held} of the requests, the most that any policy could; LRU, {_share(figures['lru_hit_ratio'])}."
    if settings.policy == "lru":
        return f"{held} of the requests; {best}."
    return (
        f"{held} of the requests and LRU {_share(figures['lru_hit_ratio'])}, so the origin had "
        f"{figures['misses_vs_lru'] * 100:.3g} % of the load that LRU leaves it; {best}."
    )


def _share(value: float) -> str:
    return f"{value * 100:.1f} %"
