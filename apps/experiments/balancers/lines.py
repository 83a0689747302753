"""How long was the line of each server, and when? Counted from the attempts one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.simulator.calls.report import FATES

Floats = NDArray[np.float64]
REFUSED = FATES.index("refused")


def waiting(visits: np.ndarray, replicas: int, moments: Floats) -> Floats:
    """Return how many wait at each server (rows) at each moment (columns)."""
    found = np.zeros((replicas, len(moments)))
    for replica in range(replicas):
        came, gone = (np.sort(times) for times in spans(visits, replica))
        found[replica] = np.searchsorted(came, moments, "right") - np.searchsorted(gone, moments, "right")
    return found


def mean_waiting(visits: np.ndarray, replicas: int, begin: float, end: float) -> Floats:
    """Return how many wait at each server on average from one moment to another, in seconds."""
    found = np.zeros(replicas)
    for replica in range(replicas):
        came, gone = (np.clip(times, begin, end) for times in spans(visits, replica))
        found[replica] = (gone - came).sum() / max(end - begin, 1e-12)
    return found


def spans(visits: np.ndarray, replica: int) -> tuple[Floats, Floats]:
    """Return when the attempts at a server came, and when each of them no longer waited; refused ones left out.

    Of those still there at the end the first is being served: since it came, or since the one before it left.
    """
    own = visits[(visits["replica"] == replica) & (visits["fate"] != REFUSED)]
    came, gone = own["came"], np.minimum(own["began"], own["left"])
    left = own["left"][np.isfinite(own["left"])]
    if len(there := np.flatnonzero(np.isinf(own["left"]) & np.isinf(own["began"]))):
        gone[there[0]] = max(came[there[0]], left.max(initial=0.0))
    return came, gone
