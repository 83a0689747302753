"""Can a system be? If not, its author is told which field of which service to change."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isnan
from typing import get_args

from apps.simulator.calls.policies import Backoff, Balancer, Breaker, Jitter, Retry
from apps.simulator.calls.system import Call, Change, ImpossibleSystem, Order, Service, System

MOST_COPIES = 10_000  # random numbers are drawn in blocks, and one event has to find enough of them in one


def check(system: System) -> None:
    """Raise ImpossibleSystem, naming service and field, if a system cannot be simulated; an unstable one can."""
    _need(bool(system.services), "A system needs at least one service.")
    _need(system.arrivals.rate > 0, "arrivals: the rate has to be above 0.")
    _need(isfinite(system.latency_s) and system.latency_s >= 0, "latency_s has to be 0 or more.")
    _need(system.keys >= 1 and system.alpha >= 0, "keys has to be 1 or more, and alpha 0 or more.")
    _check_call(system, "the clients", system.entry)
    _need(system.entry.copies == 1 and system.entry.chance == 1, "The clients make one call: copies and chance are 1.")
    for name, service in system.services.items():
        _check_service(name, service)
        for call in _calls(service):
            _check_call(system, name, call)
    _check_cycles(system)
    for change in system.changes:
        _check_change(system, change)


def _need(holds: bool, message: str) -> None:
    if not holds:
        raise ImpossibleSystem(message)


def _calls(service: Service) -> Iterator[Call]:
    for stage in service.calls:
        yield from stage


def _check_service(name: str, service: Service) -> None:
    _need(service.replicas >= 1 and service.servers >= 1, f"{name}: replicas and servers have to be 1 or more.")
    _need(
        service.room is None or service.room >= service.servers,
        f"{name}: room ({service.room}) has to be at least servers ({service.servers}): those served count too.",
    )
    _need(isfinite(service.work.mean) and service.work.mean >= 0, f"{name}: work needs a mean of 0 or more.")
    _need(0 <= service.fails <= 1, f"{name}: fails has to be a chance from 0 to 1.")
    _need(service.order in get_args(Order), f"{name}: order {service.order!r} is none of {get_args(Order)}.")
    _need(
        service.balancer in get_args(Balancer),
        f"{name}: balancer {service.balancer!r} is none of {get_args(Balancer)}.",
    )
    _need(
        len(service.speeds) <= service.replicas and all(speed > 0 and isfinite(speed) for speed in service.speeds),
        f"{name}: speeds has to be above 0, one a replica at most.",
    )
    weights = service.weights
    _need(
        len(weights) <= service.replicas and all(weight >= 0 and isfinite(weight) for weight in weights),
        f"{name}: weights has to be 0 or more, one a replica at most.",
    )
    _need(len(weights) < service.replicas or sum(weights) > 0, f"{name}: weights cannot all be 0.")


def _check_call(system: System, caller: str, call: Call) -> None:
    where = f"the call from {caller} to {call.to}"
    _need(call.to in system.services, f"There is no service {call.to!r}, which {caller} would call.")
    _need(call.timeout_s > 0, f"timeout_s in {where} has to be above 0.")
    _need(call.hedge_after_s > 0, f"hedge_after_s in {where} has to be above 0.")
    _need(1 <= call.copies <= MOST_COPIES, f"copies in {where} has to be from 1 to {MOST_COPIES:,}.")
    _need(0 <= call.chance <= 1, f"chance in {where} has to be from 0 to 1.")
    _check_retry(where, call.retry)
    if call.breaker:
        _check_breaker(where, call.breaker)


def _check_retry(where: str, retry: Retry) -> None:
    _need(1 <= retry.attempts <= 1_000, f"attempts in {where} has to be from 1 to 1,000.")
    _need(
        retry.backoff in get_args(Backoff) and retry.jitter in get_args(Jitter),
        f"backoff in {where} is one of {get_args(Backoff)}, jitter of {get_args(Jitter)}.",
    )
    times = (retry.base_s, retry.cap_s)
    _need(all(isfinite(each) and each >= 0 for each in times), f"base_s and cap_s in {where} have to be 0 or more.")
    _need(retry.budget is None or retry.budget >= 0, f"budget in {where} has to be 0 or more.")
    _need(retry.bucket >= 0, f"bucket in {where} has to be 0 or more.")


def _check_breaker(where: str, breaker: Breaker) -> None:
    _need(
        breaker.window >= 1 and breaker.minimum >= 1 and breaker.trials >= 1,
        f"window, minimum and trials of the breaker in {where} have to be 1 or more.",
    )
    _need(0 < breaker.threshold <= 1, f"threshold of the breaker in {where} has to be above 0 and at most 1.")
    _need(breaker.open_s > 0, f"open_s of the breaker in {where} has to be above 0.")


def _check_cycles(system: System) -> None:
    done: set[str] = set()

    def follow(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            circle = " calls ".join((*way[way.index(name) :], name))
            raise ImpossibleSystem(f"{circle}: calls cannot go in a circle.")
        if name not in done:
            for call in _calls(system.services[name]):
                follow(call.to, (*way, name))
            done.add(name)

    for name in system.services:
        follow(name, ())


def _check_change(system: System, change: Change) -> None:
    where = f"the change at {change.at_s:g} s"
    _need(change.service in system.services, f"There is no service {change.service!r}, which {where} would change.")
    replicas = system.services[change.service].replicas
    _need(
        change.replica is None or 0 <= change.replica < replicas,
        f"{where}: {change.service} has no replica {change.replica}; they are numbered from 0 to {replicas - 1}.",
    )
    _need(not isnan(change.at_s) and change.at_s >= 0, f"{where}: at_s has to be 0 or more.")
    _need(isfinite(change.speed) and change.speed >= 0, f"{where}: speed has to be 0 or more.")
    _need(isfinite(change.noticed_s) and change.noticed_s >= 0, f"{where}: noticed_s has to be 0 or more.")
    _need(change.fails is None or 0 <= change.fails <= 1, f"{where}: fails has to be a chance from 0 to 1.")
    _need(not (change.gone and change.added), f"{where}: a replica cannot be gone and added at once.")
    _need(
        not change.added or (change.replica is not None and change.speed > 0),
        f"{where}: what is added is one replica, with a speed above 0.",
    )
