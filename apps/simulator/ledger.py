"""Who keeps count while a network runs? One ledger, written by the reference engine step by step."""

from __future__ import annotations

import numpy as np

from apps.simulator.statistics import Tallies, batch_of, bin_of
from apps.simulator.streams import Floats

LOGGED = 5  # customer, station, came, waited, left


class Ledger:
    """Tallies, cut into batches by the number of customers that have left, and a log of the first visits."""

    def __init__(self, tallies: Tallies, customers: int, warm_up: int, visits: int) -> None:
        self.tallies, self.customers, self.warm_up = tallies, customers, warm_up
        self.log: Floats = np.zeros((visits, LOGGED))
        self.logged = self.left = 0
        self.batch = batch_of(0, warm_up, customers)
        self.since = 0.0  # when this batch began
        stations = len(tallies.waits)
        self.waiting, self.busy, self.changed_at = [0] * stations, [0] * stations, [0.0] * stations

    def crowd(self, place: int, now: float, waiting: int, busy: int) -> None:
        """Note that so many more wait and are served at a station."""
        self._add_area(place, now)
        self.waiting[place] += waiting
        self.busy[place] += busy

    def _add_area(self, place: int, now: float) -> None:
        if self.batch >= 0:
            passed = now - self.changed_at[place]
            self.tallies.queue_area[place, self.batch] += self.waiting[place] * passed
            self.tallies.busy_area[place, self.batch] += self.busy[place] * passed
        self.changed_at[place] = now

    def serve(self, place: int, number: int, came: float, waited: float, now: float) -> None:
        """Note the end of a visit to a station."""
        if self.logged < len(self.log):
            self.log[self.logged] = (number, place, came, waited, now)
            self.logged += 1
        if self.batch >= 0:
            where = (place, self.batch)
            self.tallies.waits[where] += waited
            self.tallies.responses[where] += now - came
            self.tallies.served[where] += 1
            self.tallies.wait_bins[(*where, bin_of(waited))] += 1
            self.tallies.response_bins[(*where, bin_of(now - came))] += 1

    def refuse(self, place: int) -> None:
        """Note that a station had no room."""
        if self.batch >= 0:
            self.tallies.refused[place, self.batch] += 1

    def through(self, seconds: float) -> None:
        """Note a whole way through the network."""
        if self.batch >= 0:
            self.tallies.through[self.batch] += seconds
            self.tallies.through_count[self.batch] += 1
            self.tallies.through_bins[self.batch, bin_of(seconds)] += 1

    def leave(self, now: float) -> None:
        """Note that a customer is gone, served or refused; the next batch may begin."""
        self.left += 1
        following = batch_of(self.left, self.warm_up, self.customers)
        if following != self.batch or self.left == self.customers:
            for place in range(len(self.waiting)):
                self._add_area(place, now)
            if self.batch >= 0:
                self.tallies.seconds[self.batch] += now - self.since
            self.batch, self.since = following, now
