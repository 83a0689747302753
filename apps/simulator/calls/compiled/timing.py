"""When does a caller give up, and when does it hedge? Timers that are nearly always stopped before they go off.

All timers of one link run for the same time, so they go off in the order in which they were set. They stand in a list,
the alarm of the link, and only its first one stands among the events: the list of events stays short.
"""

from __future__ import annotations

from apps.simulator.calls.compiled.agenda import ALARM, HEDGE, KINDS, TIMEOUT
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.compiled.heap import push
from apps.simulator.compiled.jit import inner


@inner
def plan_alarm(w, number):  # type: ignore[no-untyped-def]
    """Put the first timer of an alarm among the events."""
    it, alarm = w.it[0], w.alarms[number]
    timer = w.timers[alarm.first]
    push(w.at, w.number, w.what, it.events, timer.time, timer.number, number * KINDS + ALARM)
    it.events += 1
    alarm.planned = 1


@inner
def set_timer(w, place, number, time):  # type: ignore[no-untyped-def]
    """Set a timer, which goes off last of its alarm."""
    it, alarm, timer = w.it[0], w.alarms[number], w.timers[place]
    timer.time, timer.number = time, it.planned
    it.planned += 1
    timer.before, timer.after = alarm.last, NOBODY
    if alarm.last == NOBODY:
        alarm.first = place
    else:
        w.timers[alarm.last].after = place
    alarm.last = place
    if not alarm.planned:
        plan_alarm(w, number)


@inner
def stop_timer(w, place, number):  # type: ignore[no-untyped-def]
    """Take a timer off its alarm, if it is set."""
    alarm, timer = w.alarms[number], w.timers[place]
    if timer.number == NOBODY:
        return
    if timer.before == NOBODY:
        alarm.first = timer.after
    else:
        w.timers[timer.before].after = timer.after
    if timer.after == NOBODY:
        alarm.last = timer.before
    else:
        w.timers[timer.after].before = timer.before
    timer.number = NOBODY


@inner
def go_off(w, number, planned):  # type: ignore[no-untyped-def]
    """Let an alarm go off at the event `planned`; returns the event that it stands for, or NOBODY if its timer was
    stopped. The next timer is planned."""
    alarm, what = w.alarms[number], NOBODY
    alarm.planned = 0
    place = alarm.first
    if place != NOBODY and w.timers[place].number == planned:
        what = (place // 2) * KINDS + (HEDGE if place % 2 else TIMEOUT)
        stop_timer(w, place, number)
    if alarm.first != NOBODY:
        plan_alarm(w, number)
    return what
