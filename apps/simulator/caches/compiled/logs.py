"""How does a compiled loop keep several lines of keys? As logs: a key is written at the end, and its old entry is void.

An entry counts only while `place` of its key points at it, so that taking a key out of the middle of a line costs
nothing. A log needs room for as many entries as are ever written to it.
"""

from __future__ import annotations

from apps.simulator.compiled.jit import step

LINES = 4  # lines that one replay may have: a power of two
NOWHERE = -1


@step
def append(logs, ends, sizes, place, line, key):  # type: ignore[no-untyped-def]
    """Put a key at the end of a line."""
    at = ends[line]
    logs[line, at] = key
    place[key] = at * LINES + line
    ends[line] = at + 1
    sizes[line] += 1


@step
def oldest(logs, starts, place, line):  # type: ignore[no-untyped-def]
    """Return the oldest key of a line, which must not be empty, and leave it there."""
    at = starts[line]
    while place[logs[line, at]] != at * LINES + line:
        at += 1
    starts[line] = at
    return logs[line, at]


@step
def take_oldest(logs, starts, sizes, place, line):  # type: ignore[no-untyped-def]
    """Take the oldest key off a line, which must not be empty, and return it. It is nowhere then."""
    key = oldest(logs, starts, place, line)
    starts[line] += 1
    sizes[line] -= 1
    place[key] = NOWHERE
    return key
