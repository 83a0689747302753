"""What does probability say about this very run? Nothing where calls wait for each other.

The tolerance is the run's own interval, and half a per cent more for a percentile: so wide are the bins of its times.
"""

from __future__ import annotations

from apps.experiments.base import Expected
from apps.experiments.tails.leaf import slower
from apps.experiments.tails.settings import Settings
from apps.experiments.tails.theory import mean, percentile, slow_pages

PERCENTILES = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999}
BIN = 0.006  # a percentile lies in the middle of a bin 1 % wide
SURE = 4.0  # standard deviations by which a step of the law has to be missed
MAX = "The slowest of {} independent calls: 1 − (1 − S(t))^n"


def expected(settings: Settings, intervals: dict[str, float]) -> dict[str, Expected]:
    """Return theory by figure; times in ms. `intervals` are half widths by figure.

    A percentile that falls on a step of the law (one slow answer in a hundred, and the slowest hundredth) is left to
    chance: it is not told.
    """
    if settings.queues:
        return {}
    law, n, after = settings.leaf_law(), settings.fan_out, settings.hedge_s
    source = MAX.format(n)
    found = {
        "slow_pages": Expected(slow_pages(law, settings.slow_s, n, after), intervals["slow_pages"], source),
        "extra_load": Expected(
            slower(law, settings.hedge_s) if settings.hedge_after_ms else 0.0,
            intervals["extra_load"],
            "The share of first calls that take longer than the delay of the second",
        ),
    }
    found["mean_ms"] = Expected(
        mean(law, n, after) * 1e3, intervals["mean_ms"] + unseen_ms(settings), f"{source}, its mean"
    )
    for figure, share in PERCENTILES.items():
        if figure in intervals and (value := _sure(settings, share)) is not None:
            found[figure] = Expected(value * 1e3, intervals[figure] + BIN * value * 1e3, source)
    return found


def unseen_ms(settings: Settings) -> float:
    """Return by how much pages that never came may move the mean: the rule of three, where a law has steps only."""
    return 3 / settings.requests * settings.slow_ms if settings.law == "two-point" else 0.0


def _sure(settings: Settings, share: float) -> float | None:
    """Return the percentile in seconds, or None if chance may put it on either side of a gap in the law."""
    spread = SURE * (share * (1 - share) / settings.requests) ** 0.5
    law, n, after = settings.leaf_law(), settings.fan_out, settings.hedge_s
    low, high = (percentile(law, max(0.0, min(1 - 1e-12, share + d)), n, after) for d in (-spread, spread))
    gap = settings.law == "two-point" and high > low * 1.001
    return None if gap else percentile(law, share, n, after)
