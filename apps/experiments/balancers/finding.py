"""What did a load-balancing run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.balancers.settings import Settings
from apps.experiments.balancers.shares import stable
from apps.experiments.base import Outcome
from apps.experiments.params import Params

NAMES = {
    "random": "Chosen at random",
    "round-robin": "With round robin",
    "weighted": "With weighted round robin",
    "least-connections": "With least connections",
    "two-choices": "With two choices",
    "ip-hash": "By hash of the client",
    "consistent-hash": "With consistent hashing",
}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    load = f"{NAMES[settings.algorithm]} at {settings.utilisation * 100:.3g} % of {settings.servers} servers"
    lost = f"; {figures['dropped'] * 100:.2g} % of all were dropped" if figures["dropped"] > 0 else ""
    if not stable(settings) and not settings.queue_limit:
        return (
            f"{load} one line grew to {figures['longest_line']:,.0f} requests; the mean of {_ms(figures['mean_ms'])} "
            f"says how long that went on{lost}."
        )
    return (
        f"{load} a request takes {_ms(figures['mean_ms'])} on average and one in a hundred more than "
        f"{_ms(figures['p99_ms'])}{lost}; the busiest server has {figures['max_over_mean_load']:.3g} times the mean."
    )


def _ms(value: float) -> str:
    """Return a time in ms to three digits: "2.05 ms", "1,639 ms"."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"
