"""How is an axis spaced? So that swept values stand well apart, and a wide range does not press the small ones flat."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from apps.experiments.base import Figure, Prediction

Spacing = Literal["linear", "log", "even"]
CROWDED = 0.4  # of an even distance
WIDE = 1_000.0  # times the lower end


def spacing(values: Sequence[object]) -> Spacing:
    """Return how swept values stand best along an axis; evenly if no scale keeps them apart, or if they are words."""
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) < max(2, len(values)):
        return "even"
    linear = _tightest(numbers)
    log = _tightest([math.log(value) for value in numbers]) if min(numbers) > 0 else 0.0
    if max(linear, log) * (len(numbers) - 1) < CROWDED:
        return "even"
    return "log" if log > linear else "linear"


def _tightest(numbers: Sequence[float]) -> float:
    """Return the smallest distance of two neighbours, as a share of the whole."""
    return min(after - before for before, after in pairwise(numbers)) / (numbers[-1] - numbers[0])


def is_log(figure: Figure, prediction: Prediction) -> bool:
    """Return whether the range of a bet is so wide that its axis is drawn with powers of ten; a share never is."""
    return figure.unit != "%" and prediction.low > 0 and prediction.high / prediction.low >= WIDE
