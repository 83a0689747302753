"""How is a score worded? How far off by ratio, and whether the 80 % range held."""

import math
from collections.abc import Mapping
from typing import Any

from apps.experiments.base import Figure
from apps.labs.scoring import score_number
from apps.labs.units import shown

CLOSE = math.log(1.05)


def verdict(figure: Figure, guess: Mapping[str, Any], measured: float) -> str:
    """Return one or two sentences that set a number that was bet beside the result."""
    value = guess["value"]
    score = score_number(guess, measured)
    error = score["log_error"]
    if error is None:
        distance = f"You bet {shown(figure, value)}; it came to {shown(figure, measured)}."
    elif error < CLOSE:
        distance = f"You bet {shown(figure, value)}: within 5\u00a0%."
    else:
        distance = f"You bet {shown(figure, value)}: {_factor(error)} too {'high' if value > measured else 'low'}."
    held = "Your 80\u00a0% range held." if score["held"] else "The result lies outside your 80\u00a0% range."
    return f"{distance} {held}"


def curve_verdict(score: Mapping[str, Any]) -> str:
    """Return one or two sentences on a sketched curve: its mean error, and how many results lay inside its band."""
    error, inside, measured = score["mean_log_error"], score["inside"], score["measured"]
    sentences = [] if error is None else [f"Your curve was on average {_factor(error)} off."]
    if measured:
        results = "1 result" if measured == 1 else f"{measured} results"
        sentences.append(f"{inside} of {results} lay inside your 80\u00a0% band{_meant(inside / measured)}.")
    return " ".join(sentences)


def _meant(share: float) -> str:
    """Return what a share inside the band says of the confidence that was stated: 80 % would be just right."""
    if share < 0.6:
        return ": you were surer than you could be"
    return ""


def _factor(error: float) -> str:
    """Return a log error as people say it: "12 %", from twice on "2.4 times"."""
    factor = math.exp(error)
    return f"{(factor - 1) * 100:.0f}\u00a0%" if factor < 1.995 else f"{factor:.1f} times"
