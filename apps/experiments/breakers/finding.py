"""What did a run with a circuit breaker find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.breakers.settings import Settings
from apps.experiments.params import Params


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    when = "Without a failure" if settings.failure == "none" else "While the dependency failed"
    text = (
        f"{when} {figures['goodput_during']:,.4g} of {settings.offered_rps:g} requests a second were answered in time "
        f"and {figures['threads_held']:.3g} of {settings.threads} threads were held"
    )
    if settings.breaker == "on":
        text += (
            f"; the breaker was open for {figures['time_open_s']:.3g} s and spared {figures['calls_spared']:,.0f} calls"
        )
    if settings.failure != "none" and "recovered_after_s" in figures:
        back = figures["recovered_after_s"]
        text += f"; all was well {f'{back:.3g} s after it' if back else 'as soon as it was over'}"
    return f"{text}."
