"""How is a sharding run carried out? All keys are placed twice, before and after the change, and counted."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import zip_longest

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.experiments.shards.caveats import caveats
from apps.experiments.shards.cluster import Keys, Placed, keys_of, place, sampled
from apps.experiments.shards.curves import moved_by_shards, spread_by_vnodes
from apps.experiments.shards.expectation import expected
from apps.experiments.shards.film import film
from apps.experiments.shards.settings import Settings
from apps.simulator.hashing import spread


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one sharding run."""
    settings = Settings.of(params)
    yield Sample(note=f"Placing {settings.keys:,} keys")
    keys = keys_of(settings, bench)
    placed = place(settings, keys, sampled(settings, bench))
    lines = {
        **bars(settings, keys, placed),
        **spread_by_vnodes(settings, keys.salt),
        **moved_by_shards(settings, bench),
    }
    steps = list(drawn(lines))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    found = figures(settings, keys, placed)
    return Outcome(
        figures=found,
        expected=expected(settings),
        caveats=tuple(caveats(settings, found)),
        film=film(settings, placed, bench),
    )


def figures(settings: Settings, keys: Keys, placed: Placed) -> dict[str, float]:
    """Return the figures of a run: how even the shards are after the change, and what the change cost."""
    after = settings.after
    lost = spread.moved(placed.before, placed.after, keys.weights)
    return {
        "keys_moved": spread.moved(placed.before, placed.after),
        "max_over_mean_load": spread.max_over_mean(spread.loads(placed.after, after, keys.weights)),
        "max_over_mean_keys": spread.max_over_mean(spread.loads(placed.after, after)),
        "hottest_key_share": float(keys.weights[0] * len(after) / settings.keys),
        "cache_db_load": (1 - settings.hit_ratio * (1 - lost)) / (1 - settings.hit_ratio),
        "keys_elsewhere": spread.moved(placed.first, placed.after),
        "table_entries": float(settings.entries()),
    }


def bars(settings: Settings, keys: Keys, placed: Placed) -> dict[str, list[Point]]:
    """Return keys and requests of each shard, as multiples of a fair share of the same moment."""
    found = {}
    moments = {"before": (placed.before, settings.before), "after": (placed.after, settings.after)}
    for moment, (owners, shards) in moments.items():
        for what, weights in (("requests", keys.weights), ("keys", None)):
            load = spread.loads(owners, shards, weights)
            shares = (load / load.mean()).tolist()
            found[f"{what}_{moment}"] = [
                (float(shard), round(share, 4)) for shard, share in zip(shards, shares, strict=True)
            ]
    return found


def drawn(lines: Mapping[str, list[Point]]) -> Iterator[Mapping[str, Point]]:
    """Yield the points of all lines side by side, so that they are drawn together."""
    for points in zip_longest(*lines.values()):
        yield {name: point for name, point in zip(lines, points, strict=True) if point is not None}
