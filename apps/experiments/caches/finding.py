"""What did a caching run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.caches.settings import Settings
from apps.experiments.params import Params

SHARES = {
    0.01: "A hundredth",
    0.05: "A twentieth",
    0.1: "A tenth",
    0.2: "A fifth",
    0.25: "A quarter",
    0.5: "Half",
}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if "hit_ratio" not in figures:
        return f"Nothing but writes: half of them took under {figures.get('write_p50_ms', 0):.2g} ms."
    if not settings.cached:
        queries, slowest = f"{figures['db_queries_per_s']:,.0f}", f"{figures['read_p99_ms']:.2g}"
        kind = "requests" if settings.writes_per_s else "reads"
        return f"Without a cache all {queries} {kind} a second went to the database; 99 of 100 took under {slowest} ms."
    if settings.event == "flush" and outcome.figures.get("lost_writes"):
        return f"Emptying the cache took {outcome.figures['lost_writes']:,.0f} writes that had been acknowledged."
    if settings.event == "flush":
        return _after_the_flush(outcome)
    if settings.event == "redis-down":
        return _after_the_crash(settings, outcome)
    if settings.event == "hot-key-expires" and "recomputations" in figures:
        return _after_the_end(outcome)
    return _steady(settings, outcome)


def _steady(settings: Settings, outcome: Outcome) -> str:
    figures = outcome.figures
    answered = f"answered {figures['hit_ratio'] * 100:.0f} % of the reads"
    if figures.get("stale_read_fraction", 0) >= 0.005:
        answered += f", and {figures['stale_read_fraction'] * 100:.0f} % of all reads were stale"
    if settings.cache_fraction == 1 and settings.ttl_s:
        return f"Every product fits, but entries that live {settings.ttl_s:g} s {answered}."
    if settings.cache_fraction == 1:
        return f"A cache with room for every product {answered}."
    share = SHARES.get(settings.cache_fraction, f"{settings.cache_fraction * 100:.2g} %")
    kept = f", kept {settings.ttl_s:g} s at most," if settings.ttl_s else ""
    return f"{share} of the products{kept} {answered}."


def _after_the_flush(outcome: Outcome) -> str:
    before, peak = outcome.figures["db_queries_per_s"], outcome.figures["db_queries_peak_per_s"]
    sentence = f"Emptying the cache turned {before:,.0f} database queries a second into {peak:,.0f}"
    if "recovery_s" in outcome.figures:
        return f"{sentence}, and it took {outcome.figures['recovery_s']:.1f} s to recover."
    return f"{sentence}, and the cache had not recovered when the run ended."


def _after_the_crash(settings: Settings, outcome: Outcome) -> str:
    lost, peak = outcome.figures["lost_writes"], outcome.figures["db_queries_peak_per_s"]
    if settings.pattern == "write-behind" and settings.writes_per_s:
        if lost:
            return f"The crash of the cache took {lost:,.0f} writes that had been acknowledged."
        return "The crash of the cache took no acknowledged write this time: it came right after a batch."
    sentence = f"While the cache was away the database took {peak:,.0f} queries in a second"
    return f"{sentence}, and no acknowledged write was lost." if settings.writes_per_s else f"{sentence}."


def _after_the_end(outcome: Outcome) -> str:
    queries = outcome.figures["recomputations"]
    if queries == 1:
        return "Each time the hottest copy ended, one reader asked the database for it."
    return f"Each time the hottest copy ended, {queries:,.3g} readers asked the database for it, on average."
