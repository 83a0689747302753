"""What is a system of services that call each other? Replicas with queues, and the policies with which they are called.

A client calls the entry service. Each service has equal replicas, each replica its own queue. A request that has been
served calls other services, stage by stage; it is answered when the last stage is. All times in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from apps.simulator.arrivals import Arrivals
from apps.simulator.calls.policies import Balancer, Breaker, Retry
from apps.simulator.services import Service as Law


class ImpossibleSystem(ValueError):
    """A system that cannot be: the message says what to change."""


Order = Literal["fifo", "lifo"]


@dataclass(frozen=True, slots=True)
class Call:
    """How `to` is called: by a client, or by a service that has done its own work.

    `copies` equal calls go out at once (fan-out). With `chance` below 1 only that share of requests makes the call (a
    cache before it has the rest). A call that fails for good fails its caller, unless it is `optional`.
    `hedge_after_s`: if no answer has come by then, one more call goes out, and the first good answer counts; the other
    is not stopped. `timeout_s` is for one try, its hedge included. A caller that gives up (`timeout_s`) does not stop
    the work either: it goes on, wasted, unless the called service drops expired work.
    """

    to: str
    timeout_s: float = inf
    retry: Retry = field(default_factory=Retry)
    breaker: Breaker | None = None
    hedge_after_s: float = inf
    copies: int = 1
    chance: float = 1.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A service: `replicas`, each with `servers` that take from one queue with `room` (those served included).

    `speeds`: how fast each replica works (0.1 is ten times as slow); missing ones are 1. `weights`: what the balancer
    is told of them (only "weighted" asks; nginx's smooth weighted round robin). "two-choices" may draw one twice; an
    open call counts for a balancer until it is answered, refused or dropped. `fails` is the chance that a served
    request ends in an error. `drops_expired`: work whose caller has given up is dropped when its turn comes, in no
    time. `holds`: a request keeps its server while it waits for the services that it calls, as a thread does. `calls`
    are stages in order; the calls of one stage go out at once.
    """

    work: Law
    replicas: int = 1
    servers: int = 1
    order: Order = "fifo"
    room: int | None = None
    balancer: Balancer = "round-robin"
    speeds: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    fails: float = 0.0
    drops_expired: bool = False
    holds: bool = False
    calls: tuple[tuple[Call, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """From `at_s` on, a replica of a service works at `speed` times its own; `replica` None: all of them.

    At speed 0 it stands still: who is served or waits there waits, and newcomers queue (a stop of the process). `gone`:
    it is down: what is inside fails at once, newcomers are refused at once; the balancer leaves it out after
    `noticed_s`; what its work has called goes on. A later change with a speed above 0 brings it back, noticed as late.
    `added`: the replica is not there before this change. `fails` sets the chance of an error.
    """

    at_s: float
    service: str
    replica: int | None = None
    speed: float = 1.0
    gone: bool = False
    added: bool = False
    fails: float | None = None
    noticed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class System:
    """Services by name, how clients call the first of them, and when they do.

    `latency_s` is the way between any two, one direction. `deadlines`: a call is told how long its caller still has,
    and waits no longer itself, and services that drop expired work know it of the whole chain; else they know only
    their direct caller's timeout. `keys`: how many different clients (for balancers by hash), of Zipf(`alpha`)
    popularity.
    """

    services: Mapping[str, Service]
    entry: Call
    arrivals: Arrivals
    changes: tuple[Change, ...] = ()
    latency_s: float = 0.0
    deadlines: bool = False
    keys: int = 1_000
    alpha: float = 0.0
