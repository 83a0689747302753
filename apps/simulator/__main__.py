"""Compile the loops ahead, so that no learner waits for the compiler: `python -m apps.simulator`."""

import numpy as np

from apps.simulator.arrivals import Poisson
from apps.simulator.caches.replay import POLICIES, replay
from apps.simulator.calls.run import simulate as simulate_calls
from apps.simulator.calls.system import Call, Change, System
from apps.simulator.calls.system import Service as Called
from apps.simulator.network import Network, Station
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
