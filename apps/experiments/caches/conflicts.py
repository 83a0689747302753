"""Which settings make no sense together? Each problem says what to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.caches.settings import Settings
from apps.experiments.params import Params

DOWN_S = 2.0  # how long a killed Redis stays away
TAIL_S = 1.0  # the least a run goes on after its event is over: the window of the peak


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by the name of the parameter to change."""
    return dict(_problems(Settings.of(params)))


def _problems(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.event != "none":
        tail = TAIL_S + (DOWN_S if settings.event == "redis-down" else 0.0)
        latest = settings.duration_s - tail
        if latest < 1:
            yield "duration_s", f"Too short for this event. Use at least {1 + tail:g} s."
        elif settings.event_at_s > latest:
            yield "event_at_s", f"The run would be over. Use a number up to {latest:g} s, or a longer run."
        if not settings.cached:
            yield "event", "There is no cache to which it could happen. Choose another pattern, or no event."
    if settings.cached:
        yield from _in_the_cache(settings)


def _in_the_cache(settings: Settings) -> Iterator[tuple[str, str]]:
    expires = settings.ttl_s > 0 or settings.event == "hot-key-expires"
    if settings.ttl_jitter > 0 and settings.ttl_s == 0:
        yield "ttl_jitter", "There is no time to live to spread. Set one, or set this to 0."
    if settings.stampede in ("early-refresh", "stale-while-revalidate") and not expires:
        yield "stampede", "Nothing expires, so nothing can be refreshed. Set a time to live, or let the hot key expire."
    if settings.db_cost == "aggregate" and settings.pattern in ("write-through", "write-behind"):
        yield "db_cost", "A writer does not know the sums that a read would compute. Choose point, or cache-aside."
