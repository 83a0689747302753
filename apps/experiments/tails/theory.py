"""What does probability say about a page that waits for the slowest of its leaves? All of it without queues.

A page of n independent leaves is slower than t unless all are faster: 1 − (1 − S(t))^n for a share S(t) of slow leaves.
A hedge after d is lost only if the first call and the second are both slow: S(t)·S(t − d) from d on. Times in seconds.
"""

from __future__ import annotations

from itertools import pairwise
from math import expm1, inf, log1p

from apps.experiments.tails.leaf import TwoPoint, slower
from apps.simulator.services import Service

LEAST, MOST = 1e-7, 1e7
HALVINGS = 120
PARTS = 400  # of a piece that is integrated


def hedged(law: Service, seconds: float, after_s: float) -> float:
    """Return the share of leaves that have not answered by then, if a second call goes out after `after_s`."""
    first = slower(law, seconds)
    return first if seconds < after_s else first * slower(law, seconds - after_s)


def slow_pages(law: Service, seconds: float, fan_out: int, after_s: float) -> float:
    """Return the share of pages that are not complete by then."""
    leaf = hedged(law, seconds, after_s)
    return 1.0 if leaf >= 1 else -expm1(fan_out * log1p(-leaf))


def percentile(law: Service, share: float, fan_out: int, after_s: float) -> float:
    """Return the time by which this share of the pages is complete, by bisection of a falling function."""
    low, high = LEAST, MOST
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        if slow_pages(law, middle, fan_out, after_s) > 1 - share:
            low = middle
        else:
            high = middle
    return high


def mean(law: Service, fan_out: int, after_s: float) -> float:
    """Return the mean time of a page: the area under the share of pages that are not complete.

    By Simpson's rule between the moments at which that share jumps or bends. For n exponential leaves it is H_n of
    their mean, H_n = 1 + 1/2 + … + 1/n.
    """
    steps = (law.fast, law.slow) if isinstance(law, TwoPoint) else ()
    later = [after_s, *(after_s + step for step in steps)] if after_s < inf else []
    last = percentile(law, 1 - 1e-12, fan_out, after_s)
    bends = sorted({0.0, *(at for at in (*steps, *later) if at < last), last})
    return sum(_area(law, fan_out, after_s, *piece) for piece in pairwise(bends))


def _area(law: Service, fan_out: int, after_s: float, begin: float, end: float) -> float:
    """Return the area between two moments; each is looked at from within."""
    width = (end - begin) / PARTS
    inside = [min(max(begin + width * part, begin * (1 + 1e-12)), end * (1 - 1e-12)) for part in range(PARTS + 1)]
    heights = [slow_pages(law, at, fan_out, after_s) for at in inside]
    return width / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]))
