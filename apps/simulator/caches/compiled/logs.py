"""How does a compiled loop keep several lines of keys? As logs: a key is written at the end, and its old entry is void.

An entry counts only while `place` of its key points at it, so that taking a key out of the middle of a line costs
nothing. The logs of all lines lie behind each other in one array, each with room for as many entries as are ever
written to it; so a place tells the line, too.
"""

from __future__ import annotations

from apps.simulator.compiled.jit import step

LINES = 4  # lines that one replay may have
NOWHERE = -1


@step
def append(logs, ends, sizes, place, line, key):  # type: ignore[no-untyped-def]
    """Put a key at the end of a line."""
    at = ends[line]
    logs[at] = key
    place[key] = at
    ends[line] = at + 1
    sizes[line] += 1


@step
def oldest(logs, starts, place, line):  # type: ignore[no-untyped-def]
    """Return the oldest key of a line, which must not be empty, and leave it there."""
    at = starts[line]
    while place[logs[at]] != at:
        at += 1
    starts[line] = at
    return logs[at]


@step
def take_oldest(logs, starts, sizes, place, line):  # type: ignore[no-untyped-def]
    """Take the oldest key off a line, which must not be empty, and return it. It is nowhere then."""
    key = oldest(logs, starts, place, line)
    starts[line] += 1
    sizes[line] -= 1
    place[key] = NOWHERE
    return key


@step
def line_of(logs, at):  # type: ignore[no-untyped-def]
    """Return the line of a place that is somewhere."""
    length = len(logs) // LINES
    return (at >= length) + (at >= 2 * length) + (at >= 3 * length)
