"""What does probability say about services that call each other? Products, tries of tries, and lines.

`answers` are the chances that the own work of each service ends well, from the first on. Times in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.simulator.theory import mmc_wait


@dataclass(frozen=True, slots=True)
class Tries:
    """Chance that a request is answered in the end, and calls per request that reach each service."""

    availability: float
    attempts: tuple[float, ...]


def chained(answers: Sequence[float], tries: int) -> Tries:
    """Return what becomes of requests through a chain in which each caller, the client too, tries so often.

    From the last service backwards: a call works if one of its tries does; a try works if the service's own work does
    and its call too. A try that fails is followed by another: (1 − f^k)/(1 − f) tries a call.
    """
    works = 1.0  # chance that the call to the next service works
    calls: list[tuple[float, float]] = []
    for answer in reversed(answers):
        one = answer * works
        calls.append((tries_of(1 - one, tries), answer))
        works = 1 - (1 - one) ** tries
    reach, attempts = 1.0, []
    for number, answer in reversed(calls):
        attempts.append(reach * number)
        reach = attempts[-1] * answer
    return Tries(works, tuple(attempts))


def fanned(answers: Sequence[float], tries: int) -> Tries:
    """Return what becomes of requests that need every one of some services, all asked at once by a page.

    A page calls all of them in each of its tries, whether or not one fails; and the client asks the page again.
    """
    calls = [(tries_of(1 - answer, tries), 1 - (1 - answer) ** tries) for answer in answers]
    page = 1.0
    for _, works in calls:
        page *= works
    pages = tries_of(1 - page, tries)
    return Tries(1 - (1 - page) ** tries, tuple(pages * number for number, _ in calls))


def tries_of(fails: float, most: int) -> float:
    """Return the mean number of tries, if each fails with this chance and there are at most so many."""
    return float(most) if fails >= 1 else (1 - fails**most) / (1 - fails)


def stations(rates: Sequence[float], service_s: float, servers: int) -> float:
    """Return the mean time through queues one after the other (Jackson): each M/M/c, with these rates per second."""
    return sum(service_s + mmc_wait(rate, service_s, servers) for rate in rates)
