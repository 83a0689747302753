"""What is asked for, in which order? Traces of keys: Zipf, scans, loops, and all of them at once.

A key is a number from 0. The popular objects have the first ones, most popular first.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from apps.simulator.caches.popularity import draw, popularity

Kind = Literal["zipf", "scan", "loop", "mixed"]
Trace = NDArray[np.int32]

SCANNED = 0.5  # of `objects`: so many keys are read once in a row, after `objects` requests of others
MIXED = (0.6, 0.8)  # below the first: a popular object; below the second: the next of the loop; else read once
LOOPED = 0.1  # of `objects`: keys of the loop within a mixed trace


def trace(kind: Kind, objects: int, alpha: float, requests: int, random: np.random.Generator) -> Trace:
    """Return the keys of so many requests. `alpha` is the exponent of Zipf's law; a loop needs none."""
    if kind == "loop":
        return loop(objects, requests)
    return {"zipf": zipf, "scan": scan, "mixed": mixed}[kind](objects, alpha, requests, random)


def zipf(objects: int, alpha: float, requests: int, random: np.random.Generator) -> Trace:
    """Return requests for objects that are drawn independently by Zipf's law."""
    return draw(popularity(objects, alpha), requests, random).astype(np.int32)


def loop(objects: int, requests: int) -> Trace:
    """Return requests for all objects in turn, over and over."""
    return (np.arange(requests) % objects).astype(np.int32)


def scan(objects: int, alpha: float, requests: int, random: np.random.Generator) -> Trace:
    """Return Zipf's requests with scans between them: keys in a row that nobody asked for before or will again.

    One request in three is of a scan.
    """
    keys = zipf(objects, alpha, requests, random)
    length = max(1, int(SCANNED * objects))
    once = np.arange(requests) % (objects + length) >= objects
    keys[once] = objects + np.arange(np.count_nonzero(once))
    return keys


def mixed(objects: int, alpha: float, requests: int, random: np.random.Generator) -> Trace:
    """Return Zipf's requests (60 %), mingled with a loop over a tenth as many other keys (20 %) and with keys that are
    asked for once (20 %)."""
    keys = zipf(objects, alpha, requests, random)
    drawn, turns = random.random(requests), max(1, int(LOOPED * objects))
    loops = (drawn >= MIXED[0]) & (drawn < MIXED[1])
    once = drawn >= MIXED[1]
    keys[loops] = objects + np.arange(np.count_nonzero(loops)) % turns
    keys[once] = objects + turns + np.arange(np.count_nonzero(once))
    return keys
