"""How good was the guess? How far off by ratio, and whether the 80 % range held."""

import math

from apps.experiments.base import Figure
from apps.labs.units import shown


def log_error(guess: float, measured: float) -> float | None:
    """Return |ln(guess / measured)|, 0 for a perfect guess; None where a ratio says nothing (a zero)."""
    if guess <= 0 or measured <= 0:
        return None
    return abs(math.log(guess / measured))


def verdict(figure: Figure, guess: dict, measured: float) -> str:
    """Return one or two sentences that set the guess beside the result."""
    value, low, high = guess["value"], guess["low"], guess["high"]
    error = log_error(value, measured)
    if error is None:
        distance = f"You bet {shown(figure, value)}."
    elif error < math.log(1.05):
        distance = f"You bet {shown(figure, value)}: within 5\u00a0%."
    else:
        factor = math.exp(error)
        size = f"{(factor - 1) * 100:.0f}\u00a0%" if factor < 2 else f"{factor:.1f} times"
        distance = f"You bet {shown(figure, value)}: {size} too {'high' if value > measured else 'low'}."
    held = "Your range held." if low <= measured <= high else "The result lies outside your range."
    return f"{distance} {held}"
