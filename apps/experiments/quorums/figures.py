"""Which numbers does a quorum run end with, and how sure are they?"""

from __future__ import annotations

from math import isfinite

import numpy as np

from apps.experiments.base import Figure
from apps.simulator.quorums.run import Mask, Report
from apps.simulator.statistics import Estimate
from apps.simulator.streams import Floats

FIGURES = {
    "stale_fraction": Figure("Stale reads", "%", "Share of the answered reads that did not see the newest write that "
                             "was acknowledged before they began. The first tenth of the run is left out."),
    "k_staleness": Figure("Versions behind", "", "How many versions older than that write an answer was, on average "
                          "over all answered reads; fresh ones count 0."),
    "availability": Figure("Availability", "%", "Share of reads and writes that got enough answers in time."),
    "write_availability": Figure("Writes done", "%", "Share of the writes with enough acknowledgements in time."),
    "read_availability": Figure("Reads answered", "%", "Share of the reads with enough answers in time."),
    "availability_during": Figure("Availability while cut", "%", "Of reads and writes that began while the partition "
                                  "lasted."),
    "stale_during": Figure("Stale reads while cut", "%", "Of the answered reads that began while it lasted."),
    "read_p50_ms": Figure("Median read", "ms", "Half of the answered reads took less."),
    "read_p99_ms": Figure("Slowest hundredth of reads", "ms", "99 of 100 answered reads took less."),
    "write_p50_ms": Figure("Median write", "ms", "Half of the writes that were done took less."),
    "write_p99_ms": Figure("Slowest hundredth of writes", "ms", "99 of 100 writes that were done took less."),
}  # fmt: skip


def estimates(report: Report) -> dict[str, Estimate]:
    """Return what a run found by figure, with intervals; times in ms. What never happened is left out."""
    written, answered = report.written(), report.answered()
    found = {
        "stale_fraction": report.mean(report.stale()),
        "k_staleness": report.mean(report.behind()),
        "availability": report.mean((written + answered) / 2),
        "write_availability": report.mean(written),
        "read_availability": report.mean(answered),
    }
    for name, times in (("read", report.record.read_s), ("write", report.record.write_s)):
        for share in (50, 99):
            found[f"{name}_p{share}_ms"] = report.percentile(times * 1e3, share / 100)
    if report.store.cut:
        writes, reads = report.in_cut()
        found["availability_during"] = _share(np.concatenate([written[writes], answered[reads]]))
        found["stale_during"] = _share(_known(report.stale(), reads))
    return {name: each for name, each in found.items() if isfinite(each.value)}


def _known(values: Floats, rows: Mask) -> Floats:
    """Return the values of some rows, without those that have none."""
    return values[rows & np.isfinite(values)]


def _share(values: Floats) -> Estimate:
    """Return the mean of ones and zeros and its interval by the normal approximation of the binomial; operations in a
    partition are independent of each other, but too few for twenty batches."""
    if not len(values):
        return Estimate(float("nan"), float("inf"))
    share = float(values.mean())
    return Estimate(share, 1.96 * (share * (1 - share) / len(values)) ** 0.5)
