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
    if overrun(settings, outcome):
        return _unstable(settings, outcome)
    leaves = "1 leaf" if settings.fan_out == 1 else f"{settings.fan_out} leaves"
    return (
        f"With {leaves} a page and {hedge}, {pages} are slow where {share} of single calls are; "
        f"half of them take less than {_ms(figures['p50_ms'])}, 99 of 100 less than {_ms(figures['p99_ms'])}."
    )


def overrun(settings: Settings, outcome: Outcome) -> bool:
    """Return whether the leaves do not keep up: the caveat of an unstable run leads the list."""
    return settings.queues and any(caveat.startswith("Unstable") for caveat in outcome.caveats)


def _unstable(settings: Settings, outcome: Outcome) -> str:
    """Return what a run came to in which lines grow, without a word on which share is slow: all are, in the end."""
    extra, middle = outcome.figures["extra_load"], _ms(outcome.figures["p50_ms"])
    grows = f"lines grew for as long as the run lasted, and the page in the middle took {middle}."
    if settings.utilisation < 1:
        times = "doubled the load" if extra > 0.95 else "overloaded the leaves"
        return f"Second calls {times} ({extra * 100:.3g} % more calls): {grows}"
    return f"First calls alone ask for {settings.utilisation * 100:.3g} % of the leaves' time: {grows}"


def _ms(value: float) -> str:
    """Return a time in ms to three digits: "2.05 ms", "1,639 ms", and from ten seconds on in seconds: "43.2 s"."""
    if value >= 10_000:
        return f"{value / 1e3:,.3g} s" if value < 1e6 else f"{value / 1e3:,.0f} s"
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"
