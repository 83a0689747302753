"""How is a run of the eviction lab carried out? One trace, replayed under every policy, so that all see the same."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import numpy as np

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.evictions.caveats import caveats
from apps.experiments.evictions.drawing import drawn
from apps.experiments.evictions.expectation import expected
from apps.experiments.evictions.film import film
from apps.experiments.evictions.settings import NAMES, Settings
from apps.experiments.params import Params
from apps.simulator.caches.replay import Replay, replay
from apps.simulator.statistics import BATCHES, Estimate, ratio_estimate


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run. A first run after an installation compiles the replays, and says so."""
    settings = Settings.of(params)
    yield Sample(note=f"Replaying {settings.requests:,} requests under {len(NAMES)} policies")
    keys = settings.keys(bench.random("requests"))
    replays: dict[str, Replay] = {}
    for policy in NAMES:
        replays[policy] = replay(policy, keys, settings.capacity, warm_up=settings.warm_up, seed=bench.seed)
        yield Sample(progress=0.5 * len(replays) / len(NAMES))
    steps = list(drawn(settings, keys, replays, bench.seed))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=0.5 + 0.5 * number / len(steps))
    found = {policy: each.interval() for policy, each in replays.items()}
    compared = misses_beside(replays[settings.policy], replays["lru"])
    return Outcome(
        figures={
            "hit_ratio": found[settings.policy].value,
            "lru_hit_ratio": found["lru"].value,
            "bound_hit_ratio": found["optimal"].value,
            "misses_vs_lru": compared.value,
            "evictions": replays[settings.policy].evictions,
        },
        intervals=intervals(settings, found, compared),
        expected=expected(settings, found),
        caveats=tuple(caveats(settings, replays)),
        film=film(settings, keys, replays[settings.policy]),
    )


def intervals(settings: Settings, found: Mapping[str, Estimate], compared: Estimate) -> dict[str, float]:
    """Return half of the 95 % interval of each figure that has one; evictions are a count of this run."""
    return {
        "hit_ratio": found[settings.policy].half_width,
        "lru_hit_ratio": found["lru"].half_width,
        "bound_hit_ratio": found["optimal"].half_width,
        "misses_vs_lru": compared.half_width if np.isfinite(compared.half_width) else 0.0,
    }


def misses_beside(chosen: Replay, lru: Replay) -> Estimate:
    """Return the misses of a replay as a share of LRU's on the same requests, batch by batch; 1 if neither missed."""
    misses = [
        np.array([np.count_nonzero(~batch) for batch in np.array_split(each.counted, BATCHES)])
        for each in (chosen, lru)
    ]
    if not misses[1].sum():
        return Estimate(1.0, 0.0)
    return ratio_estimate(*misses)
