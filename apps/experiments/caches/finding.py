"""What did a caching run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome, Params
from apps.experiments.caches.settings import Settings

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
    if not settings.cached:
        queries, slowest = f"{figures['db_queries_per_s']:,.0f}", f"{figures['read_p99_ms']:.2g}"
        return f"Without a cache all {queries} reads a second went to the database; 99 of 100 took under {slowest} ms."
    if settings.event == "flush":
        return _after_the_flush(outcome)
    answered = f"answered {figures['hit_ratio'] * 100:.0f} % of the reads"
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
