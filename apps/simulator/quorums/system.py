"""What is a replicated store? Copies, how many must answer, how long messages take, and what may cut them off."""

from __future__ import annotations

from dataclasses import dataclass

from apps.simulator.services import Service


class QuorumError(ValueError):
    """A store that cannot be: the message says what to change."""


@dataclass(frozen=True, slots=True)
class Legs:
    """How long each of the four messages takes, WARS in PBS: write, acknowledgement, read request, answer (seconds).

    Source: Bailis et al., Probabilistically Bounded Staleness, VLDB 2012.
    """

    write: Service
    ack: Service
    read: Service
    answer: Service


@dataclass(frozen=True, slots=True)
class Cut:
    """A partition: for a while the last `replicas` copies, and a share of the clients with them, hear no one else.

    A message that would have to cross is lost, not delayed.
    """

    begin_s: float
    length_s: float
    replicas: int
    far_clients: float  # share of the clients on their side


@dataclass(frozen=True, slots=True)
class Store:
    """`copies` replicas of each object. Clients write at `rate` per second to objects drawn evenly.

    A write is done with `writes` acknowledgements, a read with `reads` answers; either fails after `timeout_s`. Each
    write is followed by one read of the same object, by anybody, `read_after_s` (uniform between two bounds) after the
    client knew how the write ended. With `spread` a write goes to every copy, without it to `writes` copies drawn
    evenly. With `repair` a read sends the newest version it saw to the copies that answered with an older one.
    """

    copies: int
    reads: int
    writes: int
    legs: Legs
    rate: float
    read_after_s: tuple[float, float]
    objects: int
    timeout_s: float
    spread: bool = True
    repair: bool = False
    cut: Cut | None = None

    def __post_init__(self) -> None:
        if not (1 <= self.reads <= self.copies and 1 <= self.writes <= self.copies):
            raise QuorumError(f"With {self.copies} copies, reads and writes need 1 to {self.copies} answers.")
        if self.cut and not 1 <= self.cut.replicas < self.copies:
            raise QuorumError("A cut separates at least one copy from at least one other.")
