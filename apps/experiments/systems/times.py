"""How long do many services take together, in a row or at once? Sums and maxima of exponential times, in closed form.

Nothing waits here: each service is as fast as if it were alone. Times in seconds.
"""

from __future__ import annotations

from math import exp, expm1, lgamma, log, log1p

HALVINGS = 100


def harmonic(count: int) -> float:
    """Return H_n = 1 + 1/2 + … + 1/n: the mean of the slowest of n exponential times, in their mean."""
    return sum(1 / each for each in range(1, count + 1))


def erlang_tail(seconds: float, stages: int, stage_s: float) -> float:
    """Return the chance that so many exponential times of mean `stage_s` together take longer."""
    x = seconds / stage_s
    return min(1.0, sum(exp(k * log(x) - x - lgamma(k + 1)) for k in range(stages))) if x > 0 else 1.0


def slowest_tail(seconds: float, count: int, mean_s: float) -> float:
    """Return the chance that the slowest of so many exponential times takes longer."""
    return -expm1(count * log1p(-exp(-seconds / mean_s))) if seconds > 0 else 1.0


def erlang_percentile(share: float, stages: int, stage_s: float) -> float:
    """Return the time within which this share of sums of exponential times lies, by bisection."""
    low, high = 0.0, stage_s * (stages + 100) * 10
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if erlang_tail(middle, stages, stage_s) > 1 - share else (low, middle)
    return high


def slowest_percentile(share: float, count: int, mean_s: float) -> float:
    """Return the time within which this share of the slowest of so many exponential times lies."""
    return -mean_s * log(-expm1(log(share) / count))
