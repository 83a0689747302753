"""How is a content delivery network simulated, and what comes out? One call, compiled or as the story it equals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from apps.simulator.cdn.draws import Requests, draw
from apps.simulator.cdn.prewarm import contents
from apps.simulator.cdn.record import HIT, NOT_ASKED, STALE, Record, empty_record
from apps.simulator.cdn.story import Story
from apps.simulator.cdn.system import Cdn
from apps.simulator.statistics import BATCHES, WARM_UP, Estimate, estimate
from apps.simulator.streams import Floats

Engine = Literal["compiled", "story"]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each request. Estimates leave out the first tenth of the run, and are of twenty batches in order
    of time; each is NaN if nothing was asked of that tier."""

    cdn: Cdn
    requests: Requests
    record: Record
    seconds: float

    @property
    def counted(self) -> slice:
        """Return the requests that count: those that came after the warm-up."""
        return slice(int(np.searchsorted(self.requests.came, self.seconds * WARM_UP)), None)

    def at_once(self) -> Mask:
        """Return which requests an edge answered at once, fresh or stale."""
        return np.asarray((self.record.edge == HIT) | (self.record.edge == STALE))

    def edge_hit_ratio(self) -> Estimate:
        """Return the share of requests that an edge answered at once."""
        return self.share(self.at_once())

    def shield_hit_ratio(self) -> Estimate:
        """Return the share of what edges asked the shield for that it answered at once."""
        hit = (self.record.shield == HIT) | (self.record.shield == STALE)
        return self.share(hit, of=self.record.shield != NOT_ASKED)

    def stale_share(self) -> Estimate:
        """Return the share of requests that an edge answered with a stale copy."""
        return self.share(self.record.edge == STALE)

    def origin_share(self) -> Estimate:
        """Return how often the origin was asked, per request of a client."""
        return self.share(~np.isnan(self.record.origin_at))

    def origin_load(self) -> Estimate:
        """Return how often the origin was asked, per second."""
        share, seconds = self.origin_share(), self.seconds * (1 - WARM_UP)
        rate = len(self.record.edge[self.counted]) / seconds
        return Estimate(share.value * rate, share.half_width * rate)

    def share(self, hit: Mask, of: Mask | None = None) -> Estimate:
        """Return which share of requests (or of some of them) is marked, and its interval."""
        base = np.ones(len(hit), dtype=np.bool_) if of is None else of
        above, below = (hit & base)[self.counted], base[self.counted]
        if not below.any():
            return Estimate(float("nan"), float("inf"))
        parts = zip(np.array_split(above, BATCHES), np.array_split(below, BATCHES), strict=True)
        each = estimate(np.array([a.sum() / b.sum() for a, b in parts if b.any()]))
        return Estimate(float(above.sum() / below.sum()), each.half_width)

    def latency_percentile(self, share: float) -> Estimate:
        """Return a percentile of the clients' latency in seconds."""
        counted = self.record.latency[self.counted]
        if not len(counted):
            return Estimate(float("nan"), float("inf"))
        parts = [part for part in np.array_split(counted, BATCHES) if len(part)]
        each = estimate(np.array([np.quantile(part, share) for part in parts]))
        return Estimate(float(np.quantile(counted, share)), each.half_width)

    def origin_rates(self, bucket_s: float) -> Floats:
        """Return how often per second the origin was asked, by buckets of the run from 0 on."""
        asked = self.record.origin_at[~np.isnan(self.record.origin_at)]
        buckets = max(1, int(np.ceil(self.seconds / bucket_s - 1e-9)))
        place = np.minimum((asked / bucket_s).astype(np.int64), buckets - 1)
        return np.bincount(place, minlength=buckets) / bucket_s


def simulate(cdn: Cdn, *, seed: int, seconds: float, engine: Engine = "compiled") -> Report:
    """Return what becomes of the requests of so many seconds, in caches that are full at the start.

    The same seed gives the same bytes, whatever the engine.
    """
    requests, filled = draw(cdn, seed, seconds), contents(cdn, seed)
    record = empty_record(len(requests.came))
    if engine == "story":
        Story(cdn, requests, filled, record).run()
    else:
        from apps.simulator.cdn import fast  # here, because the compiler takes a quarter of a second to load

        fast.run(cdn, requests, filled, record)
    return Report(cdn, requests, record, seconds)
