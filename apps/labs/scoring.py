"""How good was a guess? Its distance from the result by ratio, and whether the 80 % range held.

The one place for this maths: `verdict.py` words it, the learning record stores it. Pure: numbers in, numbers out.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any


def log_error(guess: float, result: float) -> float | None:
    """Return |ln(guess / result)|, 0 for a perfect guess; None where a ratio says nothing (a zero, a negative)."""
    if guess <= 0 or result <= 0:
        return None
    return abs(math.log(guess / result))


def score_number(guess: Mapping[str, Any], result: float) -> dict[str, Any]:
    """Return {"log_error", "held"} of a guess {"value", "low", "high"}: `held` is whether low ≤ result ≤ high."""
    return {"log_error": log_error(guess["value"], result), "held": guess["low"] <= result <= guess["high"]}


def score_curve(guess: Mapping[str, Any], results: Sequence[float | None]) -> dict[str, Any]:
    """Return how a sketched curve fits the results, one for each of its points; None where nothing was measured.

    {"mean_log_error": mean |ln(guess/result)| over the points where that says something (None if nowhere),
    "held": share of the measured points within ± `within` of the curve, 0 to 1 (None if nothing was measured),
    "inside": how many those are, "measured": how many points have a result}.
    """
    pairs = [(y, result) for (_, y), result in zip(guess["curve"], results, strict=True) if result is not None]
    errors = [error for y, result in pairs if (error := log_error(y, result)) is not None]
    slack = 1e-9 * max([1.0, *(abs(y) for y, _ in pairs)])  # 0.3 ± 0.1 holds 0.4, whatever binary fractions say
    inside = sum(abs(result - y) <= guess["within"] + slack for y, result in pairs)
    return {
        "mean_log_error": math.fsum(errors) / len(errors) if errors else None,
        "held": inside / len(pairs) if pairs else None,
        "inside": inside,
        "measured": len(pairs),
    }


def score(guess: Mapping[str, Any] | None, results: Sequence[float | None]) -> dict[str, Any] | None:
    """Return the score of a study's guess against the median at each value; None without a guess or a result.

    A sketched curve is told from a number by its "curve". A number is held against the only value there is.
    """
    if not guess or all(result is None for result in results):
        return None
    if "curve" in guess:
        return score_curve(guess, results)
    return score_number(guess, results[0]) if len(results) == 1 and results[0] is not None else None
