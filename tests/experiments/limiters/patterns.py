"""Traffic for which the exact answers are known: 100 requests in 10 s are allowed, times in microseconds."""

import random

from apps.experiments.limiters.algorithms import Limiter, Policy

MS = 1_000
LIMIT, WINDOW = 100, 10_000 * MS


def policy(burst=LIMIT):
    return Policy(LIMIT, WINDOW, burst)


def decide(algorithm, rule, moments):
    """Return (moment, verdict) for each request, by the reference."""
    limiter = Limiter(algorithm, rule)
    return [(now, limiter(now)) for now in moments]


def admitted(algorithm, rule, moments):
    """Return when what was admitted goes on."""
    return [now + verdict for now, verdict in decide(algorithm, rule, moments) if verdict >= 0]


def most_within(moments, width):
    """Return the most moments in any half-open window; counted one by one, as slowly and plainly as can be."""
    return max((sum(begin <= other < begin + width for other in moments) for begin in moments), default=0)


def poisson(rate, until, seed):
    """Return random moments; Python's own generator, whose stream the reference numbers were made with."""
    draw, now, moments = random.Random(seed), 0.0, []
    while (now := now + draw.expovariate(rate)) < until:
        moments.append(int(now))
    return moments


PATTERNS = {
    "A: 2L just before an edge and 2L on it": [WINDOW - MS] * 2 * LIMIT + [WINDOW] * 2 * LIMIT,
    "B: L before an edge, then one a millisecond": [WINDOW - MS] * LIMIT + list(range(WINDOW, 2 * WINDOW - MS, MS)),
    "C: evenly at twice the limit": [i * WINDOW // (2 * LIMIT) for i in range(20 * LIMIT)],
    "D: evenly at the limit": [i * WINDOW // LIMIT for i in range(10 * LIMIT)],
    "E: L at once, and again one and a half windows later": [0] * LIMIT + [WINDOW + WINDOW // 2] * LIMIT,
    "F: one a millisecond": list(range(0, 10 * WINDOW, MS)),
    "G: at random, 1.5 times the limit": poisson(1.5 * LIMIT / WINDOW, 10 * WINDOW, seed=7),
}
