"""What must a learner know before believing the figures of a load-balancing run?"""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.balancers.settings import Settings
from apps.experiments.balancers.shares import growth, stable
from apps.experiments.balancers.steady import FEW, LONG, memory_s, steady
from apps.simulator.calls.report import Report

ROUGH = 0.1  # of the mean: an interval wider than that


def caveats(settings: Settings, report: Report) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if not stable(settings):
        yield unstable(settings)
    elif settings.event == "none" and report.latency.half_width > ROUGH * report.latency.value:
        share = report.latency.half_width / report.latency.value
        known = f"The mean is known within {share * 100:.0f} % only."
        yield f"{known} A longer run narrows the interval by the square root."
    if settings.event == "none" and stable(settings) and not settings.queue_limit and not steady(settings):
        yield (
            f"Too short for theory: a line forgets its past in some {memory_s(settings):.2g} s, and intervals of a run "
            f"shorter than {LONG} times that, or with fewer than {FEW:,} requests, promise too much."
        )
    if settings.service == "pareto":
        yield "Service times have a heavy tail. The longest of them come so seldom that the interval is too narrow."
    if settings.event != "none":
        yield "The figures hold for the whole run, before and after the event, its first tenth left out."
    yield "Longest line and busiest server are one outcome: repeat it with other seeds to see their spread."


def unstable(settings: Settings) -> str:
    """Return how fast lines grow, and that nothing here is a steady state."""
    lines = [each for each in growth(settings) if each > 0]
    if settings.utilisation >= 1:
        which = "Unstable: more comes than all servers together can do"
    else:
        count = f"{len(lines)} servers get" if len(lines) > 1 else "One server gets"
        which = f"Unstable at {settings.utilisation * 100:.3g} % in all: {count} more than they can do"
    if settings.queue_limit:
        return f"{which}. The limit of the line keeps it short, and what does not fit is dropped."
    grows = f"by up to {max(lines):.3g} requests a second" if lines else "as the square root of time"
    return (
        f"{which}. A line grows {grows} as long as the run lasts; times say how long that was, and those who still "
        "wait at the end are not in them."
    )
