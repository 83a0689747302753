"""What do closed forms say about a limiter? Whole numbers, for even traffic and for bursts on the edge of a window.

With limit L in a window W, rate r = L/W and burst B, for whoever asks as often as possible:
fixed window: L between edges, so up to 2L across one; sliding log: L in any window; sliding counter: below 2L;
token bucket and GCRA: B + ⌊rt⌋ within t; leaky bucket: lets one go each W/L, and takes B + 1 + ⌊rt⌋ within t.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from apps.experiments.limiters.algorithms import Policy
from apps.experiments.limiters.settings import SECOND, Settings
from apps.experiments.limiters.traffic import Micros
from apps.experiments.zipf import Floats

COUNTS = ("fixed-window", "sliding-log", "sliding-counter")
NUMBERS = {"fixed-window": 2, "sliding-counter": 3, "token-bucket": 2, "leaky-bucket": 1, "gcra": 1}


def greedy(burst: int, policy: Policy, asked: int, span: int) -> int:
    """Return how many of `asked` requests over `span` microseconds a bucket admits that was full at the first."""
    return min(asked, burst + span * policy.limit // policy.window)


def across_an_edge(algorithm: str, policy: Policy, burst: Micros) -> int:
    """Return the most that goes on in any window when 2L requests come around an edge, nobody having come before."""
    limit, span = policy.limit, int(burst[-1] - burst[0])
    into = int(burst[-1]) % policy.window
    return {
        "fixed-window": 2 * limit,
        "sliding-log": limit,
        "sliding-counter": limit + limit * into // policy.window,
        "token-bucket": greedy(policy.burst, policy, len(burst), span),
        "gcra": greedy(policy.burst, policy, len(burst), span),
        "leaky-bucket": min(limit, greedy(policy.burst + 1, policy, len(burst), span)),
    }[algorithm]


def evenly(settings: Settings) -> int:
    """Return the most that goes on in any window when requests come evenly, dealt out to nodes that do not share."""
    length = min(settings.window_s, settings.duration_s)
    return _of_all_nodes(settings, ceil(settings.offered_rps * length), _busiest_window(settings.algorithm))


def keeps_its_tokens(settings: Settings) -> bool:
    """Return whether B + ⌊rt⌋ holds: a bucket of one is full while it waits to be asked, and wastes what comes then."""
    return settings.burst > 1 or settings.algorithm not in ("token-bucket", "gcra")


def deals_evenly(settings: Settings) -> bool:
    """Return whether each node gets the same share of every window, so that all fill up in step."""
    return settings.store != "local" or settings.offered_rps * settings.window_s % settings.nodes == 0


def evenly_in_all(settings: Settings) -> int | None:
    """Return how many of evenly coming requests are admitted in the whole run; None without a closed form."""
    if settings.algorithm == "sliding-counter" or not deals_evenly(settings) or not keeps_its_tokens(settings):
        return None
    if settings.algorithm in COUNTS:
        windows, rest = divmod(settings.duration_s, settings.window_s)
        full = _of_all_nodes(settings, settings.offered_rps * settings.window_s, _counted)
        return int(windows) * full + _of_all_nodes(settings, ceil(settings.offered_rps * rest), _counted)
    queued = settings.algorithm == "leaky-bucket"
    asked = ceil(settings.offered_rps * settings.duration_s)
    return _of_all_nodes(settings, asked, lambda policy, n, span: greedy(policy.burst + queued, policy, n, span))


def longest_queue_ms(settings: Settings) -> float:
    """Return how long the last place in a leaky bucket waits: B · W/L."""
    return settings.burst / settings.limit_rps * 1e3


def leaks_per_admission(offered_rps: float, gaps_us: Micros) -> Floats:
    """Return how many others, at random moments, read between each request's read and its write: λτ."""
    return offered_rps * gaps_us / SECOND


_Form = Callable[[Policy, int, int], int]  # policy, how many ask, over how many microseconds


def _of_all_nodes(settings: Settings, asked: int, form: _Form) -> int:
    """Return the sum of a closed form over nodes to which `asked` even requests are dealt out in turn."""
    nodes = settings.nodes if settings.store == "local" else 1
    total = 0
    for own in (range(node, asked, nodes) for node in range(min(nodes, asked))):
        first, last = (number * SECOND // settings.offered_rps for number in (own[0], own[-1]))
        total += form(settings.policy, len(own), last - first)
    return total


def _counted(policy: Policy, asked: int, span: int) -> int:
    return min(asked, policy.limit)


def _busiest_window(algorithm: str) -> _Form:
    if algorithm in COUNTS:
        return _counted
    if algorithm == "leaky-bucket":
        return lambda policy, asked, span: min(policy.limit, greedy(policy.burst + 1, policy, asked, span))
    return lambda policy, asked, span: greedy(policy.burst, policy, asked, span)
