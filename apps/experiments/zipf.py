"""How do we draw requests when a few objects are far more popular than the rest? Zipf's law, seeded."""

from __future__ import annotations

import numpy as np

from apps.simulator.caches.popularity import Ints, draw, popularity
from apps.simulator.streams import Floats

__all__ = ["Floats", "Ints", "draw", "popularity", "shuffled_ids"]


def shuffled_ids(objects: int, random: np.random.Generator) -> Ints:
    """Return the id, 1 to `objects`, that stands at each rank.

    Popular rows must not lie side by side on the pages of a table, or the database would look better than it is.
    """
    return random.permutation(objects) + 1
