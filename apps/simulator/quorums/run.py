"""How is a replicated store simulated, and what comes out? One call, compiled or as the story that it equals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from apps.simulator.quorums.draws import Draws, draw
from apps.simulator.quorums.record import Messages, Record, empty_record, no_messages
from apps.simulator.quorums.story import Story
from apps.simulator.quorums.system import Store
from apps.simulator.statistics import BATCHES, WARM_UP, Estimate, estimate
from apps.simulator.streams import Floats

Engine = Literal["compiled", "story"]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Report:
    """What clients of a store saw. Rows of `record` are all pairs of write and read; estimates leave out the first
    tenth of them, and are of twenty batches in order of time. `watched` is the number of the first pair of
    `messages`."""

    store: Store
    draws: Draws
    record: Record
    messages: Messages
    watched: int

    @property
    def counted(self) -> slice:
        """Return the rows that count: the warm-up is left out."""
        return slice(int(len(self.record.write_s) * WARM_UP), None)

    def mean(self, values: Floats) -> Estimate:
        """Return mean and interval of one value a pair; NaN: the pair has none. NaN if none has."""
        rows = values[self.counted]
        if not np.isfinite(rows).any():
            return Estimate(float("nan"), float("inf"))
        batches = [float(np.nanmean(part)) for part in np.array_split(rows, BATCHES) if np.isfinite(part).any()]
        return Estimate(float(np.nanmean(rows)), estimate(np.array(batches)).half_width)

    def percentile(self, values: Floats, share: float) -> Estimate:
        """Return a percentile of one value a pair, and its interval; NaN if no pair has a value."""
        rows = values[self.counted]
        if not np.isfinite(rows).any():
            return Estimate(float("nan"), float("inf"))
        parts = [part[np.isfinite(part)] for part in np.array_split(rows, BATCHES)]
        each = estimate(np.array([np.quantile(part, share) for part in parts if len(part)]))
        return Estimate(float(np.quantile(rows[np.isfinite(rows)], share)), each.half_width)

    def stale(self) -> Floats:
        """Return 1 for each pair whose read was answered with less than the newest acknowledged write, 0 for fresh
        ones, NaN for those that failed."""
        return np.where(self.record.behind < 0, np.nan, self.record.behind > 0)

    def behind(self) -> Floats:
        """Return how many versions each read was behind; NaN for those that failed."""
        return np.where(self.record.behind < 0, np.nan, self.record.behind)

    def within(self, versions: int) -> Floats:
        """Return 1 for each read that saw one of the last so many versions, 0 for those that did not, NaN if failed."""
        return np.where(self.record.behind < 0, np.nan, self.record.behind < versions)

    def written(self) -> Floats:
        """Return 1 for each write that was done, 0 for those that failed."""
        return np.isfinite(self.record.write_s).astype(np.float64)

    def answered(self) -> Floats:
        """Return 1 for each read that was answered, 0 for those that failed."""
        return np.isfinite(self.record.read_s).astype(np.float64)

    def in_cut(self) -> tuple[Mask, Mask]:
        """Return which writes and which reads began while the partition lasted."""
        cut = self.store.cut
        begin, end = (cut.begin_s, cut.begin_s + cut.length_s) if cut else (np.inf, np.inf)
        moments = self.draws.start, self.record.read_at
        write, read = ((begin <= at) & (at < end) for at in moments)
        return write, read


def simulate(
    store: Store,
    *,
    seed: int,
    seconds: float,
    engine: Engine = "compiled",
    watch: int = 0,
    watch_from: float = 0.0,
) -> Report:
    """Return what happens to the writes that begin within so many seconds, and to the reads that follow them.

    The messages of `watch` pairs are kept, from those on whose write begins at `watch_from`. The same seed gives the
    same bytes, whatever the engine.
    """
    draws = draw(store, seed, seconds)
    count = len(draws.start)
    first = int(np.searchsorted(draws.start, watch_from))
    record, messages = empty_record(count), no_messages(min(watch, count - first), store.copies)
    if engine == "story":
        Story(store, draws, record, messages, first).run()
    else:
        from apps.simulator.quorums import fast  # here, because the compiler takes a quarter of a second to load

        fast.run(store, draws, record, messages, first)
    return Report(store, draws, record, messages, first)
