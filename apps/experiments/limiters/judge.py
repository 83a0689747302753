"""What do the decisions of a rate-limiting run add up to? Pure functions from moments and verdicts to figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from apps.experiments.base import Point
from apps.experiments.limiters.algorithms import Limiter, Policy
from apps.experiments.limiters.journal import Decisions
from apps.experiments.limiters.settings import SECOND
from apps.experiments.limiters.traffic import Micros
from apps.experiments.zipf import Floats

BIN = SECOND // 10


def worst_window(leaves: Micros, width: int) -> int:
    """Return the most of `leaves` (in order) in any half-open window of `width` microseconds, wherever it begins."""
    if not len(leaves):
        return 0
    return int((np.searchsorted(leaves, leaves + width, side="left") - np.arange(len(leaves))).max())


def exactly(algorithm: str, policy: Policy, at: Micros) -> int:
    """Return how many requests at the moments `at` one exact limiter admits."""
    limiter = Limiter(algorithm, policy)
    return sum(limiter(now) >= 0 for now in np.sort(at).tolist())


def leaked(algorithm: str, policy: Policy, decisions: Decisions) -> int:
    """Return how many more were admitted than by one exact limiter that decides at the same moments; at least 0."""
    exact = exactly(algorithm, policy, decisions.at[decisions.decided])
    return max(0, int(np.count_nonzero(decisions.admitted)) - exact)


def latencies_ms(decisions: Decisions) -> Floats:
    """Return how long each decision took, in milliseconds from the moment its request was due."""
    if decisions.ended is None:
        return np.empty(0)
    taken = decisions.ended * 1e3 - decisions.due / 1e3
    return taken[np.isfinite(taken)]


def points(decisions: Decisions, end: int, policy: Policy) -> Mapping[str, Point]:
    """Return the points of the tenth of a second before `end` (microseconds), by series.

    `decisions` reach back far enough to hold all that was admitted in the window before.
    """
    begin, leaves = end - BIN, decisions.leaves
    first, last = (int(place) for place in np.searchsorted(leaves, [begin, end]))
    values: dict[str, float] = {
        "in_window": _fullest(leaves, first, last, end, policy.window),
        "limit": policy.limit,
        "offered_per_bin": int(np.count_nonzero((decisions.due >= begin) & (decisions.due < end))),
        "admitted_per_bin": last - first,
    }
    recent = (decisions.due >= end - SECOND) & (decisions.due < end)
    if decisions.ended is not None and len(taken := latencies_ms(_only(decisions, recent))):
        values["decision_p50_ms"], values["decision_p99_ms"] = np.percentile(taken, (50, 99)).round(4)
    return {name: (end / SECOND, float(value)) for name, value in values.items()}


def _fullest(leaves: Micros, first: int, last: int, end: int, window: int) -> int:
    """Return the most in any window that ends between two places in time."""
    if first == last:
        return last - int(np.searchsorted(leaves, end - window, side="right"))
    ends = leaves[first:last]
    since = np.searchsorted(leaves, ends - window, side="right")
    return int((np.arange(first, last) + 1 - since).max())


def _only(decisions: Decisions, chosen: NDArray[np.bool_]) -> Decisions:
    ended = None if decisions.ended is None else decisions.ended[chosen]
    return Decisions(
        decisions.due[chosen], decisions.at[chosen], decisions.verdict[chosen], decisions.how[chosen], ended
    )
