"""What does a caller do in the compiled loop? The steps of `Calling`."""

from __future__ import annotations

from math import inf

from apps.simulator.calls.compiled.agenda import (
    AGAIN,
    ARRIVALS,
    ARRIVE,
    HEDGE,
    KEYS,
    REACH,
    SETTLE,
    TIMEOUT,
    UNSENT,
    chance_of,
    jitter_of,
    plan,
    routing_to,
    take,
)  # fmt: skip
from apps.simulator.calls.compiled.caring import ask, first_call, hear_permitted, may_retry, next_pause
from apps.simulator.calls.compiled.choosing import choose
from apps.simulator.calls.compiled.counting import end
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.calls.compiled.timing import set_timer, stop_timer
from apps.simulator.calls.story_attempt import ANSWERED, ON_ITS_WAY
from apps.simulator.calls.story_breaker import NO_PERMIT
from apps.simulator.compiled.jit import inner


@inner
def new_calling(w, number, parent, request, key, born, following):  # type: ignore[no-untyped-def]
    """Return the slot of a new call over a link; `following` is who is tried after it."""
    it = w.it[0]
    slot = it.free_calling
    calling = w.callings[slot]
    it.free_calling = calling.after
    it.callings += 1
    it.serial += 1
    calling.serial, calling.link, calling.after = it.serial, number, following
    calling.request, calling.key, calling.born = request, key, born
    calling.waits = calling.tries = calling.sent = calling.unanswered = 0
    calling.timeout = calling.hedge = calling.permit = NOBODY
    calling.pause, calling.deadline = w.links[number].base, inf
    calling.parent, calling.parent_serial = parent, NOBODY
    if parent != NOBODY:
        calling.parent_serial = w.attempts[parent].serial
        if it.deadlines:
            calling.deadline = w.attempts[parent].expires
    return slot


@inner
def free_calling(w, slot):  # type: ignore[no-untyped-def]
    """Give the slot of a call back."""
    it, calling = w.it[0], w.callings[slot]
    calling.serial = calling.timeout = calling.hedge = NOBODY
    calling.waits = 0
    calling.after = it.free_calling
    it.free_calling = slot
    it.callings -= 1


@inner
def arrive(w):  # type: ignore[no-untyped-def]
    """Let a client's request come; returns its call."""
    it = w.it[0]
    plan(w, take(w, ARRIVALS), ARRIVE, 0)
    key = int(take(w, KEYS)) if it.needs_keys else 0
    w.by_bucket[it.bucket].offered += 1
    slot = new_calling(w, 0, NOBODY, it.came, key, it.now, NOBODY)
    it.came += 1
    if it.came - it.ended > it.most_inside:
        it.stopped = 1
    return slot


@inner
def is_wanted(w, calling):  # type: ignore[no-untyped-def]
    """Return whether the caller itself has not been answered meanwhile."""
    if calling.parent == NOBODY:
        return True
    parent = w.attempts[calling.parent]
    return parent.serial == calling.parent_serial and parent.state != ANSWERED


@inner
def send(w, slot, calling, place):  # type: ignore[no-untyped-def]
    """Send one attempt to a replica of the balancer's choice, if there is one."""
    it = w.it[0]
    chosen = choose(w, place, calling.key, routing_to(place))
    if chosen == NOBODY:
        return
    w.replicas[chosen].open += 1
    new = it.free_attempt
    attempt = w.attempts[new]
    it.free_attempt = attempt.after
    it.attempts += 1
    it.serial += 1
    attempt.serial, attempt.state, attempt.replica, attempt.expires = it.serial, ON_ITS_WAY, chosen, calling.expires
    attempt.calling, attempt.calling_serial = slot, calling.serial
    attempt.request, attempt.key = calling.request, calling.key
    attempt.try_number, attempt.number = calling.tries, calling.sent
    attempt.stage, attempt.pending, attempt.end_of_work, attempt.row = 0, 0, NOBODY, NOBODY
    calling.sent += 1
    calling.unanswered += 1
    plan(w, it.now + it.latency, REACH, new)


