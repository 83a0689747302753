"""What did a metastable run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.metastability.settings import SLOW, SPIKE, Settings
from apps.experiments.params import Params


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if settings.trigger == "none":
        return f"Nothing happened: {figures['goodput_after']:,.0f} requests a second were answered in time."
    words = {
        "outage": f"a stop of {settings.outage_s:g} s",
        "slow": f"{settings.outage_s:g} s at {SLOW:g} of its speed",
        "spike": f"{settings.outage_s:g} s with {SPIKE:g} times the load",
    }
    after = f"After {words[settings.trigger]}"
    if "recovered_after_s" in figures:
        back = figures["recovered_after_s"]
        when = f"{back:.3g} s later" if back else "at once"
        return f"{after} goodput was back {when}; {figures['given_up'] * 100:.3g} % of all requests got no answer."
    if figures["recovered"]:
        return f"{after} {figures['goodput_after']:,.0f} requests a second are answered in time."
    return (
        f"{after} the system did not come back: {figures['goodput_after']:,.0f} of {settings.offered_rps:g} requests a "
        f"second are answered in time, though each is asked {figures.get('amplification', 1.0):.3g} times."
    )
