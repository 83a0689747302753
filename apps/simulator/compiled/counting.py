"""How are times counted in compiled loops? With the very functions of `statistics`, compiled."""

from __future__ import annotations

from apps.simulator import statistics
from apps.simulator.compiled.jit import step

batch_of = step(statistics.batch_of)
bin_of = step(statistics.bin_of)


@step
def count_visit(tallies, place, batch, waited, response):  # type: ignore[no-untyped-def]
    """Note the end of a visit to a station, as `Ledger.serve` does."""
    tallies.waits[place, batch] += waited
    tallies.responses[place, batch] += response
    tallies.served[place, batch] += 1
    tallies.wait_bins[place, batch, bin_of(waited)] += 1
    tallies.response_bins[place, batch, bin_of(response)] += 1


@step
def count_through(tallies, batch, seconds):  # type: ignore[no-untyped-def]
    """Note a whole way through the network, as `Ledger.through` does."""
    tallies.through[batch] += seconds
    tallies.through_count[batch] += 1
    tallies.through_bins[batch, bin_of(seconds)] += 1


@step
def write_visit(log, row, number, place, came, waited, left):  # type: ignore[no-untyped-def]
    """Write a row of the log; numba takes no tuple there."""
    log[row, 0], log[row, 1], log[row, 2], log[row, 3], log[row, 4] = number, place, came, waited, left
