"""Which system do the settings of a run describe? An app that calls services far away, or a gateway beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.experiments.gateways.settings import Settings
from apps.simulator.arrivals import Trace
from apps.simulator.calls.system import Call, Service, System
from apps.simulator.services import Deterministic
from apps.simulator.streams import Floats

PLENTY = 1_000_000  # servers: nobody waits
APP, WAY, GATEWAY, TOKEN, LIMIT = "app", "way", "gateway", "token check", "limit store"


@dataclass(frozen=True, slots=True)
class Trip:
    """A way of fixed length there and back, and exponential work at its end."""

    way: float
    work: float

    @property
    def mean(self) -> float:
        """Return the mean in seconds."""
        return self.way + self.work

    @property
    def scv(self) -> float:
        """Return the squared coefficient of variation."""
        return (self.work / self.mean) ** 2

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return times in seconds."""
        return self.way + random.standard_exponential(count) * self.work


def system(settings: Settings, moments: Floats) -> System:
    """Return the system, and requests at the given moments (seconds)."""
    services = direct(settings) if settings.direct else aggregating(settings)
    times = tuple(moments.tolist()) or (settings.duration_s * 2,)
    return System(services, Call(next(iter(services))), Trace(times))


def names(settings: Settings) -> list[str]:
    """Return the names of the services that a request needs."""
    return [f"service {number}" for number in range(1, settings.calls + 1)]


def direct(settings: Settings) -> dict[str, Service]:
    """Return an app that calls one service after the other; each is a long way off and checks the token itself."""
    far = Trip(settings.client_rtt_ms / 1e3, settings.service_ms / 1e3)
    return {
        APP: Service(Deterministic(0.0), servers=PLENTY, calls=tuple((Call(name),) for name in names(settings))),
        TOKEN: token(settings),
        **{name: Service(far, servers=PLENTY, calls=(check(settings),)) for name in names(settings)},
    }


def aggregating(settings: Settings) -> dict[str, Service]:
    """Return one long way to gateways, whose threads are held until all services have answered."""
    calls = tuple(Call(name) for name in names(settings))
    stages = (calls,) if settings.parallel else tuple((call,) for call in calls)
    store = ((Call(LIMIT),),) if settings.shared else ()
    inner = Trip(settings.inner_rtt_ms / 1e3, settings.service_ms / 1e3)
    found = {
        WAY: Service(Deterministic(settings.client_rtt_ms / 1e3), servers=PLENTY, calls=((Call(GATEWAY),),)),
        GATEWAY: Service(
            Deterministic(settings.gateway_ms / 1e3), replicas=settings.gateways, servers=settings.threads, holds=True,
            calls=(*store, check(settings), *stages),
        ),
        TOKEN: token(settings),
        **{name: Service(inner, servers=PLENTY) for name in names(settings)},
    }  # fmt: skip
    if settings.shared:
        found[LIMIT] = Service(Deterministic(settings.inner_rtt_ms / 1e3), servers=PLENTY)
    return found


def token(settings: Settings) -> Service:
    """Return the service that checks tokens."""
    return Service(Deterministic(settings.auth_ms / 1e3), servers=PLENTY)


def check(settings: Settings) -> tuple[Call, ...]:
    """Return the stage that checks a token which is in no cache."""
    return (Call(TOKEN, chance=1 - settings.auth_cache_hit),)
