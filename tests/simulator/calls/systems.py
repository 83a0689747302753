"""Which systems do the tests of the simulator run? Small ones, told in a line."""

from apps.simulator.arrivals import Poisson
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Service, System
from apps.simulator.services import Exponential


def one(rate, *, call=None, changes=(), mean=1.0, **service):
    """Return a single service "q" with exponential work."""
    return System({"q": Service(Exponential(mean), **service)}, call or Call("q"), Poisson(rate), changes)


def latency(system, *, requests=1_000_000, seed=1):
    """Return the mean latency of a run with its interval."""
    return simulate(system, requests=requests, seed=seed).latency
