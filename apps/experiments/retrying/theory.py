"""How many calls come of one when some fail? Geometric sums, one for each layer that tries again."""

from __future__ import annotations


def attempts_of(failing: float, attempts: int) -> float:
    """Return the mean number of attempts of a call whose attempts fail independently: (1 - f^n) / (1 - f), or n."""
    return float(attempts) if failing >= 1 else (1 - failing**attempts) / (1 - failing)


def amplification(failing: float, attempts: int, depth: int) -> float:
    """Return calls at the deepest of so many layers per request. All layers try again, only the deepest one fails.

    A layer sees a failure when all attempts of the layer below have failed: f, f^n, (f^n)^n, … If all fail: n^depth.
    """
    total, seen = 1.0, failing
    for _ in range(depth):
        total *= attempts_of(seen, attempts)
        seen = seen**attempts
    return total


def failed_share(failing: float, attempts: int, depth: int) -> float:
    """Return the share of requests that fail for good: f to the power of all attempts of all layers."""
    return float(failing ** (attempts**depth))


def within_budget(failing: float, attempts: int, budget: float) -> float | None:
    """Return attempts per call when retries are bounded by a share of first calls; None near the border.

    While fewer retries are wanted than the budget allows it changes nothing; else they are what it allows, 1 + b.
    """
    wanted = attempts_of(failing, attempts) - 1
    if budget == 0 or wanted <= 0.8 * budget:
        return 1 + wanted
    return 1 + budget if wanted >= 1.2 * budget else None
