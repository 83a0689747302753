"""What does queueing theory say? Closed forms to set beside a simulation. Times in seconds, rates per second.

Sources: Kleinrock, Queueing Systems I (1975), for M/M/c, M/M/1/K and M/G/1; Erlang (1917) for B and C; Jackson (1957).
"""

from __future__ import annotations

from math import inf, log

import numpy as np

from apps.simulator.network import Network


def erlang_b(load: float, servers: int) -> float:
    """Return the share of customers refused by `servers` without a waiting line; `load` is rate times service time."""
    blocked = 1.0
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Return the chance to have to wait in M/M/c; 1 if the load is too high."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(load, servers)
    utilisation = load / servers
    return blocked / (1 - utilisation * (1 - blocked))


def mmc_wait(rate: float, service_s: float, servers: int) -> float:
    """Return the mean wait in M/M/c; infinite at a utilisation of 1 or more."""
    load = rate * service_s
    if load >= servers:
        return inf
    return erlang_c(load, servers) * service_s / (servers - load)


def mmc_wait_percentile(rate: float, service_s: float, servers: int, share: float) -> float:
    """Return a percentile of the wait in M/M/c: the wait of those who wait is exponential."""
    load = rate * service_s
    if load >= servers:
        return inf
    waits = erlang_c(load, servers)
    return 0.0 if waits <= 1 - share else log(waits / (1 - share)) * service_s / (servers - load)


def mg1_wait(rate: float, service_s: float, scv: float) -> float:
    """Return the mean wait in M/G/1 by Pollaczek and Khinchine: half of it is variance."""
    load = rate * service_s
    return inf if load >= 1 else load * service_s * (1 + scv) / (2 * (1 - load))


def ps_response(rate: float, service_s: float) -> float:
    """Return the mean response in M/G/1 with processor sharing, whatever the law of service."""
    load = rate * service_s
    return inf if load >= 1 else service_s / (1 - load)


def mm1k_refused(load: float, room: int) -> float:
    """Return the share refused by one server with room for `room` customers in all."""
    if load == 1.0:
        return 1 / (room + 1)
    return (1 - load) * load**room / (1 - load ** (room + 1))


def kingman_wait(rate: float, service_s: float, servers: int, arrival_scv: float, service_scv: float) -> float:
    """Return an approximate mean wait in G/G/c: the wait in M/M/c times the mean of both variabilities.

    Allen and Cunneen's form of Kingman's bound; high at a low utilisation (28 % for E2/E2/1 at one half).
    """
    return mmc_wait(rate, service_s, servers) * (arrival_scv + service_scv) / 2


def jackson_rates(network: Network) -> dict[str, float]:
    """Return the rate at which customers come to each station: from outside and from each other."""
    names = list(network.stations)
    outside = np.array([network.arrivals[name].rate if name in network.arrivals else 0.0 for name in names])
    chances = np.array([[station.routes.get(name, 0.0) for name in names] for station in network.stations.values()])
    rates = np.linalg.solve(np.eye(len(names)) - chances.T, outside)
    return dict(zip(names, rates.tolist(), strict=True))
