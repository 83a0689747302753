"""Which system do the settings of a run describe? A chain, or a page and its services, and what happens to one."""

from __future__ import annotations

from dataclasses import replace

from apps.experiments.meshes.settings import Settings
from apps.simulator.arrivals import Poisson
from apps.simulator.calls.policies import Retry
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic, Exponential

PLENTY = 1_000_000  # servers: nobody waits
PAGE, GATE = "page", "bulkhead"


def system(settings: Settings) -> System:
    """Return the system. The gate of a bulkhead is a service that does nothing but hold a place for each call."""
    services = chain(settings) if settings.chain else fan_out(settings)
    if settings.bulkhead:
        services[GATE] = Service(
            Deterministic(0.0), servers=settings.bulkhead, room=settings.bulkhead, holds=True,
            calls=((replace(call(settings, last_name(settings)), retry=Retry()),),),
        )  # fmt: skip
    return System(
        services,
        replace(call(settings, first_name(settings)), timeout_s=settings.client_timeout_s),
        Poisson(settings.rps),
        changes=changes(settings),
        deadlines=settings.deadlines == "yes",
    )


def names(settings: Settings) -> list[str]:
    """Return the names of the services that do work, in order."""
    return [f"service {number}" for number in range(1, settings.services + 1)]


def first_name(settings: Settings) -> str:
    """Return the service that clients call."""
    return names(settings)[0] if settings.chain else PAGE


def last_name(settings: Settings) -> str:
    """Return the service before which a bulkhead stands, and which an answer may do without."""
    return names(settings)[-1]


def call(settings: Settings, to: str) -> Call:
    """Return how a service calls another."""
    return Call(to, timeout_s=settings.timeout_s, retry=Retry(settings.attempts))


def call_of_last(settings: Settings) -> Call:
    """Return how the last service is called: through its gate if there is a bulkhead, and perhaps in vain."""
    to = GATE if settings.bulkhead else last_name(settings)
    return replace(call(settings, to), optional=settings.optional)


def chain(settings: Settings) -> dict[str, Service]:
    """Return services each of which calls the next."""
    order = names(settings)
    found = {}
    for number, name in enumerate(order):
        if number == len(order) - 1:
            found[name] = worker(settings, ())
        elif number == len(order) - 2:
            found[name] = worker(settings, (call_of_last(settings),))
        else:
            found[name] = worker(settings, (call(settings, order[number + 1]),))
    return found


def fan_out(settings: Settings) -> dict[str, Service]:
    """Return a page without work of its own that calls all services at once."""
    *others, _ = names(settings)
    calls = (*(call(settings, name) for name in others), call_of_last(settings))
    page = Service(
        Deterministic(0.0), servers=settings.threads or PLENTY, holds=settings.holds, calls=(calls,),
        drops_expired=settings.deadlines == "yes",
    )  # fmt: skip
    return {PAGE: page, **{name: worker(settings, ()) for name in names(settings)}}


def worker(settings: Settings, calls: tuple[Call, ...]) -> Service:
    """Return one service: its threads if it calls others, else its servers."""
    servers = settings.threads if calls and settings.threads else settings.servers
    return Service(
        Exponential(settings.service_s),
        servers=servers or PLENTY,
        fails=1 - settings.availability,
        drops_expired=settings.deadlines == "yes",
        holds=bool(calls) and settings.holds,
        calls=(calls,) if calls else (),
    )


def changes(settings: Settings) -> tuple[Change, ...]:
    """Return what happens to one service, from a moment on."""
    where = names(settings)[-1 if settings.event_in == "last" else 0]
    if settings.event == "slow-service":
        return (Change(settings.event_at_s, where, speed=1 / settings.slow_factor),)
    if settings.event == "failing-service":
        return (Change(settings.event_at_s, where, fails=1.0),)
    return ()
