"""When does a caller stop asking, and how long does it pause? Breakers, budgets and jitter in the compiled loop."""

from __future__ import annotations

from apps.simulator.calls.compiled.agenda import take
from apps.simulator.calls.compiled.counting import mark
from apps.simulator.calls.story_breaker import CLOSED, HALF_OPEN, NO_PERMIT, OPEN
from apps.simulator.compiled.jit import inner

PLAIN, EQUAL, FULL, DECORRELATED = range(4)
JITTERS = {"none": PLAIN, "equal": EQUAL, "full": FULL, "decorrelated": DECORRELATED}


@inner
def become(w, number, state):  # type: ignore[no-untyped-def]
    """Let the breaker of a link change its state, and forget what it has heard."""
    breaker = w.breakers[number]
    breaker.state = state
    breaker.permit += 1
    breaker.results = breaker.through = breaker.ended = breaker.failures = 0
    mark(w, w.links[number].to, state)


@inner
def ask(w, number):  # type: ignore[no-untyped-def]
    """Return a permit to call, or NO_PERMIT."""
    breaker = w.breakers[number]
    if breaker.state == OPEN and w.it[0].now >= breaker.opened_at + breaker.open_s:
        become(w, number, HALF_OPEN)
    if breaker.state == OPEN or (breaker.state == HALF_OPEN and breaker.through == breaker.trials):
        return NO_PERMIT
    breaker.through += 1
    return breaker.permit


@inner
def remember(w, breaker, ok):  # type: ignore[no-untyped-def]
    """Put a result in the window, and take out the oldest one if it is full."""
    if breaker.results == breaker.window:
        breaker.failures -= 1 - w.results[breaker.first_result + breaker.oldest]
        breaker.oldest = (breaker.oldest + 1) % breaker.window
        breaker.results -= 1
    last = (breaker.oldest + breaker.results) % breaker.window
    w.results[breaker.first_result + last] = 1 if ok else 0
    breaker.results += 1


@inner
def hear_permitted(w, number, permit, ok):  # type: ignore[no-untyped-def]
    """Let a breaker take note of how a permitted call ended."""
    breaker = w.breakers[number]
    if permit != breaker.permit:
        return
    if not ok:
        breaker.failures += 1
    breaker.ended += 1
    following = breaker.state
    if breaker.state == HALF_OPEN:
        if breaker.ended == breaker.trials:
            following = OPEN if breaker.failures >= breaker.threshold * breaker.ended else CLOSED
    else:
        remember(w, breaker, ok)
        enough = breaker.results >= min(breaker.minimum, breaker.window)
        if enough and breaker.failures >= breaker.threshold * breaker.results:
            following = OPEN
    if following != breaker.state:
        become(w, number, following)
        if following == OPEN:
            breaker.opened_at = w.it[0].now


@inner
def first_call(link):  # type: ignore[no-untyped-def]
    """Put into the bucket of retries what a first call earns."""
    if link.has_budget:
        link.left = min(link.bucket, link.left + link.fill)


@inner
def may_retry(link):  # type: ignore[no-untyped-def]
    """Take a retry out of the bucket, and return whether there was one."""
    if not link.has_budget:
        return True
    if link.left < 1:
        return False
    link.left -= 1
    return True


@inner
def next_pause(w, link, calling, source):  # type: ignore[no-untyped-def]
    """Return the pause before the next try in seconds."""
    planned = w.pauses[link.first_pause + calling.tries - 1]
    if link.jitter == PLAIN:
        return planned
    drawn = take(w, source)
    if link.jitter == DECORRELATED:
        calling.pause = min(link.cap, link.base + drawn * (3 * calling.pause - link.base))
        return calling.pause
    if link.jitter == FULL:
        return planned * drawn
    return planned / 2 + drawn * (planned / 2)
