"""What did a run of fan-out and hedging find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.tails.settings import Settings


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    share = f"{settings.slow_fraction * 100:.3g} %"
    pages = f"{figures['slow_pages'] * 100:.3g} % of the pages"
    if settings.hedge_after_ms == 0:
        hedge = "no second calls"
    else:
        hedge = f"second calls after {_ms(settings.hedge_after_ms)} ({figures['extra_load'] * 100:.3g} % more calls)"
    leaves = "1 leaf" if settings.fan_out == 1 else f"{settings.fan_out} leaves"
    return (
        f"With {leaves} a page and {hedge}, {pages} are slow where {share} of single calls are; "
        f"half of them take less than {_ms(figures['p50_ms'])}, 99 of 100 less than {_ms(figures['p99_ms'])}."
    )


def _ms(value: float) -> str:
    """Return a time in ms to three digits: "2.05 ms", "1,639 ms"."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"
