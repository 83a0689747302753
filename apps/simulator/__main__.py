"""Compile the loops ahead, so that no learner waits for the compiler: `python -m apps.simulator`."""

import numpy as np

from apps.simulator.arrivals import Poisson
from apps.simulator.caches.replay import POLICIES, replay
from apps.simulator.calls.run import simulate as simulate_calls
from apps.simulator.calls.system import Call, Change, System
from apps.simulator.calls.system import Service as Called
from apps.simulator.cdn.run import simulate as simulate_cdn
from apps.simulator.cdn.system import Cdn
from apps.simulator.network import Network, Station
from apps.simulator.quorums.run import simulate as simulate_store
from apps.simulator.quorums.system import Legs, Store
from apps.simulator.run import simulate
from apps.simulator.services import Exponential

if __name__ == "__main__":
    for discipline in ("fifo", "ps"):  # the single line, and the list of events
        network = Network({"q": Station(Exponential(1.0), discipline=discipline)}, {"q": Poisson(0.5)})
        simulate(network, customers=100, seed=1)
    changed = (Change(1.0, "q", speed=0.5),)  # a change has a loop of its own
    simulate_calls(System({"q": Called(Exponential(1.0))}, Call("q"), Poisson(0.5), changed), seed=1, requests=100)
    for policy in POLICIES:
        replay(policy, np.arange(100) % 7, capacity=3)
    simulate_cdn(Cdn(2, 5, 5, 10, 0.8, 100.0, 0.01, 0.01, 0.1), seed=1, seconds=1.0)
    legs = Legs(*[Exponential(0.01)] * 4)
    simulate_store(Store(3, 1, 1, legs, 100.0, (0.0, 0.0), 10, 1.0), seed=1, seconds=1.0)
