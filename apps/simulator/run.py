"""How is a network simulated, and what comes out? One call, with the compiled engine or the story it equals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from apps.simulator.ledger import LOGGED, Ledger
from apps.simulator.network import Network
from apps.simulator.sources import Sources
from apps.simulator.statistics import WARM_UP, Counts, Estimate, Tallies, empty_tallies, percentile, ratio_estimate
from apps.simulator.story import Story
from apps.simulator.streams import Floats

Engine = Literal["compiled", "story"]


@dataclass(frozen=True, slots=True)
class StationReport:
    """What one station did. Times in seconds, each with its 95 % interval."""

    wait: Estimate
    response: Estimate
    queue: Estimate  # customers waiting, mean over time
    utilisation: Estimate
    throughput: Estimate  # served per second
    refused: Estimate  # share of those who came
    wait_bins: Counts
    response_bins: Counts

    def wait_percentile(self, share: float) -> Estimate:
        """Return a percentile of the time in line, in seconds: 0.99 for the slowest hundredth."""
        return percentile(self.wait_bins, share)

    def response_percentile(self, share: float) -> Estimate:
        """Return a percentile of the time at the station, in seconds."""
        return percentile(self.response_bins, share)


@dataclass(frozen=True, slots=True)
class Report:
    """What a network did: its stations by name, the whole way through, and the first visits one by one.

    A row of `log`: number of the customer, place of the station, when it came, how long it waited, when it left.
    """

    stations: dict[str, StationReport]
    through: Estimate
    through_bins: Counts
    customers: int
    seconds: float  # simulated, without the warm-up
    log: Floats


def simulate(network: Network, *, customers: int, seed: int, engine: Engine = "compiled", visits: int = 0) -> Report:
    """Return what happens while so many customers pass through; the first tenth is left out of all figures.

    `visits` rows of the log are kept. The same seed gives the same bytes, whatever the engine.
    """
    sources, warm_up = Sources(network, seed), int(customers * WARM_UP)
    tallies = empty_tallies(len(network.stations))
    if engine == "story":
        ledger = Ledger(tallies, customers, warm_up, visits)
        Story(network, sources, ledger, customers).run()
        return _report(network, tallies, customers, ledger.log[: ledger.logged])
    from apps.simulator.compiled import line, net  # here, because the compiler takes a quarter of a second to load

    log = np.zeros((min(visits, customers), LOGGED))
    if network.is_single():
        (station,) = network.stations.values()
        line.run(sources, station.servers, customers, warm_up, tallies, log)
    else:
        log = net.run(network, sources, customers, warm_up, tallies, np.zeros((visits, LOGGED)))
    return _report(network, tallies, customers, log)


def _report(network: Network, tallies: Tallies, customers: int, log: Floats) -> Report:
    stations = {
        name: _station(tallies, place, station.servers)
        for place, (name, station) in enumerate(network.stations.items())
    }
    return Report(
        stations=stations,
        through=ratio_estimate(tallies.through, tallies.through_count),
        through_bins=tallies.through_bins,
        customers=customers,
        seconds=float(tallies.seconds.sum()),
        log=log,
    )


def _station(tallies: Tallies, place: int, servers: int) -> StationReport:
    served, seconds = tallies.served[place], tallies.seconds
    return StationReport(
        wait=ratio_estimate(tallies.waits[place], served),
        response=ratio_estimate(tallies.responses[place], served),
        queue=ratio_estimate(tallies.queue_area[place], seconds),
        utilisation=ratio_estimate(tallies.busy_area[place], seconds * servers),
        throughput=ratio_estimate(served, seconds),
        refused=ratio_estimate(tallies.refused[place], served + tallies.refused[place]),
        wait_bins=tallies.wait_bins[place],
        response_bins=tallies.response_bins[place],
    )
