"""What does theory say about this very run, and within which tolerance? On the virtual clock: exactly that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.limiters import judge, theory
from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.journal import DECIDED, Decisions, Journal
from apps.experiments.limiters.settings import SECOND, Settings
from apps.experiments.limiters.stores import NUMBER_BYTES, Local
from apps.experiments.limiters.traffic import Micros

CONFIDENCE = 1.96  # standard deviations: 95 of 100 runs
LATE = 0.01  # a request that meets its window late is counted in the next
ENTRY_BYTES, ENTRY_SPREAD = 66, 24  # name, entry and header of a small key, as Redis 6.2 counts them
LIST_BYTES, PER_MOMENT, MOMENT_SPREAD = 147, 5.5, 1.5  # a list of small integers: five or six bytes each

ACROSS = "Closed form for 2L requests around an edge: fixed window 2L, log L, counter L + ⌊L·s/W⌋, bucket B + ⌊rt⌋"
EVENLY = "Closed form for even requests: fixed window, log and counter L, bucket B + ⌊rt⌋, times nodes that count alone"
REPLAY = "The algorithm itself, replayed on the moments at which requests were due"
ALONE = "One at a time decides: a script runs alone in Redis, and a single gateway is alone anyway"
ONE_AT_A_TIME = "With one connection nobody comes between a read and its write"
LOST_UPDATES = "λτ others, at most one a connection, read between a read and its write; τ as measured, all let through"
MEMORY = "O(1): eight bytes for each number remembered, and about 66 for the name and entry of a key in Redis 6.2"
LOG_MEMORY = "O(L): five or six bytes for each moment remembered in a list of Redis 6.2"
IN_MEMORY = "Eight bytes for each number that a gateway remembers, times the gateways"
OUTAGE = "(Offered − limit) · outage gets in too much, and an allowance or so more, for Redis comes back empty"
ASKED_IN_VAIN = "Offered · outage"
QUEUE = "The last place in the queue waits B · W/L"
OUTLET = "One leaves each W/L"


def expected_figures(settings: Settings, evidence: Evidence, admitted: int) -> dict[str, Expected]:
    """Return theory by figure for a run that admitted so many."""
    expected = _memory(settings, evidence, admitted)
    if settings.outage_s:
        return {**expected, **_outage(settings, evidence)}
    if settings.store == "redis-naive":
        return {**expected, **_race(settings, evidence)}
    expected |= _counts(settings, evidence)
    if settings.algorithm == "leaky-bucket":
        expected |= _queue(settings)
    return expected


def _counts(settings: Settings, evidence: Evidence) -> dict[str, Expected]:
    """Return how many are admitted: in all, in the worst window, and too many."""
    replayed = replay(settings, evidence.decisions.due)
    worst, source = _worst(settings, replayed)
    expected = {
        "admitted": Expected(int(np.count_nonzero(replayed.admitted)), 0.0, REPLAY),
        "worst_window": Expected(worst, 0.0, source),
        "leaked": Expected(judge.leaked(settings.algorithm, settings.policy, replayed), 0.0, REPLAY),
    }
    if settings.traffic == "steady" and (in_all := theory.evenly_in_all(settings)) is not None:
        expected["admitted"] = Expected(in_all, 0.0, EVENLY)
    if settings.counts_together:
        expected["leaked"] = Expected(0.0, 0.0, ALONE)
    if not settings.virtual:
        late = _came_late(settings, evidence)
        expected = {name: _give_or_take(settings, name, known, late) for name, known in expected.items()}
    worst_now = expected["worst_window"]
    expected["overshoot"] = replace(
        worst_now, value=worst_now.value / settings.limit, tolerance=worst_now.tolerance / settings.limit
    )
    return expected


def _worst(settings: Settings, replayed: Decisions) -> tuple[int, str]:
    """Return the most in any window, and by which form."""
    if theory.keeps_its_tokens(settings):
        if settings.traffic == "boundary-burst" and settings.counts_together:
            first = replayed.due[: 2 * settings.limit]
            return theory.across_an_edge(settings.algorithm, settings.policy, first), ACROSS
        if settings.traffic == "steady" and theory.deals_evenly(settings):
            return theory.evenly(settings), EVENLY
    return judge.worst_window(replayed.leaves, settings.window_us), REPLAY


def _came_late(settings: Settings, evidence: Evidence) -> float:
    """Return how many requests come within the time by which the latest hundredth of them began late."""
    waits = evidence.waits_s[np.isfinite(evidence.waits_s)]
    return settings.offered_rps * float(np.percentile(waits, 99)) if len(waits) else 0.0


def _give_or_take(settings: Settings, name: str, known: Expected, late: float) -> Expected:
    """Return what theory says where requests come a little late: exactly that only for what lateness cannot change."""
    if name == "leaked" and known.source == ALONE:
        return known
    if name == "worst_window" and settings.algorithm == "sliding-log" and known.value >= settings.limit:
        return known if settings.counts_together else replace(known, tolerance=float(settings.nodes))
    tolerance = max(2.0, float(settings.nodes), LATE * known.value) + late
    return replace(known, tolerance=tolerance, source=f"{known.source}; late requests are within the tolerance")


def replay(settings: Settings, due: Micros) -> Decisions:
    """Return the decisions of the algorithm itself on the planned moments."""
    now, journal = 0, Journal(due)
    nodes = 1 if settings.on_redis else settings.nodes
    gateways = Local(nodes, settings.algorithm, settings.policy, lambda: now)
    for i, now in enumerate(due.tolist()):  # noqa: B007  (the gateways read it)
        journal.write(i, *gateways(i), DECIDED)
    return journal.read()


def _memory(settings: Settings, evidence: Evidence, admitted: int) -> dict[str, Expected]:
    """Return how much is remembered of one customer."""
    log = settings.algorithm == "sliding-log"
    if not settings.on_redis:
        if log or len(evidence.decisions.due) < settings.nodes:
            return {}
        size = NUMBER_BYTES * theory.NUMBERS[settings.algorithm] * settings.nodes
        return {"bytes_per_key": Expected(size, 0.0, IN_MEMORY)}
    if not evidence.bytes_per_key:
        return {}
    numbers = min(settings.limit, admitted) if log else theory.NUMBERS[settings.algorithm]
    if log and settings.store == "redis-atomic":
        spread = ENTRY_SPREAD + MOMENT_SPREAD * numbers
        return {"bytes_per_key": Expected(LIST_BYTES + PER_MOMENT * numbers, spread, LOG_MEMORY)}
    size = ENTRY_BYTES + NUMBER_BYTES * numbers
    return {"bytes_per_key": Expected(size, ENTRY_SPREAD + 0.02 * size, MEMORY)}


def _race(settings: Settings, evidence: Evidence) -> dict[str, Expected]:
    """Return how many updates are lost between read and write, where requests come at random moments."""
    if settings.clients == 1:
        return {"leaked": Expected(0.0, 0.0, ONE_AT_A_TIME)}
    if settings.traffic != "poisson" or not len(evidence.gaps_us) or evidence.generator_late:
        return {}
    decisions = evidence.decisions
    exact = judge.exactly(settings.algorithm, settings.policy, decisions.at[decisions.decided])
    others = theory.leaks_per_admission(settings.offered_rps, np.asarray(evidence.gaps_us))
    leaks = exact * float(np.minimum(others, settings.clients - 1).mean())
    chance = CONFIDENCE * np.sqrt(leaks)
    return {"leaked": Expected(leaks, float(0.3 * leaks + chance), LOST_UPDATES)}


def _outage(settings: Settings, evidence: Evidence) -> dict[str, Expected]:
    """Return what happens while Redis is gone, where requests come at a known rate."""
    if settings.traffic not in ("steady", "poisson") or settings.store == "redis-naive":
        return {}
    asked = settings.offered_rps * evidence.outage_s
    chance = CONFIDENCE * np.sqrt(asked) if settings.traffic == "poisson" else 0.0
    slack = 1.0 if settings.virtual else 2.0 + 0.02 * asked
    expected = {"undecided": Expected(asked, float(chance + slack), ASKED_IN_VAIN)}
    excess = (settings.offered_rps - settings.limit_rps) * evidence.outage_s
    if settings.on_failure == "open" and excess > 0:
        allowance = max(settings.limit, settings.burst if settings.algorithm not in theory.COUNTS else 0)
        expected["leaked"] = Expected(excess + allowance / 2, float(1.5 * allowance + chance + slack), OUTAGE)
    return expected


def _queue(settings: Settings) -> dict[str, Expected]:
    """Return how evenly, and how late, a leaky bucket lets go, where it is asked for more than it lets go."""
    if not settings.counts_together:
        return {}
    per_bin = -(-settings.limit * judge.BIN // settings.window_us)
    spare = 1 - settings.limit_rps / settings.offered_rps  # share of what comes that the outlet cannot take
    comes = {"steady": settings.offered_rps * settings.duration_s, "boundary-burst": 2 * settings.limit}
    # Filled, and asked until one place is free again: then somebody has had the last place.
    needed = settings.burst + 1 + settings.offered_rps / settings.limit_rps
    if comes.get(settings.traffic, 0) * spare < needed or settings.burst < per_bin:
        return {}
    gap_ms = 1e3 / settings.offered_rps
    return {
        "peak_100ms": Expected(per_bin, 0.0 if settings.virtual else 1.0, OUTLET),
        "queued_max_ms": Expected(theory.longest_queue_ms(settings), gap_ms + 1e3 / SECOND, QUEUE),
    }
