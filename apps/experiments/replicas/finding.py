"""What did a replication run find, in one sentence?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.replicas.settings import Settings

LATE_MS = 1_000.0
WAITS_FOR = {
    "async": "no standby",
    "remote-write": "standby 1 to receive it",
    "sync": "standby 1 to have it on disk",
    "remote-apply": "every standby to show it",
    "quorum": "a majority of the servers",
}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if settings.event == "primary-crash":
        return _after_the_crash(figures)
    if settings.event != "none":
        return _after_the_event(settings, figures)
    if not figures["acked_per_s"]:
        return f"No write was acknowledged: each waited for {WAITS_FOR[settings.mode]}."
    if "commit_p50_ms" not in figures:
        return "Too few writes to judge a commit by. More writes a second, or a longer run, would show it."
    commit = f"A commit that waits for {WAITS_FOR[settings.mode]} takes {_time(figures['commit_p50_ms'])}"
    late = figures.get("heartbeat_lag_max_ms", 0.0)
    if any(settings.kbps) and late >= LATE_MS:
        return f"{commit}, and a row took up to {_time(late)} to come through the narrowest link and be seen."
    if "stale_read_fraction" not in figures:
        return f"{commit}."
    stale = figures["stale_read_fraction"]
    return f"{commit}, and {f'{_percent(stale)} of the reads were' if stale else 'no read was'} stale."


def _time(ms: float) -> str:
    """Return "0.53 ms", "102 ms" or "3.1 s"."""
    return f"{ms / 1e3:.2g} s" if ms >= 1_000 else f"{ms:.0f} ms" if ms >= 100 else f"{ms:.2g} ms"


def _percent(share: float) -> str:
    """Return "0.5 %", "43 %" or "100 %"."""
    return f"{share * 100:.0f} %" if share >= 0.095 else f"{share * 100:.1g} %"


def _after_the_crash(figures: Mapping[str, float]) -> str:
    lost, silent = int(figures["lost_acknowledged_writes"]), figures["unavailable_s"]
    what = "No acknowledged write was" if lost == 0 else f"{lost:,} acknowledged write{'s were' * (lost > 1) or ' was'}"
    return f"{what} lost with the primary, and no write was acknowledged for {silent:.2g} s."


def _after_the_event(settings: Settings, figures: Mapping[str, float]) -> str:
    what = "the link of standby 1 was cut" if settings.event == "cut-link" else "replay was paused"
    late = figures.get("heartbeat_lag_max_ms")
    lag = "" if late is None else f", and a row took up to {_time(late)} to be seen"
    if settings.stops_writes:
        return f"While {what} no write was acknowledged, for {figures['unavailable_s']:.2g} s{lag}."
    return f"While {what} writes went on{lag}."