@inner
def may_try(w, calling):  # type: ignore[no-untyped-def]
    """Return whether a call still makes sense and the breaker allows it."""
    now = w.it[0].now
    if now >= calling.deadline:
        return False
    if w.breakers[calling.link].there:
        calling.permit = ask(w, calling.link)
        return calling.permit != NO_PERMIT
    return True


@inner
def try_it(w, slot, hedged):  # type: ignore[no-untyped-def]
    """Make a call once, or send its hedge."""
    it, calling = w.it[0], w.callings[slot]
    link = w.links[calling.link]
    if not hedged:
        if calling.tries == 0:
            first_call(link)
        if not may_try(w, calling):
            plan(w, it.now, SETTLE, slot)
            return
        calling.tries += 1
        calling.waits, calling.unanswered = 1, 0
        calling.expires = min(it.now + link.timeout, calling.deadline)
    send(w, slot, calling, link.to)
    if not hedged:
        if calling.unanswered == 0:
            plan(w, it.now, UNSENT, slot)
            return
        if calling.expires < inf:
            if it.deadlines or calling.expires == it.now:  # not in the order of time, or now
                calling.timeout = plan(w, calling.expires, TIMEOUT, slot)
            else:
                set_timer(w, 2 * slot, 2 * calling.link, calling.expires)
        if link.hedge_after < inf:
            if it.now + link.hedge_after == it.now:
                calling.hedge = plan(w, it.now, HEDGE, slot)
            else:
                set_timer(w, 2 * slot + 1, 2 * calling.link + 1, it.now + link.hedge_after)


@inner
def end_try(w, slot, ok):  # type: ignore[no-untyped-def]
    """Have an answer, or plan another try, or give up; returns whether the call is settled."""
    it, calling = w.it[0], w.callings[slot]
    link = w.links[calling.link]
    calling.waits, calling.timeout, calling.hedge = 0, NOBODY, NOBODY
    stop_timer(w, 2 * slot, 2 * calling.link)
    stop_timer(w, 2 * slot + 1, 2 * calling.link + 1)
    if w.breakers[calling.link].there:
        hear_permitted(w, calling.link, calling.permit, ok)
    if ok or not is_wanted(w, calling) or calling.tries >= link.attempts:
        return True
    pause = next_pause(w, link, calling, jitter_of(w, calling.link))
    if it.now + pause < calling.deadline and may_retry(link):
        plan(w, it.now + pause, AGAIN, slot)
        return False
    return True


@inner
def settle(w, slot, ok):  # type: ignore[no-untyped-def]
    """Tell the caller how a call ended; returns the attempt that hears it, or NOBODY, and whether it fails by it."""
    calling = w.callings[slot]
    parent, wanted = calling.parent, is_wanted(w, calling)
    fine = ok or w.links[calling.link].optional
    free_calling(w, slot)
    if parent == NOBODY:
        end(w, calling.born, ok)
    elif wanted:
        w.attempts[parent].pending -= 1
        return parent, not fine
    return NOBODY, False


@inner
def call_on(w, slot):  # type: ignore[no-untyped-def]
    """Prepare the calls of the next stage that has any, in order; returns the first of them, or NOBODY."""
    attempt = w.attempts[slot]
    service = w.services[w.replicas[attempt.replica].service]
    first, last = NOBODY, NOBODY
    while attempt.pending == 0 and attempt.stage < service.stages:
        stage = service.first_stage + attempt.stage
        attempt.stage += 1
        for number in range(w.stages[stage, 0], w.stages[stage, 1]):
            link = w.links[number]
            if link.chance < 1 and take(w, chance_of(w, number)) >= link.chance:
                continue
            for _ in range(link.copies):
                attempt.pending += 1
                new = new_calling(w, number, slot, attempt.request, attempt.key, 0.0, NOBODY)
                if first == NOBODY:
                    first = new
                else:
                    w.callings[last].after = new
                last = new
    return first
