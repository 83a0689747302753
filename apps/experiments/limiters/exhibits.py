"""What does somebody get who is turned away? The answer's first lines, as they would go over the wire."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from apps.experiments.base import Exhibit
from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.journal import DECIDED
from apps.experiments.limiters.settings import SECOND, Settings


def exhibits(settings: Settings, evidence: Evidence) -> Iterator[Exhibit]:
    """Yield the first answer 429, the answer without Redis if there was one, and the script that decided."""
    decisions = evidence.decisions
    rejected = np.flatnonzero((decisions.how == DECIDED) & (decisions.verdict < 0))
    if len(rejected):
        first = rejected[np.argmin(decisions.at[rejected])]
        yield Exhibit(
            f"The answer to the first rejected request, {decisions.at[first] / SECOND:.6f} s into the run",
            too_many_requests(settings, -int(decisions.verdict[first])),
        )
    if settings.on_failure == "closed" and decisions.blind.any():
        yield Exhibit("The answer while Redis was gone", unavailable(-settings.blind_verdict))
    if evidence.script:
        yield Exhibit("The script that decides in Redis", evidence.script.strip())


def too_many_requests(settings: Settings, wait_us: int) -> str:
    """Return the head of an answer 429 (RFC 6585) to a request that would be admitted `wait_us` microseconds later.

    Retry-After is in whole seconds (RFC 9110), so it is rounded up: earlier would be in vain. The RateLimit fields
    are those of the IETF draft "RateLimit header fields for HTTP": quota q in a window w, r left, more in t seconds.
    """
    wait_s = in_whole_seconds(wait_us)
    return "\n".join([
        "HTTP/1.1 429 Too Many Requests",
        f"Retry-After: {wait_s}",
        f'RateLimit-Policy: "{settings.algorithm}";q={settings.limit};w={settings.window_s}',
        f'RateLimit: "{settings.algorithm}";r=0;t={wait_s}',
        "",
        f"To the microsecond, the wait is {wait_us / SECOND:.6f} s.",
    ])  # fmt: skip


def unavailable(wait_us: int) -> str:
    """Return the head of an answer 503: nobody asked too often, the limiter itself does not work."""
    return f"HTTP/1.1 503 Service Unavailable\nRetry-After: {in_whole_seconds(wait_us)}"


def in_whole_seconds(wait_us: int) -> int:
    """Return a wait in microseconds in whole seconds, rounded up."""
    return -(-wait_us // SECOND)
