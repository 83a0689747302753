"""What must a learner know before believing the figures of an eviction run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.evictions.settings import Settings
from apps.simulator.caches.replay import Replay


def caveats(settings: Settings, replays: Mapping[str, Replay]) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if settings.everything_fits:
        yield "Everything fits into this cache, so nothing is evicted and all policies are alike. Make it smaller."
    elif not replays[settings.policy].evictions:
        yield "The cache never filled up, so nothing was evicted. More requests, or a smaller cache, show the policy."
    elif settings.warm_up < 2 * settings.capacity:
        yield "The run is short for so large a cache: much of it is the filling. More requests show the steady state."
    if settings.trace == "loop" and settings.requests < 6 * settings.objects:
        yield "The run goes round the loop only a few times; a hit needs a second round."
    if settings.trace == "scan":
        yield "One request in three belongs to a scan and can be no hit under any policy: its key is asked for once."
    if settings.trace == "mixed":
        yield "One request in five is for a key that is asked for once, and can be no hit under any policy."
    if settings.policy == "lfu":
        yield "This LFU forgets the count of what it evicts. One that remembers keeps more of the most popular objects."
    if settings.policy == "optimal":
        yield "Belady's policy reads the rest of the trace to choose. No real cache can; it is a bound for all of them."
