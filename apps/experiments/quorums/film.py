"""What do writes and reads of a store look like? Messages as dots, from the clients to the copies and back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from math import ceil, isfinite

from apps.experiments.film import MOST_VISITS, Fate, Film, Place, Sign, Visit, cut
from apps.experiments.quorums.settings import Settings
from apps.simulator.quorums.run import Report

WRITERS, READERS = "writers", "readers"
FEWEST = 4


def pairs_shown(settings: Settings) -> int:
    """Return for how many pairs of write and read there is room in a film: six visits a copy, and one a client."""
    return max(FEWEST, MOST_VISITS // (6 * settings.n + 2))


def shown_from(settings: Settings) -> float:
    """Return the second from which the film shows what happens: the start, or shortly before the partition."""
    if not settings.cut_off:
        return 0.0
    return max(0.0, settings.partition_at_s - ceil(pairs_shown(settings) / 3) / settings.rate)


def film(settings: Settings, report: Report) -> Film | None:
    """Return the film of the watched pairs."""
    copies = [copy_name(copy) for copy in range(settings.n)]
    middle = (settings.n - 1) // 2
    places = [
        Place(WRITERS, "Clients that write", column=0, row=middle, slots=0),
        *(Place(name, f"Copy {copy + 1}", column=1, row=copy, slots=0) for copy, name in enumerate(copies)),
        Place(READERS, "Clients that read", column=2, row=middle, slots=0),
    ]
    ways = [(WRITERS, name) for name in copies] + [(name, READERS) for name in copies]
    shown, total = len(report.messages.old), len(report.draws.start)
    caption = f"{shown} of {total:,} writes, each with the read that follows it"
    start = float(report.draws.start[report.watched]) if shown else 0.0
    return cut(places, ways, visits(report), caption, signs=signs(settings), start=start)


def copy_name(copy: int) -> str:
    """Return the name of the place of a copy."""
    return f"copy-{copy}"


def visits(report: Report) -> Iterator[Visit]:
    """Yield the way of each message, and how long the client waited."""
    dots = count()
    for row in range(len(report.messages.old)):
        pair = report.watched + row
        yield from _of_write(report, row, pair, dots)
        yield from _of_read(report, row, pair, dots)


def _of_write(report: Report, row: int, pair: int, dots: Iterator[int]) -> Iterator[Visit]:
    start, took = float(report.draws.start[pair]), float(report.record.write_s[pair])
    yield _wait(next(dots), WRITERS, start, took, report.store.timeout_s, "ok")
    for copy in range(report.store.copies):
        stored, acked = float(report.messages.stored[row, copy]), float(report.messages.acked[row, copy])
        fate: Fate = "ok" if acked <= start + took else "late"
        yield from _there_and_back(next(dots), WRITERS, copy, (start, stored, acked), fate)


def _of_read(report: Report, row: int, pair: int, dots: Iterator[int]) -> Iterator[Visit]:
    start, took = float(report.record.read_at[pair]), float(report.record.read_s[pair])
    stale: Fate = "stale" if report.record.behind[pair] > 0 else "ok"
    yield _wait(next(dots), READERS, start, took, report.store.timeout_s, stale)
    for copy in range(report.store.copies):
        asked, answered = float(report.messages.asked[row, copy]), float(report.messages.answered[row, copy])
        fate: Fate = "stale" if report.messages.old[row, copy] else "ok"
        yield from _there_and_back(
            next(dots), READERS, copy, (start, asked, answered), fate if answered <= start + took else "late"
        )


def _wait(dot: int, place: str, start: float, took: float, timeout_s: float, fate: Fate) -> Visit:
    """Return the client's own dot, which waits until the operation is over."""
    if isfinite(took):
        return Visit(dot, place, start, start, start + took, fate)
    return Visit(dot, place, start, start, start + timeout_s, "timeout")


def _there_and_back(dot: int, client: str, copy: int, times: tuple[float, float, float], fate: Fate) -> Iterator[Visit]:
    """Yield a message's visits; one that was lost ends where it was sent from."""
    start, reached, back = times
    if not isfinite(reached):
        return
    yield Visit(dot, client, start, start, start)
    yield Visit(dot, copy_name(copy), reached, reached, reached, "ok" if isfinite(back) else "failed")
    if isfinite(back):
        yield Visit(dot, client, back, back, back, fate)


def signs(settings: Settings) -> Iterator[Sign]:
    """Yield when copies are cut off and when they are back."""
    for copy in range(settings.n - settings.cut_off, settings.n):
        yield Sign(settings.partition_at_s, copy_name(copy), "cut off", "bad")
        yield Sign(settings.partition_at_s + settings.partition_s, copy_name(copy), "back", "good")
