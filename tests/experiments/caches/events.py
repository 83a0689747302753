"""What happened in a run that never was: requests written down by hand."""

import numpy as np

from apps.experiments.caches.journal import MISS, PENDING, WROTE, Requests


def requests_of(*rows):
    """Return requests from dicts: due, and whatever differs from a read of product 1 that hit at once."""
    column = lambda name, default: np.array([row.get(name, default) for row in rows])  # noqa: E731
    due = column("due", 0.0).astype(float)
    found = column("found", 1).astype(np.int8)
    asked = np.array([row.get("asked", np.nan) for row in rows], dtype=float)
    return Requests(
        due=due,
        ended=due + column("taken", 0.0),
        answered=found != PENDING,
        products=column("product", 1),
        writes=found == WROTE,
        found=found,
        asked=asked,
        filled=asked + np.array([row.get("load", np.nan) for row in rows], dtype=float),
        alike=column("alike", 0).astype(np.int16),
        stale=column("stale", False).astype(bool),
        refused=0,
    )


def reads_of(*events):
    """Return reads from (due, taken, found) triples; a miss asks the database when it is due."""
    return requests_of(
        *(
            {"due": due, "taken": taken, "found": found, **({"asked": due} if found == MISS else {})}
            for due, taken, found in events
        )
    )
