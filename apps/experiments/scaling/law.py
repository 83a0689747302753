"""How fast can many workers be? The universal scalability law, Amdahl's limit, and what a closed queue allows.

Gunther, "A General Theory of Computational Scalability Based on Rational Functions" (2008): the law is the throughput
of a closed queue whose workers all wait for each other, and the least that they reach if they do not.
"""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from apps.simulator.streams import Floats


def speedup(workers: float, sigma: float, kappa: float) -> float:
    """Return how many times as fast as one: N / (1 + sigma (N-1) + kappa N (N-1))."""
    return workers / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1))


def peak(sigma: float, kappa: float) -> float:
    """Return the number of workers at which more of them make it slower: sqrt((1-sigma)/kappa); without kappa inf."""
    return sqrt((1 - sigma) / kappa) if kappa > 0 else inf


def amdahl_limit(sigma: float) -> float:
    """Return what endlessly many workers reach if they need not talk to each other: 1/sigma."""
    return 1 / sigma if sigma > 0 else inf


def closed_queue(workers: int, own_s: float, shared_s: float) -> float:
    """Return tasks per second of workers that meet only at a lock, all parts exponential: mean value analysis."""
    throughput, at_lock = 0.0, 0.0
    for count in range(1, workers + 1):
        response = shared_s * (1 + at_lock)
        throughput = count / (own_s + response)
        at_lock = throughput * response
    return throughput


def fit(workers: Floats, speedups: Floats) -> tuple[float, float]:
    """Return sigma and kappa of the law nearest to measured speed-ups; by chance either may be a little below zero.

    N/C - 1 = sigma (N-1) + kappa N (N-1) is linear in both. Each point weighs by what it should be, so that
    errors count in per cent of the time that a task takes.
    """
    slower = workers / speedups
    columns = np.column_stack([workers - 1, workers * (workers - 1)]) / slower[:, None]
    (sigma, kappa), *_ = np.linalg.lstsq(columns, 1 - 1 / slower, rcond=None)
    return float(sigma), float(kappa)
