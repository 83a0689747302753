"""What does theory say about one balancer before several servers? Exact where requests are dealt without looking.

Sources: splitting of Poisson arrivals and Pollaczek-Khinchine (Kleinrock 1975) for random and by client; GI/M/1 with
Erlang arrivals (Kleinrock, 6.4) for round robin; Mitzenmacher (1996) and Vvedenskaya (1996) for two choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log

from apps.simulator.theory import mg1_wait

P99 = log(100)  # of an exponential time, in means


def split_response(rate: float, shares: Sequence[float], means: Sequence[float], scv: float) -> float:
    """Return the mean response in seconds if server i gets shares[i] of Poisson arrivals at random; M/G/1 each."""
    times = [
        share * (mg1_wait(rate * share, mean, scv) + mean) for share, mean in zip(shares, means, strict=True) if share
    ]
    return sum(times)


def split_p99(rate: float, shares: Sequence[float], means: Sequence[float]) -> float:
    """Return the response in seconds that 99 of 100 keep below: a mixture of exponentials, one a server (M/M/1)."""
    spans = [mg1_wait(rate * share, mean, 1.0) + mean for share, mean in zip(shares, means, strict=True)]
    if inf in spans:
        return inf
    low, high = 0.0, P99 * max(spans)
    for _ in range(60):
        middle = (low + high) / 2
        above = sum(share * exp(-middle / span) for share, span in zip(shares, spans, strict=True))
        low, high = (middle, high) if above > 0.01 else (low, middle)
    return high


def in_turn_response(utilisation: float, servers: int, service_s: float) -> float:
    """Return the mean response in seconds of round robin before equal exponential servers: E_n/M/1 each.

    It is exponential, with the service over 1 - σ for a mean; σ solves σ = (nρ/(nρ + 1 - σ))^n.
    """
    if utilisation >= 1:
        return inf
    load, sigma = servers * utilisation, 0.5
    for _ in range(20_000):
        sigma = (load / (load + 1 - sigma)) ** servers
    return service_s / (1 - sigma)


def two_choices_response(utilisation: float, service_s: float) -> float:
    """Return the mean response in seconds of two choices before very many equal exponential servers: Σ ρ^(2^i - 2)."""
    if utilisation >= 1:
        return inf
    return service_s * float(sum(utilisation ** (2**i - 2) for i in range(1, 30)))
