"""What did a rate-limiting run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.limiters.settings import Settings
from apps.experiments.params import Params

NAMES = {
    "fixed-window": "A fixed window",
    "sliding-log": "A sliding log",
    "sliding-counter": "A sliding counter",
    "token-bucket": "A token bucket",
    "leaky-bucket": "A leaky bucket",
    "gcra": "GCRA",
}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if settings.outage_s:
        return _without_redis(settings, outcome)
    limiter = NAMES[settings.algorithm]
    if settings.store == "redis-naive":
        leaked = f"{figures['leaked']:,.0f} more than allowed" if figures["leaked"] else "none too many"
        return f"{limiter} that is read and then written back let {figures['admitted']:,.0f} requests in, {leaked}."
    if settings.store == "local" and settings.nodes > 1:
        limiter = f"{settings.nodes} gateways that each count alone"
    admitted = "passed on" if settings.algorithm == "leaky-bucket" else "admitted"
    window = _seconds(settings.window_s)
    sentence = (
        f"{limiter}, set to {settings.limit:,} in {window}, {admitted} {figures['worst_window']:,.0f} within {window}"
    )
    return f"{sentence}{_against_the_limit(figures['overshoot'])}."


def _against_the_limit(overshoot: float) -> str:
    if overshoot <= 1:
        return ", and never more"
    return ": twice the limit" if overshoot == 2 else f": {overshoot:.3g} times the limit"


def _seconds(count: int) -> str:
    return "one second" if count == 1 else f"{count} seconds"


def _without_redis(settings: Settings, outcome: Outcome) -> str:
    figures = outcome.figures
    undecided = f"{figures['undecided']:,.0f} requests came in the {figures['outage_s']:.1f} s without Redis"
    if settings.on_failure == "open":
        return f"{undecided}; failing open let all of them in, {figures['leaked']:,.0f} more than the limit allows."
    return f"{undecided}; failing closed turned all of them away."
