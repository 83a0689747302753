"""Which shard has which key, before and after the change? All keys placed twice by the scheme that was set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from apps.experiments.bench import Bench
from apps.experiments.shards.settings import SAMPLE, Settings
from apps.experiments.zipf import Floats, Ints, popularity
from apps.simulator.hashing import bounded, jump, modulo, rendezvous, spread
from apps.simulator.hashing.ranges import Ranges
from apps.simulator.hashing.ring import Ring
from apps.simulator.hashing.stable import Hashes, scattered


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys, most popular first: ids, their hashes, and the requests to each (a mean key has 1).

    `salt` is the run's own: another seed has other hashes and another ring.
    """

    ids: Ints
    hashes: Hashes
    weights: Floats
    salt: int


def keys_of(settings: Settings, bench: Bench) -> Keys:
    """Return the keys of a run. Ids rise in the order in which the keys were made."""
    ids = np.arange(settings.keys)[::-1]  # the newest first
    if settings.popular == "scattered":
        ids = bench.random("popularity").permutation(settings.keys)
    salt = int(bench.random("hash").integers(2**62))
    return Keys(ids, scattered(ids + salt), popularity(settings.keys, settings.alpha) * settings.keys, salt)


@dataclass(frozen=True, slots=True)
class Placed:
    """The shard of each key before and after, in the order of the keys; `first` is where the ring has it after."""

    before: Ints
    after: Ints
    first: Ints


def place(settings: Settings, keys: Keys, sample: Ints) -> Placed:
    """Return where all keys are. `sample` holds some ids, from which ranges are learned."""
    if settings.scheme == "range":
        before, after = ranged(settings, keys, sample)
        return Placed(before, after, after)
    owners = [owner(settings, keys, shards) for shards in (settings.before, settings.after)]
    plain = replace(settings, scheme="ring")
    first = owner(plain, keys, settings.after) if settings.scheme == "bounded-ring" else owners[1]
    return Placed(owners[0], owners[1], first)


def owner(settings: Settings, keys: Keys, shards: Sequence[int]) -> Ints:
    """Return the shard of each key among these; of every scheme but ranges."""
    schemes: dict[str, Callable[[], Ints]] = {
        "modulo": lambda: modulo.place(shards, keys.hashes),
        "jump": lambda: jumped(shards, keys.hashes),
        "rendezvous": lambda: rendezvous.place(shards, keys.hashes),
        "ring": lambda: Ring.of(shards, settings.vnodes, keys.salt).place(keys.hashes),
        "bounded-ring": lambda: bound(settings, keys, shards),
    }
    return schemes[settings.scheme]()


def jumped(shards: Sequence[int], hashes: Hashes) -> Ints:
    """Return shards by jump hash. A bucket in the middle cannot go, so the last shard takes the removed one's."""
    buckets = list(shards)
    missing = next((place for place, shard in enumerate(shards) if shard != place), None)
    if missing is not None:
        buckets = [*shards[:missing], shards[-1], *shards[missing:-1]]
    return np.asarray(buckets, dtype=np.int64)[jump.buckets(hashes, len(shards))]


def bound(settings: Settings, keys: Keys, shards: Sequence[int]) -> Ints:
    """Return shards on a ring on which none gets more than `load_factor` times a fair share of the requests."""
    ring = Ring.of(shards, settings.vnodes, keys.salt)
    most = bounded.capacity(settings.load_factor - 1, settings.keys, len(shards))
    return bounded.place(ring, keys.hashes, most, keys.weights if settings.alpha else None)


def ranged(settings: Settings, keys: Keys, sample: Ints) -> tuple[Ints, Ints]:
    """Return shards by ranges of ids, before and after. A new shard takes half of the one with most requests; the range
    of a removed one goes to its neighbour."""
    ranges = Ranges.learned(settings.before, sample)
    before = ranges.place(keys.ids)
    if settings.event == "none":
        return before, before
    if settings.event == "shard-removed":
        return before, ranges.merged(settings.changed).place(keys.ids)
    busiest = int(spread.loads(before, settings.before, keys.weights).argmax())
    return before, ranges.split(busiest, settings.changed, sample).place(keys.ids)


def sampled(settings: Settings, bench: Bench) -> Ints:
    """Return ids of a sample of the keys, as many as split points are learned from."""
    return bench.random("sample").choice(settings.keys, min(SAMPLE, settings.keys), replace=False)
