"""What did a queueing run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.queues.settings import SERVERS, Settings


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    wait, load = figures["mean_wait_ms"], f"At {settings.utilisation * 100:.3g} %"
    if not settings.stable:
        return (
            f"{load} the queue is unstable: {settings.grows_per_s:,.3g} requests a second come beyond what can be "
            f"served, and the line grows; the mean wait was {_ms(wait)} and growing."
        )
    if settings.real:
        return (
            f"{load} utilisation {SERVERS[settings.engine]} let a request wait {_ms(wait)} on average; the model of "
            f"the same requests says {_ms(figures['model_wait_ms'])}."
        )
    times = wait / settings.mean_service_ms
    return (
        f"{load} utilisation a request waits {_ms(wait)} on average, {times:.2g} times its own service; "
        f"one in a hundred waits more than {_ms(figures['p99_wait_ms'])}."
    )


def _ms(value: float) -> str:
    """Return a time in ms to three digits: "2.05 ms", "1,639 ms"."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"
