"""How is a system of services simulated, and what comes out? With the compiled engine, or the story it equals."""

from __future__ import annotations

from typing import Literal

import numpy as np

from apps.simulator.calls.check import check
from apps.simulator.calls.layout import Layout
from apps.simulator.calls.ledger import Ledger
from apps.simulator.calls.report import MARK, Report
from apps.simulator.calls.sources import Sources
from apps.simulator.calls.story import Story
from apps.simulator.calls.summary import report_of
from apps.simulator.calls.system import ImpossibleSystem, System
from apps.simulator.calls.tallies import Books, Span, empty_books, tallies_of
from apps.simulator.statistics import WARM_UP

Engine = Literal["compiled", "story"]


def simulate(
    system: System,
    *,
    seed: int,
    requests: int | None = None,
    seconds: float | None = None,
    warm_up: float = WARM_UP,
    engine: Engine = "compiled",
    visits: int = 0,
    watch_from: float = 0.0,
    bucket_s: float = 1.0,
) -> Report:
    """Return what happens until so many requests have ended, or for so many simulated seconds (one of the two).

    `warm_up` is the share at the beginning that is left out of all figures except the timeline, the visits and the
    marks. `visits` rows are kept of the attempts that come from `watch_from` seconds on, those still inside at the end
    included (their `left` is infinite). The timeline has buckets of `bucket_s`, or longer ones if there would be more
    than 4,096. A run that waits for requests ends early when as many as that (100,000 at least) are under way at once:
    they would never end. The same seed gives the same bytes, whatever the engine. Raises ImpossibleSystem.
    """
    check(system)
    span = _span(requests, seconds, warm_up)
    if visits < 0 or not bucket_s > 0:
        raise ImpossibleSystem("visits has to be 0 or more, and bucket_s above 0.")
    layout = Layout(system)
    sources, books = Sources(layout, seed), empty_books(len(layout.services), layout.first_replica[-1])
    if engine == "story":
        return _told(layout, sources, span, books, bucket_s, visits, watch_from)
    from apps.simulator.calls.compiled.drive import Drive  # here, because the compiler takes a while to load

    drive = Drive(layout, sources, span, books, bucket_s, visits, watch_from)
    ended_at = drive.run()
    return report_of(
        layout, tallies_of(books), ended_at=ended_at, bucket_s=drive.bucket_s, visits=drive.visits, marks=drive.marks
    )


def _told(
    layout: Layout, sources: Sources, span: Span, books: Books, bucket_s: float, visits: int, watch_from: float
) -> Report:
    tallies = tallies_of(books)
    ledger = Ledger(tallies, layout.servers_at_first(), span, bucket_s, visits, watch_from)
    ended_at = Story(layout, sources, ledger, span).run()
    return report_of(
        layout, tallies, ended_at=ended_at, bucket_s=ledger.bucket_s, visits=ledger.visits[: ledger.written],
        marks=np.array(ledger.marks, dtype=MARK),
    )  # fmt: skip


def _span(requests: int | None, seconds: float | None, warm_up: float) -> Span:
    if not 0 <= warm_up < 1:
        raise ImpossibleSystem("warm_up has to be a share from 0 to below 1.")
    if requests is not None and seconds is None and requests >= 1:
        return Span.of_requests(requests, warm_up)
    if seconds is not None and requests is None and 0 < seconds < float("inf"):
        return Span.of_seconds(seconds, warm_up)
    raise ImpossibleSystem("A run needs either requests (1 or more) or seconds (above 0).")
